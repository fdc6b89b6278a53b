/** The real server, started on addresses of its own. */

import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** A folder for the files of one test. */
export class TemporaryFolder {
  private constructor(readonly path: string) {}

  static async make(): Promise<TemporaryFolder> {
    return new TemporaryFolder(await mkdtemp(join(tmpdir(), "rectifier-node-")));
  }

  async write(name: string, content: string): Promise<string> {
    const path = join(this.path, name);
    await writeFile(path, content);
    return path;
  }

  async remove(): Promise<void> {
    await rm(this.path, { recursive: true, force: true });
  }
}

/** A server on a unix socket and a free port of 127.0.0.1. */
export interface Server {
  readonly unixTarget: string;
  readonly tcpTarget: string;
  readonly pid: number;
  /** Ends it; throws where its end is not a clean one. */
  stop(): Promise<void>;
}

/** Starts the server whose path is in the environment variable RECTIFIERD. */
export async function startServer(...flags: string[]): Promise<Server> {
  const path = process.env["RECTIFIERD"];
  if (path === undefined) throw new Error("RECTIFIERD: the path of rectifierd is needed");
  const folder = await TemporaryFolder.make();
  const own = [
    `--listen=unix:${folder.path}/s.sock,127.0.0.1:0`,
    "--metrics_listen=",
    "--log_format=json",
    "--drain_delay=0s",
  ];
  const child = spawn(path, [...own, ...flags], { stdio: ["ignore", "ignore", "pipe"] });
  const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
  const log: string[] = [];
  const [unixTarget = "", tcpTarget = ""] = await new Promise<string[]>((resolve, reject) => {
    createInterface(child.stderr).on("line", (line) => {
      log.push(line);
      const event = JSON.parse(line.startsWith("{") ? line : "{}") as {
        event?: string;
        listen?: string[];
      };
      if (event.event === "serving") resolve(event.listen ?? []);
    });
    child.once("error", reject);
    void ended.then(() => {
      reject(new Error(`rectifierd ended:\n${log.join("\n")}`));
    });
  });
  return {
    unixTarget,
    tcpTarget,
    pid: child.pid ?? 0,
    stop: async () => {
      child.kill("SIGTERM");
      const code = await ended;
      await folder.remove();
      if (code !== 0) throw new Error(`rectifierd ended with ${code}:\n${log.join("\n")}`);
    },
  };
}
