import { afterAll, beforeAll, describe, expect, test } from "vitest";

import type { Section } from "../../src/state";
import { open, screenshot, violations } from "./page";
import type { Server } from "./server";
import { startServer } from "./server";

let server: Server;

beforeAll(async () => {
  server = await startServer(false, "--http_metrics");
});

afterAll(() => server.stop());

// An address of each section, and what is there once it is complete.
const PAGES: Record<Section, readonly [string, string]> = {
  plot: ["#plot?q=value,gradient", ".readout tbody tr:nth-child(5)"],
  rows: ["#rows", ".readout"],
  pairs: ["#pairs", ".map-scale"],
  catalogue: ["#catalogue?s=gelu", "article .formula"],
  server: ["#server", ".histogram"],
};

async function look(section: string, width: number, colorScheme: "light" | "dark"): Promise<void> {
  const [hash, complete] = PAGES[section as Section];
  const options = { colorScheme, viewport: { width, height: 1000 } };
  await using explorer = await open(server.page, hash, options);
  const { page } = explorer;
  await page.locator(complete).first().waitFor();
  // The catalogue has come when there is a choice, or an entry.
  await page.waitForLoadState("networkidle");
  await screenshot(page, `${section}-${width}-${colorScheme}`);
  const tooWide = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(tooWide, section).toBe(0);
  // It takes its time, and neither colours nor widths need it twice.
  if ((width === 320) === (colorScheme === "light")) {
    expect(await violations(page), section).toEqual([]);
  }
  expect(explorer.complaints, section).toEqual([]);
}

describe.each(["light", "dark"] as const)("%s", (colorScheme) => {
  test.each([320, 1600])("%i pixels wide", async (width) => {
    await Promise.all(Object.keys(PAGES).map((section) => look(section, width, colorScheme)));
  });
});

// client/explorer/pictures has these for the READMEs.
test.each(["light", "dark"] as const)("a picture for the README, %s", async (colorScheme) => {
  const options = { colorScheme, viewport: { width: 1100, height: 700 } };
  await using explorer = await open(server.page, "#plot?q=value,gradient", options);
  const { page } = explorer;
  await page.locator(PAGES.plot[1]).waitFor();
  await page.waitForLoadState("networkidle");
  const area = await page.locator(".chart .u-over").boundingBox();
  if (area === null) throw new Error("there is no plot");
  await page.mouse.move(area.x + area.width * 0.7, area.y + area.height * 0.4);
  await page.locator(".readout .bits", { hasText: "0x" }).first().waitFor();
  await screenshot(page, `readme-${colorScheme}`);
});

test("the keyboard reaches everything that a mouse does", async () => {
  await using explorer = await open(server.page);
  const { page } = explorer;
  await page.getByRole("option", { name: "softplus" }).first().waitFor({ state: "attached" });
  const all = await page
    .locator("a[href], button, input, select, summary, [tabindex='0']")
    .filter({ visible: true })
    .count();
  const reached = new Set<string>();
  for (let i = 0; i < 2 * all; ++i) {
    await page.keyboard.press("Tab");
    const key = await page.evaluate(() => {
      const element = document.activeElement;
      return element === null || element === document.body
        ? ""
        : String([...document.querySelectorAll("*")].indexOf(element));
    });
    if (key === "" && reached.size > 0) break;
    reached.add(key);
  }
  reached.delete("");
  expect(reached.size).toBe(all);
});

test("a page that works for long keeps nothing of it", async () => {
  await using explorer = await open(server.page, "#plot?f=elu&q=value,gradient");
  const { page } = explorer;
  const slider = page.getByRole("slider", { name: "alpha, slider" });
  await slider.waitFor();
  const client = await page.context().newCDPSession(page);
  await client.send("Performance.enable");
  const work = async (times: number): Promise<{ nodes: number; bytes: number }> => {
    await page.evaluate(async (count) => {
      const input = document.querySelector<HTMLInputElement>("input[type=range]");
      if (input === null) throw new Error("there is no slider");
      for (let i = 0; i < count; ++i) {
        input.value = String(-3 + (6 * (i % 100)) / 100);
        input.dispatchEvent(new Event("input", { bubbles: true }));
        await new Promise(requestAnimationFrame);
      }
    }, times);
    for (const section of ["Rows", "Gated pairs", "Catalogue", "Server", "Plot"]) {
      await page.getByRole("link", { name: section, exact: true }).click();
    }
    await slider.waitFor();
    await client.send("HeapProfiler.collectGarbage");
    const { metrics } = await client.send("Performance.getMetrics");
    const value = (name: string): number =>
      metrics.find((each) => each.name === name)?.value ?? NaN;
    return { nodes: value("Nodes"), bytes: value("JSHeapUsedSize") };
  };
  await work(30);
  const before = await work(30);
  const after = await work(120);
  expect(after.nodes - before.nodes).toBeLessThan(500);
  expect(after.bytes - before.bytes).toBeLessThan(1_000_000);
});
