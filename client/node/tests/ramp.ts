/** Inputs of any size. */

/** Bytes. */
export const MIB = 2 ** 20;

/** Numbers from -4 to 4, again and again. */
export function ramp(size: number): Float32Array {
  const period = Float32Array.from({ length: 1024 }, (_, i) => i / 128 - 4);
  const all = new Float32Array(size);
  for (let i = 0; i < size; i += 1024) all.set(period.subarray(0, Math.min(1024, size - i)), i);
  return all;
}
