/** A server that shuts down while another serves. */

import { it } from "node:test";

import { Client } from "../src/index.js";
import { startServer } from "./server.js";

it("a server that drains fails no call while another serves", async () => {
  const [first, second] = [await startServer(), await startServer()];
  const client = new Client({ target: `${first.tcpTarget},${second.tcpTarget}` });
  let stopped: Promise<void> | undefined;
  for (let i = 0; i < 200; ++i) {
    if (i === 50) stopped = first.stop();
    await client.evaluate("relu", 1);
  }
  await stopped;
  client.close();
  await second.stop();
});
