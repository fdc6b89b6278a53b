// Calls relu as a user of the Node client does: see ../drivers.py.
import { writeFileSync } from "node:fs";
import { createInterface } from "node:readline";

import { Client } from "../../../../client/node/dist/index.js";

const client = new Client();
if (process.argv.length > 2) {
  await writeGelu(Number(process.argv[2]), process.argv[3]);
  process.exit();
}
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

async function writeGelu(count, file) {
  const bits = new Uint32Array(count);
  for (let i = 0; i < count; ++i) bits[i] = Math.imul(i, 2654435761);
  const y = (await client.evaluate("gelu", new Float32Array(bits.buffer))).value.data;
  writeFileSync(file, new Uint8Array(y.buffer, y.byteOffset, y.byteLength));
}

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
