/** The real server, whose path is in the environment variable RECTIFIERD. */

import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

export interface Server {
  /** "http://127.0.0.1:40123/" */
  readonly page: string;
  /** What the other clients take for a target. */
  readonly target: string;
  stop(): Promise<void>;
}

/** A token that a server with `hasToken` knows. */
export const TOKEN = "correct-horse-battery-staple-0123456789";

export async function startServer(hasToken: boolean, ...flags: string[]): Promise<Server> {
  const path = process.env["RECTIFIERD"];
  if (path === undefined) throw new Error("RECTIFIERD: the path of rectifierd is needed");
  const folder = await mkdtemp(join(tmpdir(), "rectifier-explorer-"));
  const digest = createHash("sha256").update(TOKEN).digest("hex");
  await writeFile(join(folder, "tokens"), `tester sha256:${digest}\n`, { mode: 0o600 });
  const own = [
    `--listen=unix:${folder}/s.sock`,
    "--http_listen=127.0.0.1:0",
    "--metrics_listen=",
    "--log_format=json",
    "--drain_delay=0s",
    ...(hasToken ? [`--tokens_file=${folder}/tokens`, "--tokens_required=all"] : []),
  ];
  const child = spawn(path, [...own, ...flags], { stdio: ["ignore", "ignore", "pipe"] });
  const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
  const log: string[] = [];
  const address = await new Promise<string>((resolve, reject) => {
    createInterface(child.stderr).on("line", (line) => {
      log.push(line);
      const event = JSON.parse(line.startsWith("{") ? line : "{}") as {
        event?: string;
        http?: string;
      };
      if (event.event === "serving") resolve(event.http ?? "");
    });
    child.once("error", reject);
    void ended.then(() => {
      reject(new Error(`rectifierd ended:\n${log.join("\n")}`));
    });
  });
  return {
    page: `http://${address}/`,
    target: `unix:${folder}/s.sock`,
    stop: async () => {
      child.kill("SIGTERM");
      const code = await ended;
      await rm(folder, { recursive: true, force: true });
      if (code !== 0) throw new Error(`rectifierd ended with ${code}:\n${log.join("\n")}`);
    },
  };
}
