import { expect, test } from "vitest";

import { Latest } from "../../src/latest";

test("of what is asked for during work, the last alone is done", async () => {
  const done: number[] = [];
  const ends: (() => void)[] = [];
  const latest = new Latest<number>((task) => {
    done.push(task);
    return new Promise((resolve) => ends.push(resolve));
  });
  const finish = async (): Promise<void> => {
    ends.pop()?.();
    await Promise.resolve();
    await Promise.resolve();
  };
  for (const task of [1, 2, 3]) latest.ask(task);
  expect(done).toEqual([1]);
  await finish();
  expect(done).toEqual([1, 3]);
  latest.ask(4);
  latest.forget();
  await finish();
  latest.ask(5);
  expect(done).toEqual([1, 3, 5]);
});
