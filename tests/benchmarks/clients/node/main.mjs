// Calls relu as a user of the Node client does: see ../drivers.py.
import { createInterface } from "node:readline";

import { Client } from "../../../../client/node/dist/index.js";

const client = new Client();
let x = new Float32Array(0);
for await (const line of createInterface({ input: process.stdin })) {
  const [size, calls] = line.split(" ").map(Number);
  if (size !== x.byteLength) {
    x = Float32Array.from({ length: size / 4 }, (_, i) => (i % 512) - 256);
    check((await client.evaluate("relu", x)).value.data);
  }
  console.log(String(await turn(calls)));
}
client.close();

function check(y) {
  if (y.length === x.length && y.every((value, i) => value === Math.max(x[i], 0))) return;
  console.error("a value is wrong");
  process.exit(1);
}

async function turn(calls) {
  const begin = process.hrtime.bigint();
  for (let i = 0; i < calls; ++i) await client.evaluate("relu", x);
  return process.hrtime.bigint() - begin;
}
