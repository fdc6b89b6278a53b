/** How fast the page is, and how small: ./measure prints it. */

import { cpus } from "node:os";

import { afterAll, beforeAll, expect, test } from "vitest";

import { open } from "./page";
import type { Server } from "./server";
import { startServer } from "./server";

let server: Server;

beforeAll(async () => {
  server = await startServer(false);
});

afterAll(() => server.stop());

function quantile(numbers: readonly number[], part: number): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.min(Math.floor(part * sorted.length), sorted.length - 1)] ?? NaN;
}

function say(what: string, numbers: readonly number[]): void {
  const [half, most] = [quantile(numbers, 0.5), quantile(numbers, 0.95)];
  console.log(`${what}: ${half.toFixed(1)} ms (median), ${most.toFixed(1)} ms (95 %)`);
}

test("size, compressed", async () => {
  const names = ["", "explorer.js", "explorer.css", "icon.svg"];
  const sizes = await Promise.all(
    names.map(async (name) =>
      Number((await fetch(server.page + name)).headers.get("content-length")),
    ),
  );
  const all = sizes.reduce((sum, size) => sum + size, 0);
  console.log(`CPU: ${cpus().length} of ${cpus()[0]?.model ?? "?"}`);
  console.log(`all files, compressed: ${all} bytes`);
  expect(all).toBeLessThan(60_000);
});

// From the start of the navigation to the frame in which the first plot is seen.
test("first plot", async () => {
  const times: number[] = [];
  for (let i = 0; i < 20; ++i) {
    await using explorer = await open(server.page, "", { bypassCSP: true });
    const { page } = explorer;
    await page.addInitScript(() => {
      const look = (): void => {
        if (document.querySelector(".chart canvas") === null) requestAnimationFrame(look);
        else performance.mark("seen");
      };
      requestAnimationFrame(look);
    });
    // A page that was here before, as after an update of the server: its files come anew.
    await page.reload();
    await page.locator(".chart canvas").waitFor();
    const seen = await page.evaluate(
      () =>
        new Promise<number>((resolve) => {
          requestAnimationFrame(() => {
            resolve(performance.getEntriesByName("seen")[0]?.startTime ?? NaN);
          });
        }),
    );
    times.push(seen);
  }
  say("first plot after the start of loading", times);
});

interface Drag {
  readonly frames: number[];
  readonly answers: number[];
}

test("a slider that is dragged", async () => {
  await using explorer = await open(server.page, "#plot?f=elu");
  const { page } = explorer;
  await page.getByRole("slider", { name: "alpha, slider" }).waitFor();
  const drag = (isPatient: boolean): Promise<Drag> =>
    page.evaluate(async (waits) => {
      const input = document.querySelector<HTMLInputElement>("input[type=range]");
      if (input === null) throw new Error("there is no slider");
      const frame = (): Promise<number> => new Promise(requestAnimationFrame);
      const shown = (): string => document.querySelector(".readout")?.textContent ?? "";
      const [frames, answers]: [number[], number[]] = [[], []];
      let last = await frame();
      for (let i = 0; i < 200; ++i) {
        const value = String(((i % 100) - 50) / 20 + (i >= 100 ? 0.01 : 0));
        input.value = value;
        const start = performance.now();
        input.dispatchEvent(new Event("input", { bubbles: true }));
        do {
          const now = await frame();
          frames.push(now - last);
          last = now;
        } while (waits && !shown().includes(`alpha=${input.value})`));
        answers.push(performance.now() - start);
      }
      return { frames, answers };
    }, isPatient);
  await drag(true);
  say("2,001 points after a step of a slider, until they are seen", (await drag(true)).answers);
  say("frames while a slider moves in each of them", (await drag(false)).frames);
});
