// Prints value and gradient of three activations over a few numbers, then sums a million values that
// come by a stream. Run it with `node example.js`, beside a `rectifierd` that listens where it does
// by default, or where RECTIFIER_TARGET says.
import { Client } from "rectifier";

const client = new Client({ timeout: 10_000 });
const x = Float32Array.of(-4, -2, -1, 0, 1, 2, 4);
for (const activation of ["relu", "gelu", "silu"]) {
  const { value, gradient } = await client.evaluate(activation, x, {
    quantities: ["value", "gradient"],
  });
  for (const [i, input] of x.entries()) {
    const numbers = [input, value.data[i], gradient.data[i]];
    console.log(activation, ...numbers.map((number) => number.toFixed(6).padStart(9)));
  }
}

function* chunks() {
  for (let i = 0; i < 1000; ++i) yield new Float32Array(1000).fill(i / 1000);
}

let sum = 0;
const header = { activation: "relu", elementType: "float32", shape: [1_000_000] };
for await (const { value } of client.evaluateStream(header, chunks())) {
  for (const y of value) sum += y;
}
console.log("sum of a million:", sum.toFixed(1));
client.close();
