/** A browser, and pages of it that are the explorer. */

import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";

import type { Browser, BrowserContextOptions, Download, Locator, Page } from "playwright-core";
import { chromium } from "playwright-core";
import { expect } from "vitest";

const FOLDER = new URL("../../build/screenshots/", import.meta.url).pathname;
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

let browser: Promise<Browser> | undefined;

/** The same for all tests; it ends with the process. */
function launched(): Promise<Browser> {
  browser ??= chromium.launch({
    executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
    // Chromium's sandbox does not start for root, as whom containers run.
    args: process.getuid?.() === 0 ? ["--no-sandbox"] : [],
  });
  return browser;
}

export async function closeBrowser(): Promise<void> {
  await (await browser)?.close();
  browser = undefined;
}

/** A page, and what went wrong in it. */
export interface Explorer extends AsyncDisposable {
  readonly page: Page;
  /** Errors of scripts, and of the policy, and requests to anybody else. */
  readonly complaints: string[];
}

/** Opens the page of a server, at an address such as "#rows". */
export async function open(
  base: string,
  hash = "",
  options: BrowserContextOptions = {},
): Promise<Explorer> {
  const context = await (
    await launched()
  ).newContext({
    viewport: { width: 1280, height: 900 },
    ...options,
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    // A status that is no success is what several tests want.
    if (message.type() === "error" && !message.text().startsWith("Failed to load resource")) {
      complaints.push(message.text());
    }
  });
  page.on("request", (request) => {
    if (!request.url().startsWith(base)) complaints.push(request.url());
  });
  await page.goto(base + hash);
  return { page, complaints, [Symbol.asyncDispose]: () => context.close() };
}

/** Waits until the locator's text is, or matches, what is wanted. */
export async function hasText(locator: Locator, wanted: string | RegExp): Promise<void> {
  const text = expect.poll(async () => (await locator.textContent())?.trim(), { timeout: 10_000 });
  await (typeof wanted === "string" ? text.toBe(wanted) : text.toMatch(wanted));
}

/** A row of the table below the plot: its value and its bits. */
export function readout(page: Page, line: string): Locator {
  return page
    .locator(".readout tr")
    .filter({ has: page.getByRole("rowheader", { name: line, exact: true }) });
}

/** The text of the file that a button has the browser keep. */
export async function download(page: Page, button: string): Promise<string> {
  if ((await page.locator("details.copy[open]").count()) === 0) {
    await page.getByText("Copy as code, link or file").click();
  }
  const [file] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: button, exact: true }).click(),
  ]);
  return readFileSync(await pathOf(file), "utf8");
}

async function pathOf(file: Download): Promise<string> {
  return file.path();
}

/** The drawing of the plot as SVG, which has what the canvas has. */
export function svgOf(page: Page): Promise<string> {
  return download(page, "SVG");
}

export async function screenshot(page: Page, name: string): Promise<void> {
  mkdirSync(FOLDER, { recursive: true });
  await page.screenshot({ path: `${FOLDER}${name}.png`, fullPage: true });
}

interface Violation {
  readonly id: string;
  readonly impact: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
}

/** What axe-core finds that is serious or worse. */
export async function violations(page: Page): Promise<string[]> {
  // As the browser's own tools do it, so that the page's policy does not stand in the way.
  await page.evaluate(AXE);
  const { violations: all } = await page.evaluate(() =>
    (
      globalThis as unknown as { axe: { run: () => Promise<{ violations: Violation[] }> } }
    ).axe.run(),
  );
  return all
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join("; ")}`);
}
