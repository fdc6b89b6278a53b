/** TLS, mutual TLS and tokens, with the real server and certificates made by openssl. */

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { after, before, describe, it } from "node:test";

import type { Security } from "../src/index.js";
import {
  Client,
  PermissionDeniedError,
  UnauthenticatedError,
  UnavailableError,
  securityFromEnvironment,
} from "../src/index.js";
import { secure } from "../src/security.js";
import type { Server } from "./server.js";
import { TemporaryFolder, startServer } from "./server.js";

const TOKEN = "a-token-for-the-tests";
const KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];

let folder: TemporaryFolder;
let server: Server;

/** Makes NAME.key and NAME.crt, signed by ca.crt. */
function makeCertificate(name: string, alternative: string): void {
  const openssl = (...words: string[]): void => {
    execFileSync("openssl", words, { cwd: folder.path, stdio: "pipe" });
  };
  openssl(
    "req",
    ...KEY,
    "-subj",
    `/CN=${name}`,
    "-addext",
    `subjectAltName=${alternative}`,
    "-keyout",
    `${name}.key`,
    "-out",
    `${name}.csr`,
  );
  openssl(
    "x509",
    "-req",
    "-in",
    `${name}.csr`,
    "-CA",
    "ca.crt",
    "-CAkey",
    "ca.key",
    "-CAcreateserial",
    "-days",
    "2",
    "-copy_extensions",
    "copy",
    "-out",
    `${name}.crt`,
  );
}

function file(name: string): string {
  return `${folder.path}/${name}`;
}

before(async () => {
  folder = await TemporaryFolder.make();
  execFileSync(
    "openssl",
    [
      "req",
      "-x509",
      ...KEY,
      "-days",
      "2",
      "-subj",
      "/CN=ca",
      "-keyout",
      file("ca.key"),
      "-out",
      file("ca.crt"),
    ],
    { stdio: "pipe" },
  );
  makeCertificate("server", "DNS:rectifier.example,IP:127.0.0.1");
  makeCertificate("alice", "DNS:alice.example");
  makeCertificate("bob", "DNS:bob.example");
  const hash = createHash("sha256").update(TOKEN).digest("hex");
  server = await startServer(
    `--tls_certificate=${file("server.crt")}`,
    `--tls_key=${file("server.key")}`,
    `--tls_client_ca=${file("ca.crt")}`,
    "--tls_allowed_names=alice.example",
    `--tokens_file=${await folder.write("tokens", `alice sha256:${hash}\n`)}`,
  );
});

after(async () => {
  await server.stop();
  await folder.remove();
});

async function call(security: Security, target = server.tcpTarget): Promise<string> {
  using client = new Client({ target, security, timeout: 10_000 });
  return (await client.evaluate("relu", [-1, 1])).value.data.join();
}

const alice = (): Security => ({
  tlsCa: file("ca.crt"),
  tlsCertificate: file("alice.crt"),
  tlsKey: file("alice.key"),
  token: TOKEN,
});

describe("a server with mutual TLS and tokens", () => {
  it("lets in who has a certificate and a token", async () => {
    assert.equal(await call(alice()), "0,1");
    const tokenFile = await folder.write("token", `${TOKEN}\n`);
    assert.equal(await call({ ...alice(), token: undefined, tokenFile }), "0,1");
  });

  it("is known by the name that it is given", async () => {
    const renamed = { ...alice(), tlsServerName: "rectifier.example" };
    assert.equal(await call(renamed), "0,1");
    const wrong = { ...alice(), tlsServerName: "other.example" };
    await assert.rejects(call(wrong), UnavailableError);
  });

  it("sends those away who have no token, or another", async () => {
    const missing = call({ ...alice(), token: undefined });
    await assert.rejects(missing, (error: UnauthenticatedError) => {
      assert.ok(error instanceof UnauthenticatedError);
      assert.equal(error.reason, "TOKEN_MISSING");
      return true;
    });
    const wrong = call({ ...alice(), token: "another-token-of-somebody" });
    await assert.rejects(wrong, { code: "UNAUTHENTICATED", reason: "TOKEN_UNKNOWN" });
  });

  it("sends those away whose certificate has another name, or who show none", async () => {
    const bob = { tlsCertificate: file("bob.crt"), tlsKey: file("bob.key") };
    await assert.rejects(call({ ...alice(), ...bob }), PermissionDeniedError);
    const none = { tlsCertificate: undefined, tlsKey: undefined };
    await assert.rejects(call({ ...alice(), ...none }), UnavailableError);
  });

  it("is not trusted where its authority is unknown", async () => {
    await assert.rejects(call({ ...alice(), tlsCa: "system" }), (error: UnavailableError) => {
      assert.ok(error instanceof UnavailableError);
      assert.match(error.message, /certificate/);
      return true;
    });
  });

  it("takes tokens at its unix socket without TLS", async () => {
    assert.equal(await call({ token: TOKEN }, server.unixTarget), "0,1");
  });

  it("is reached with what the environment says", async () => {
    const { tlsCa, tlsCertificate, tlsKey } = alice();
    Object.assign(process.env, {
      RECTIFIER_TLS_CA: tlsCa,
      RECTIFIER_TLS_CERTIFICATE: tlsCertificate,
      RECTIFIER_TLS_KEY: tlsKey,
      RECTIFIER_TLS_SERVER_NAME: "rectifier.example",
      RECTIFIER_TOKEN: TOKEN,
    });
    try {
      using client = new Client({ target: server.tcpTarget });
      await client.evaluate("relu", 1);
      process.env["RECTIFIER_TOKEN_FILE"] = file("token");
      assert.equal(securityFromEnvironment().token, undefined);
    } finally {
      for (const name of Object.keys(process.env)) {
        if (/^RECTIFIER_(TLS|TOKEN)/.test(name)) Reflect.deleteProperty(process.env, name);
      }
    }
  });
});

describe("secure", () => {
  const refuses = (security: Security, message: RegExp, ...targets: string[]): void => {
    assert.throws(() => secure(security, targets), message);
  };

  it("sends a token in the open to this machine alone", () => {
    const here = [
      "unix:/s",
      "localhost:1",
      "127.0.0.1:1",
      "127.1.2.3",
      "[::1]:1",
      "ipv4:127.0.0.1:1",
      "ipv6:[::1]:1",
      "dns:///localhost:1",
      "dns:localhost:1",
    ];
    for (const target of here) {
      assert.equal(secure({ token: TOKEN }, [target]).authorization, `Bearer ${TOKEN}`);
    }
    const elsewhere = [
      "host:1",
      "10.0.0.1:1",
      "127.evil.example:1",
      "127.0.0.1.evil.example:1",
      "localhost.evil.example:1",
      "ipv4:127.0.0.1:1,10.0.0.1:1",
      "dns://10.0.0.1/localhost:1",
    ];
    for (const target of elsewhere) {
      refuses(
        { token: TOKEN },
        /would travel to .* in the open; tlsCa turns TLS on/,
        "unix:/s",
        target,
      );
    }
  });

  it("refuses parts that do not go together", async () => {
    refuses({ tlsCertificate: "x" }, /tlsCertificate and tlsKey are needed together/);
    refuses({ tlsServerName: "x" }, /tlsCa is needed for TLS/);
    refuses({ token: "a b" }, /a token has letters, digits/);
    refuses({ token: TOKEN, tokenFile: "x" }, /both token and tokenFile/);
    refuses({ tokenFile: "/nowhere/token" }, /ENOENT/);
    refuses({ tlsCa: "/nowhere/ca" }, /ENOENT/);
    refuses({ tokenFile: await folder.write("empty", "\n") }, /a token has letters, digits/);
    refuses({ tlsCa: file("ca.key") }, /tlsCa: .*ca\.key: the file holds none in PEM/);
  });

  it("does not show a token", async () => {
    const refused = call({ token: "secret token" });
    await assert.rejects(refused, (error: Error) => !error.message.includes("secret"));
  });
});
