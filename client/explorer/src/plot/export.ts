/** What is seen, as files. */

import { digitsOf, hexOf } from "../element_type";
import type { Interval } from "../state";
import type { Line, Picture } from "./evaluate";
import type { Rows } from "./layout";
import { dashOf } from "./look";

/** A table of all that was evaluated, with its bits. */
export function toCsv({ type, inputs, lines }: Picture): string {
  const columns = [{ label: "x", hasBits: true, ys: inputs }, ...lines];
  const head = columns.flatMap(({ label, hasBits }) => [
    label,
    ...(hasBits ? [`${label} bits`] : []),
  ]);
  const rows = Array.from(inputs, (_, i) =>
    columns
      .flatMap(({ hasBits, ys }) => {
        const number = ys[i] ?? NaN;
        return hasBits ? [digitsOf(type, number), hexOf(type, number)] : [String(number)];
      })
      .join(),
  );
  return [head.map(quoted).join(), ...rows, ""].join("\n");
}

function quoted(text: string): string {
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const [WIDTH, HEIGHT] = [800, 500];
const MARGIN = { left: 64, right: 16, top: 16, bottom: 44 };

export interface Look {
  readonly colours: readonly string[];
  readonly text: string;
  readonly grid: string;
  readonly background: string;
}

/** A drawing of its own, of 800 by 500, in the colours of the page. */
export function toSvg(picture: Picture, rows: Rows, x: Interval, y: Interval, look: Look): string {
  const across = scale(x, MARGIN.left, WIDTH - MARGIN.right);
  const up = scale(y, HEIGHT - MARGIN.bottom, MARGIN.top);
  const [xs, ...columns] = rows;
  const lines = picture.lines.map((line, i) => {
    const colour = look.colours[line.curve % look.colours.length] ?? look.text;
    const path = pathOf(xs, columns[i] ?? [], across, up);
    const dash = dashOf(line.quantity).join(" ");
    const dots = line.dots.map(
      (dot) =>
        `<circle cx="${across(dot.x)}" cy="${up(dot.y)}" r="${dot.isJump ? 4 : 3}" fill="${dot.isOpen ? look.background : colour}" stroke="${colour}" stroke-width="1.5"/>`,
    );
    return `<path d="${path}" fill="none" stroke="${colour}" stroke-width="2" stroke-dasharray="${dash}"/>${dots.join("")}`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="system-ui, sans-serif" font-size="12">
<rect width="${WIDTH}" height="${HEIGHT}" fill="${look.background}"/>
${axes(x, y, across, up, look)}
<clipPath id="area"><rect x="${MARGIN.left}" y="${MARGIN.top}" width="${WIDTH - MARGIN.left - MARGIN.right}" height="${HEIGHT - MARGIN.top - MARGIN.bottom}"/></clipPath>
<g clip-path="url(#area)">${lines.join("\n")}</g>
${legend(picture.lines, look)}
</svg>
`;
}

type Scale = (number: number) => string;

function scale([low, high]: Interval, from: number, to: number): Scale {
  return (number) => (from + ((number - low) / (high - low)) * (to - from)).toFixed(2);
}

function pathOf(
  xs: readonly number[],
  ys: readonly (number | null)[],
  across: Scale,
  up: Scale,
): string {
  let isDown = false;
  return xs
    .map((x, i) => {
      const y = ys[i] ?? null;
      const step = y === null ? "" : `${isDown ? "L" : "M"}${across(x)} ${up(y)}`;
      isDown = y !== null;
      return step;
    })
    .join("");
}

function axes(x: Interval, y: Interval, across: Scale, up: Scale, look: Look): string {
  const vertical = ticks(x).map(
    (at) =>
      `<path d="M${across(at)} ${MARGIN.top}V${HEIGHT - MARGIN.bottom}" stroke="${look.grid}"/><text x="${across(at)}" y="${HEIGHT - MARGIN.bottom + 18}" text-anchor="middle" fill="${look.text}">${tickText(at)}</text>`,
  );
  const horizontal = ticks(y).map(
    (at) =>
      `<path d="M${MARGIN.left} ${up(at)}H${WIDTH - MARGIN.right}" stroke="${look.grid}"/><text x="${MARGIN.left - 8}" y="${up(at)}" dy="0.35em" text-anchor="end" fill="${look.text}">${tickText(at)}</text>`,
  );
  return [...vertical, ...horizontal].join("\n");
}

function legend(lines: readonly Line[], look: Look): string {
  return lines
    .map((line, i) => {
      const y = MARGIN.top + 16 + 18 * i;
      const colour = look.colours[line.curve % look.colours.length] ?? look.text;
      return `<path d="M${MARGIN.left + 12} ${y}h28" stroke="${colour}" stroke-width="2" stroke-dasharray="${dashOf(line.quantity).join(" ")}"/><text x="${MARGIN.left + 48}" y="${y}" dy="0.35em" fill="${look.text}">${escaped(line.label)}</text>`;
    })
    .join("\n");
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}

/** Round numbers within the interval, some six of them. */
export function ticks([low, high]: Interval): number[] {
  const rough = (high - low) / 6;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5].find((each) => each * power >= rough) ?? 10) * power;
  const first = Math.ceil(low / step);
  const count = Math.floor(high / step) - first + 1;
  return Array.from({ length: count }, (_, i) => (first + i) * step);
}

function tickText(number: number): string {
  return String(Number(number.toPrecision(6))).replace("-", "−");
}

/** Has the browser keep a file. */
export function save(name: string, content: Blob): void {
  const url = URL.createObjectURL(content);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // The browser has the content by then, and the page must not keep it.
  setTimeout(() => {
    URL.revokeObjectURL(url);
  }, 10_000);
}
