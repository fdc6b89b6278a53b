import { afterAll, beforeAll, expect, test } from "vitest";

import { download, hasText, open, readout, screenshot } from "./page";
import type { Server } from "./server";
import { startServer, TOKEN } from "./server";

let server: Server;

beforeAll(async () => {
  server = await startServer(false, "--http_metrics");
});

afterAll(() => server.stop());

test("rows: softmax of bars that are dragged", async () => {
  await using explorer = await open(server.page, "#rows?v=0,0&t=float64");
  const { page } = explorer;
  const bar = page.getByRole("slider", { name: "x[0]" });
  const [second] = [page.locator(".readout tbody tr").nth(1)];
  await expect.poll(() => second.innerText()).toMatch(/0\.5\s/);
  await bar.focus();
  await page.keyboard.press("PageUp");
  await expect.poll(() => second.innerText()).toMatch(/0\.2689414213699951\s/);
  expect(await bar.getAttribute("aria-valuenow")).toBe("1");
  const box = await bar.boundingBox();
  if (box === null) throw new Error("there is no bar");
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 2, box.y + box.height * 0.1, { steps: 4 });
  await page.mouse.up();
  await expect.poll(() => bar.getAttribute("aria-valuenow")).toBe("4");
  await page.getByRole("button", { name: /y\[1\]$/ }).click();
  await page.getByText("Gradient of y[1]").waitFor();
  await page.getByRole("button", { name: "Add an element" }).click();
  await expect.poll(() => page.getByRole("slider", { name: /^x\[/ }).count()).toBe(3);
  expect(await download(page, "CSV")).toMatch(/^i,x,x bits,y,y bits,gradient,gradient bits\n0,4,/);
  expect(explorer.complaints).toEqual([]);
});

test("rows: every activation of rows is shown", async () => {
  await using explorer = await open(server.page, "#rows");
  const { page } = explorer;
  const choice = page.getByLabel("Activation");
  await expect.poll(() => choice.locator("option").count()).toBeGreaterThan(10);
  for (const name of await choice.locator("option").allTextContents()) {
    await choice.selectOption(name);
    await page.getByText(`Value of ${name}`, { exact: true }).waitFor();
    if (name === "maxout") continue; // five elements are not two pieces, as it says
    await expect
      .poll(() => page.getByRole("alert").allTextContents(), { message: name })
      .toEqual([]);
  }
});

test("pairs: a map, and exact values at a point of it", async () => {
  await using explorer = await open(server.page, "#pairs?t=float64");
  const { page } = explorer;
  const result = readout(page, "value f");
  const silu = (1 / (1 + Math.exp(-1))).toString();
  await expect.poll(() => result.innerText()).toContain(silu.slice(0, 12));
  const area = await page.locator(".map-area").boundingBox();
  if (area === null) throw new Error("there is no map");
  await page.mouse.click(area.x + area.width / 4, area.y + area.height / 4);
  await expect.poll(() => page.url()).toMatch(/at=-2\d*(\.\d+)?,/);
  await page.getByLabel("Quantity").selectOption("gate");
  await readout(page, "gradient ∂f/∂gate").waitFor();
  const colours = await page.locator("canvas").evaluate((canvas: HTMLCanvasElement) => {
    const { data } = canvas.getContext("2d")?.getImageData(0, 0, 101, 101) ?? { data: [] };
    return new Set(Array.from({ length: 101 * 101 }, (_, i) => data[4 * i])).size;
  });
  expect(colours).toBeGreaterThan(20);
  expect((await download(page, "CSV")).split("\n")).toHaveLength(101 * 101 + 2);
  expect(await download(page, "PNG")).toContain("PNG");
  expect(explorer.complaints).toEqual([]);
});

test("pairs: every gated pair is shown", async () => {
  await using explorer = await open(server.page, "#pairs");
  const { page } = explorer;
  const choice = page.getByLabel("Activation");
  await expect.poll(() => choice.locator("option").count()).toBeGreaterThan(6);
  for (const name of await choice.locator("option").allTextContents()) {
    await choice.selectOption(name);
    const map = page.getByRole("img", { name: new RegExp(`of ${name} over gate and value`) });
    await map.waitFor();
    await expect
      .poll(() => page.getByRole("alert").allTextContents(), { message: name })
      .toEqual([]);
  }
});

test("plot: every elementwise activation is shown, with all its quantities", async () => {
  await using explorer = await open(
    server.page,
    "#plot?f=relu&q=value,gradient,second_derivative,parameter_gradient",
  );
  const { page } = explorer;
  const choice = page.getByLabel("Activation");
  await expect.poll(() => choice.locator("option").count()).toBeGreaterThan(60);
  const names = await choice.locator("option").allTextContents();
  for (const name of names) {
    await choice.selectOption(name);
    await readout(page, name).waitFor();
    expect(await page.getByRole("alert").allTextContents(), name).toEqual([]);
  }
  expect(explorer.complaints).toEqual([]);
});

test("catalogue: a name of any framework finds its entry", async () => {
  await using explorer = await open(server.page, "#catalogue");
  const { page } = explorer;
  await hasText(page.getByRole("status"), /^(\d+) of \1 activations$/);
  await page.getByRole("searchbox").fill("torch.nn.Hardswish");
  await page.getByRole("heading", { name: "hard_swish" }).waitFor();
  expect(await page.locator("math mfrac").count()).toBeGreaterThan(0);
  for (const part of ["Parameters", "Presets", "Conventions", "Source", /^Worst errors/]) {
    await page.getByRole("region", { name: part }).first().waitFor();
  }
  await page.getByRole("searchbox").fill("qwertz");
  await hasText(page.getByRole("status"), /^0 of/);
  await page.getByRole("searchbox").fill("selu");
  await page.getByRole("button", { name: "Plot", exact: true }).click();
  await readout(page, "selu").waitFor();
  await page.goBack();
  await page.getByRole("heading", { name: "selu" }).waitFor();
  expect(explorer.complaints).toEqual([]);
});

test("catalogue: every formula is typeset", async () => {
  await using explorer = await open(server.page, "#catalogue");
  const { page } = explorer;
  await page.locator(".found button").first().waitFor();
  const untypeset = await page.evaluate(async () => {
    const failed: string[] = [];
    for (const button of document.querySelectorAll<HTMLElement>(".found button")) {
      const name = button.querySelector("b")?.textContent ?? "";
      button.click();
      await new Promise(requestAnimationFrame);
      await new Promise(requestAnimationFrame);
      const isShown = document.querySelector("h2")?.textContent === name;
      if (!isShown || document.querySelectorAll("math").length !== 1) failed.push(name);
    }
    return failed;
  });
  expect(untypeset).toEqual([]);
});

test("server: what it is, its limits and its calls", async () => {
  await using explorer = await open(server.page, "#server");
  const { page } = explorer;
  await page.getByRole("region", { name: "Limits" }).getByText("max message bytes").waitFor();
  await hasText(page.getByRole("region", { name: "What it is" }), /CPU target/);
  await page.getByLabel("Method").selectOption("Evaluate");
  await page.getByText(/Half of the calls took at most/).waitFor();
  await page.getByRole("region", { name: "Calls by status" }).getByText("OK").waitFor();
  await hasText(page.getByRole("region", { name: "Saturation" }), /memory/);
  expect(explorer.complaints).toEqual([]);
});

test("server: where its metrics are not here, it says where they are", async () => {
  const other = await startServer(false);
  try {
    await using explorer = await open(other.page, "#server");
    await explorer.page.getByText("--http_metrics").waitFor();
  } finally {
    await other.stop();
  }
});

test("a token is asked for, and kept as long as the tab", async () => {
  const other = await startServer(true);
  try {
    await using explorer = await open(other.page);
    const { page } = explorer;
    await page.getByLabel("Token").fill("wrong");
    await screenshot(page, "token");
    await page.getByRole("button", { name: "Go on" }).click();
    await page.getByText("It does not know the token").waitFor();
    await page.getByLabel("Token").fill(TOKEN);
    await page.getByRole("button", { name: "Go on" }).click();
    await page.locator(".chart canvas").waitFor();
    await page.reload();
    await page.locator(".chart canvas").waitFor();
    expect(await page.evaluate(() => localStorage.length)).toBe(0);
    expect(page.url()).not.toContain(TOKEN);
    expect(explorer.complaints).toEqual([]);
  } finally {
    await other.stop();
  }
});

test("a server that is gone is told of, and what was seen stays", async () => {
  const other = await startServer(false);
  let isStopped = false;
  try {
    await using explorer = await open(other.page);
    const { page } = explorer;
    await page.locator(".chart canvas").waitFor();
    await expect
      .poll(() => page.getByLabel("Activation").locator("option").count())
      .toBeGreaterThan(100);
    await other.stop();
    isStopped = true;
    await page.getByRole("checkbox", { name: /^gradient/ }).check();
    await hasText(page.getByRole("alert"), "The server does not answer.");
    await readout(page, "relu").waitFor();
  } finally {
    if (!isStopped) await other.stop();
  }
});
