import { execFileSync } from "node:child_process";

import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";

import { download, hasText, open, readout, screenshot, svgOf } from "./page";
import type { Server } from "./server";
import { startServer } from "./server";

let server: Server;

beforeAll(async () => {
  server = await startServer(false);
});

afterAll(() => server.stop());

const chart = (page: Page) => page.getByRole("application");
const legend = (page: Page) => page.locator(".readout tbody th").allTextContents();

async function drawn(page: Page): Promise<void> {
  await page.locator(".chart canvas").waitFor();
}

/** The CSV of the plot, by column. */
async function columns(page: Page): Promise<Map<string, string[]>> {
  const lines = (await download(page, "CSV")).trim().split("\n");
  const [head = [], ...rows] = lines.map((line) => line.split(","));
  return new Map(head.map((name, i) => [name, rows.map((row) => row[i] ?? "")]));
}

test("the first picture is ReLU against GELU", async () => {
  await using explorer = await open(server.page);
  const { page } = explorer;
  await drawn(page);
  expect((await legend(page)).map((line) => line.trim())).toEqual(["x", "relu", "gelu"]);
  const table = await columns(page);
  const [xs = [], relu = [], gelu = []] = ["x", "relu", "gelu"].map((name) => table.get(name));
  expect(xs).toHaveLength(2001);
  expect([xs[0], xs[1000], xs[2000]]).toEqual(["-3", "0", "3"]);
  expect([relu[0], relu[1000], relu[2000]]).toEqual(["0", "0", "3"]);
  expect([gelu[0], gelu[1000], gelu[2000]]).toEqual(["-0.004049694", "0", "2.9959502"]);
  // ReLU's kink is one closed dot.
  await expect.poll(async () => (await svgOf(page)).match(/<circle/g)?.length).toBe(1);
  expect(await download(page, "PNG")).toContain("PNG");
  expect(explorer.complaints).toEqual([]);
});

test("the pointer reads exact values and bits", async () => {
  await using explorer = await open(server.page, "#plot?x=-2,2");
  const { page } = explorer;
  await drawn(page);
  const area = await page.locator(".chart .u-over").boundingBox();
  if (area === null) throw new Error("there is no plot");
  await page.mouse.move(area.x + area.width * 0.75, area.y + area.height / 2);
  await expect.poll(() => readout(page, "x").innerText()).toMatch(/0x3f[78]/);
  const value = (line: string) => readout(page, line).locator("td").first().textContent();
  const x = await value("x");
  expect(Math.abs(Number(x) - 1)).toBeLessThan(0.02);
  expect(await value("relu")).toBe(x);
});

test("keys read values, zoom, move and reset", async () => {
  await using explorer = await open(server.page);
  const { page } = explorer;
  await drawn(page);
  await chart(page).focus();
  await page.keyboard.press("ArrowRight");
  const first = await readout(page, "x").innerText();
  await page.keyboard.press("ArrowRight");
  await expect.poll(() => readout(page, "x").innerText()).not.toBe(first);
  await page.keyboard.press("+");
  await expect.poll(() => page.url()).toContain("x=-2.4,2.4");
  await page.keyboard.press("Shift+ArrowRight");
  await expect.poll(() => page.url()).toContain("x=-1.92,2.88");
  await page.keyboard.press("0");
  await expect.poll(() => page.url()).toMatch(/#plot$/);
});

test("drag moves, and the wheel zooms about the pointer", async () => {
  await using explorer = await open(server.page);
  const { page } = explorer;
  await drawn(page);
  const area = await page.locator(".chart .u-over").boundingBox();
  if (area === null) throw new Error("there is no plot");
  const [x, y] = [area.x + area.width / 2, area.y + area.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x + area.width / 4, y, { steps: 5 });
  await page.mouse.up();
  const interval = (): number[] => {
    const text = new URLSearchParams(new URL(page.url()).hash.split("?")[1]).get("x") ?? "-3,3";
    return text.split(",").map(Number);
  };
  await expect.poll(() => interval()[0]).toBeCloseTo(-4.5, 1);
  await page.mouse.move(x, y);
  await page.mouse.wheel(0, -400);
  await expect.poll(() => (interval()[1] ?? 0) - (interval()[0] ?? 0)).toBeLessThan(4);
  const [low = 0, high = 0] = interval();
  expect((low + high) / 2).toBeCloseTo(-1.5, 1);
  const xs = (await columns(page)).get("x") ?? [];
  expect(Number(xs[0])).toBeCloseTo(low, 5);
  await page.getByRole("button", { name: "Reset" }).click();
  await expect.poll(() => page.url()).toMatch(/#plot$/);
});

test("sliders and boxes change parameters", async () => {
  await using explorer = await open(server.page, "#plot?f=elu");
  const { page } = explorer;
  await drawn(page);
  await page.getByRole("slider", { name: "alpha, slider" }).fill("2");
  await expect.poll(async () => (await columns(page)).get("elu(alpha=2)")?.[0]).toBe("-1.9004259");
  await page.getByRole("textbox", { name: "alpha" }).fill("-0.5");
  await page.keyboard.press("Enter");
  await expect
    .poll(async () => (await columns(page)).get("elu(alpha=-0.5)")?.[0])
    .toBe("0.47510648");
  await expect.poll(() => page.url()).toContain("f=elu(alpha=-0.5)");
});

test("all quantities of one activation, with jumps open and closed", async () => {
  await using explorer = await open(server.page, "#plot?f=leaky_relu(negative_slope=0.2)");
  const { page } = explorer;
  await drawn(page);
  for (const name of [/^gradient/, /^second/, /^parameter/]) {
    await page.getByRole("checkbox", { name }).check();
  }
  const f = "leaky_relu(negative_slope=0.2)";
  await expect
    .poll(async () => (await legend(page)).map((line) => line.trim()))
    .toEqual(["x", f, `${f}′`, `${f}″`, `∂ ${f} / ∂negative_slope`]);
  const table = await columns(page);
  expect(table.get(`${f}′`)?.[0]).toBe("0.2");
  expect(table.get(`∂ ${f} / ∂negative_slope`)?.[0]).toBe("-3");
  expect(table.get(`∂ ${f} / ∂negative_slope`)?.[2000]).toBe("0");
  const svg = await svgOf(page);
  // The kink of f, and both ends of its gradient, of which one is open.
  const circles = svg.match(/<circle[^>]*>/g) ?? [];
  expect(circles).toHaveLength(3);
  const fills = circles.map((circle) => /fill="([^"]*)"/.exec(circle)?.[1]);
  expect(new Set(fills).size).toBe(2);
  await screenshot(page, "plot-quantities");
});

test("float16 and bfloat16 are seen as the steps that they are", async () => {
  await using explorer = await open(server.page, "#plot?f=silu&t=bfloat16&x=1,1.05");
  const { page } = explorer;
  await drawn(page);
  const steps = async (): Promise<number> =>
    new Set((await columns(page)).get("silu bits") ?? []).size;
  expect(await steps()).toBeLessThan(20);
  await screenshot(page, "plot-bfloat16");
  await page.getByLabel("Element type").selectOption("float32");
  await expect.poll(steps).toBeGreaterThan(1000);
});

test("curves are added, chosen, removed and subtracted", async () => {
  await using explorer = await open(server.page);
  const { page } = explorer;
  await drawn(page);
  await page.getByRole("button", { name: "Add an activation" }).click();
  await expect.poll(async () => (await legend(page)).length).toBe(4);
  await page.getByLabel("Activation").nth(2).selectOption("softplus");
  await expect.poll(async () => (await legend(page)).at(-1)?.trim()).toBe("softplus");
  await page.getByRole("button", { name: "Remove softplus" }).click();
  await page.getByRole("checkbox", { name: "difference" }).check();
  await expect.poll(async () => (await legend(page)).at(-1)?.trim()).toBe("relu − gelu");
  const table = await columns(page);
  expect(Number(table.get("relu − gelu")?.[0])).toBeCloseTo(0.004049694, 9);
  await screenshot(page, "plot-difference");
});

test("a preset chooses the framework's defaults", async () => {
  await using explorer = await open(server.page, "#plot?f=leaky_relu");
  const { page } = explorer;
  await drawn(page);
  await page.getByLabel("Preset").selectOption("keras");
  await hasText(page.locator(".readout tbody th").nth(1), "leaky_relu@keras");
  await expect.poll(() => page.getByRole("textbox").first().inputValue()).toBe("0.2");
});

test("the address restores what was seen, and Back goes back", async () => {
  await using explorer = await open(server.page);
  const { page } = explorer;
  await drawn(page);
  await page.getByRole("checkbox", { name: /^gradient/ }).check();
  await page.getByLabel("Element type").selectOption("float16");
  await expect.poll(() => page.url()).toContain("t=float16");
  const before = await columns(page);
  await page.reload();
  await drawn(page);
  await expect.poll(async () => (await legend(page)).length).toBe(5);
  expect(await columns(page)).toEqual(before);
  await page.getByRole("link", { name: "Rows" }).click();
  await page.getByText("Value of softmax").waitFor();
  await page.goBack();
  await drawn(page);
  expect(await page.getByLabel("Element type").inputValue()).toBe("float16");
});

test("what is copied gives what is seen", async () => {
  await using explorer = await open(server.page, "#plot?f=swish(beta=2)&q=value,gradient", {
    permissions: ["clipboard-read", "clipboard-write"],
  });
  const { page } = explorer;
  await drawn(page);
  await page.getByText("Copy as code, link or file").click();
  const code = page.locator(".copy pre");
  for (const [language, text] of [
    ["Command line", /^rectifier eval swish beta=2 -q value,gradient --type float32 -- -3 -2/],
    ["Go", /rectifier\.Arguments\{"beta": rectifier\.Number\(2\)\}/],
    ["C++", /\.arguments = \{\{"beta", 2\}\}/],
    ["Python", /client\.evaluate\("swish", x, arguments=\{"beta": 2\}, gradient=True\)/],
    ["curl", /^curl --json/],
  ] as const) {
    await page.getByLabel("Language").selectOption(language);
    await hasText(code, text);
  }
  await page.getByRole("button", { name: "Copy code" }).click();
  await page.getByRole("button", { name: "Copied" }).waitFor();
  const command = await page.evaluate(() => navigator.clipboard.readText());
  const reply = JSON.parse(
    execFileSync("bash", ["-c", command], { encoding: "utf8", stdio: "pipe" }),
  ) as {
    results: { value: { values: number[] } }[];
  };
  const ys = (await columns(page)).get("swish(beta=2)") ?? [];
  const first = reply.results[0]?.value.values ?? [];
  expect([first[0], first.at(-1)].map((y) => Math.fround(y ?? NaN))).toEqual(
    [ys[0], ys.at(-1)].map((y) => Math.fround(Number(y))),
  );
  await page.getByRole("button", { name: "Copy link" }).click();
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe(page.url());
});

test("the server's error names what is wrong, and goes when it is put right", async () => {
  await using explorer = await open(server.page, "#plot?f=squareplus(b=-1)");
  const { page } = explorer;
  await hasText(page.getByRole("alert"), /arguments\["b"\].*-1/);
  await page.getByRole("textbox", { name: "b" }).fill("1");
  await page.keyboard.press("Enter");
  await drawn(page);
  expect(await page.getByRole("alert").count()).toBe(0);
  await page.goto(`${server.page}#plot?f=glue`);
  await page.reload();
  await hasText(page.getByRole("alert"), /did you mean "glu"/);
});
