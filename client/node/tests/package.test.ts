/** The package as it is published, and what is committed beside what it is made from. */

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";

import ts from "typescript";

import type { Server } from "./server.js";
import { TemporaryFolder, startServer } from "./server.js";

const PACKAGE = fileURLToPath(new URL("../../", import.meta.url));
const REPOSITORY = join(PACKAGE, "../..");

let folder: TemporaryFolder;

before(async () => {
  folder = await TemporaryFolder.make();
});

after(async () => {
  await folder.remove();
});

function read(...path: string[]): string {
  return readFileSync(join(...path), "utf8");
}

describe("what is committed", () => {
  it("has the messages that ./generate makes", () => {
    execFileSync(join(PACKAGE, "generate"), [join(folder.path, "messages")]);
    const files = readdirSync(join(folder.path, "messages/rectifier/v1"));
    assert.deepEqual(readdirSync(join(PACKAGE, "src/messages/rectifier/v1")), files);
    for (const name of files) {
      const path = join("messages/rectifier/v1", name);
      const isFresh = read(PACKAGE, "src", path) === read(folder.path, path);
      assert.ok(isFresh, `${name} is stale: run client/node/generate`);
    }
  });

  it("has the version of the project", () => {
    const project = /project\(rectifier VERSION (\S+)/.exec(read(REPOSITORY, "CMakeLists.txt"));
    const { version } = JSON.parse(read(PACKAGE, "package.json")) as { version: string };
    const lock = JSON.parse(read(PACKAGE, "package-lock.json")) as { version: string };
    assert.deepEqual([version, lock.version], [project?.[1], project?.[1]]);
  });

  it("names no registry in its lock file", () => {
    assert.doesNotMatch(
      read(PACKAGE, "package-lock.json"),
      /"resolved": "(?!https:\/\/registry\.npmjs\.org\/)/,
    );
  });
});

describe("what is exported", () => {
  const index = join(PACKAGE, "src/index.ts");
  const config = ts.parseJsonConfigFileContent(
    ts.readConfigFile(join(PACKAGE, "tsconfig.json"), (path) => read(path)).config,
    ts.sys,
    PACKAGE,
  );
  const program = ts.createProgram([index], config.options);
  const checker = program.getTypeChecker();

  const isDocumented = (symbol: ts.Symbol): boolean =>
    symbol.getDocumentationComment(checker).length > 0;

  it("has a comment on each export, and on each member", () => {
    const source = program.getSourceFile(index);
    assert.ok(source);
    const module = checker.getSymbolAtLocation(source);
    assert.ok(module);
    const bare: string[] = [];
    for (const exported of checker.getExportsOfModule(module)) {
      const symbol =
        exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
      if (!isDocumented(symbol)) bare.push(symbol.name);
      for (const member of symbol.members?.values() ?? []) {
        const isMember =
          (member.flags &
            (ts.SymbolFlags.TypeParameter |
              ts.SymbolFlags.Constructor |
              ts.SymbolFlags.Signature)) ===
          0;
        const isPrivate = member.name.startsWith("#");
        if (isMember && !isPrivate && !isDocumented(member) && member.name !== "name") {
          bare.push(`${symbol.name}.${member.name}`);
        }
      }
    }
    assert.deepEqual(bare, []);
  });
});

describe("the published package", () => {
  let server: Server;
  let project: string;

  before(async () => {
    server = await startServer();
    const npm = (cwd: string, ...words: string[]): string =>
      execFileSync("npm", words, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
    const packed = npm(PACKAGE, "pack", "--ignore-scripts", `--pack-destination=${folder.path}`);
    project = join(folder.path, "project");
    execFileSync("mkdir", ["-p", project]);
    await folder.write("project/package.json", '{ "private": true, "type": "module" }');
    const tarball = join(folder.path, packed.trim().split("\n").at(-1) ?? "");
    npm(
      project,
      "install",
      "--ignore-scripts",
      "--no-audit",
      "--no-fund",
      "--prefer-offline",
      tarball,
    );
  });

  after(async () => {
    await server.stop();
  });

  const run = (...words: string[]): string =>
    execFileSync("node", words, {
      cwd: project,
      encoding: "utf8",
      timeout: 60_000,
      env: { ...process.env, RECTIFIER_TARGET: server.unixTarget },
    });

  const installed = (): string => join(project, "node_modules/rectifier");

  it("holds what it needs and no more", () => {
    for (const name of ["LICENSE", "README.md", "dist/index.js", "dist/index.d.ts", "example.js"]) {
      assert.ok(existsSync(join(installed(), name)), `${name} is missing`);
    }
    assert.deepEqual(readdirSync(installed()).sort(), [
      "LICENSE",
      "README.md",
      "dist",
      "example.js",
      "package.json",
    ]);
  });

  it("runs its example", () => {
    const lines = run(join(installed(), "example.js")).trim().split("\n");
    assert.equal(lines.length, 22);
    assert.equal(lines[0], "relu -4.000000  0.000000  0.000000");
    assert.equal(lines[13], "gelu  4.000000  3.999873  1.000504");
    assert.equal(lines[21], "sum of a million: 499500.0");
  });

  it("runs what its README shows, with the output that it shows", async () => {
    const blocks = [...read(PACKAGE, "README.md").matchAll(/```js\n(.*?)```/gs)].map(
      ([, code]) => code ?? "",
    );
    assert.ok(blocks.length >= 4);
    for (const [name, code] of [
      ["first.js", blocks[0] ?? ""],
      ["all.js", blocks.join("")],
    ] as const) {
      await folder.write(`project/${name}`, code);
      const shown = [...code.matchAll(/console\.log\(.*\); \/\/ (.*)$/gm)].map(([, text]) => text);
      const printed = run(name).replaceAll(/\n +/g, " ").replaceAll(/\n\]/g, " ]").trim();
      assert.deepEqual(printed.split("\n"), shown);
    }
  });

  it("has types that a strict program accepts, and refuses what they forbid", async () => {
    const compile = async (name: string, code: string): Promise<string> => {
      await folder.write(
        `project/${name}.ts`,
        `import { Client, tensor } from "rectifier";\n${code}`,
      );
      const options: ts.CompilerOptions = {
        strict: true,
        noEmit: true,
        target: ts.ScriptTarget.ES2022,
        module: ts.ModuleKind.NodeNext,
        types: [],
        lib: ["lib.es2022.d.ts", "lib.esnext.disposable.d.ts", "lib.dom.d.ts"],
        skipLibCheck: true,
      };
      const program = ts.createProgram([join(project, `${name}.ts`)], options);
      return ts
        .getPreEmitDiagnostics(program)
        .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"))
        .join("\n");
    };
    const good = `
      const client = new Client();
      const y: Float32Array = (await client.evaluate("relu", new Float32Array(1))).value.data;
      const z: Float64Array = (await client.evaluate("relu", [[1], [2]])).value.data;
      const bits: Uint16Array =
        (await client.evaluate("relu", tensor(new Uint16Array(1), [1], "float16"))).gradient.data;
      for await (const { value } of client.evaluateStream(
        { activation: "relu", elementType: "float64", shape: [1] }, [new Float64Array(1)])) {
        const part: Float64Array | undefined = value;
        void part;
      }
      void [y, z, bits];`;
    assert.equal(await compile("good", good), "");
    const bad = 'void new Client().evaluate("relu", new Int32Array(1));';
    assert.match(await compile("bad", bad), /No overload matches/);
    const quantity = 'void new Client().evaluate("relu", 1, { quantities: ["grad"] });';
    assert.match(await compile("quantity", quantity), /"grad"/);
  });
});
