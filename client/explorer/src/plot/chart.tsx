/** The drawing itself, by uPlot, which knows nothing of activations. */

import type { VNode } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import uPlot from "uplot";

import type { Line, Picture } from "./evaluate";
import type { Look } from "./export";
import { watchGestures } from "./gestures";
import type { Layout } from "./layout";
import { dashOf, readLook } from "./look";
import type { View } from "./view";
import { pan, zoom } from "./view";

interface Properties {
  readonly picture: Picture;
  readonly layout: Layout;
  readonly view: View;
  readonly label: string;
  readonly onMove: (view: View) => void;
  readonly onReset: () => void;
  /** With the index of an input, or undefined where the pointer is elsewhere. */
  readonly onPoint: (index: number | undefined) => void;
}

export function Chart(properties: Properties): VNode {
  const place = useRef<HTMLDivElement>(null);
  const latest = useRef(properties);
  latest.current = properties;
  const chart = useRef<Drawing>(undefined);
  useLayoutEffect(() => {
    if (place.current === null) return;
    const drawing = new Drawing(place.current, () => latest.current);
    chart.current = drawing;
    return () => {
      drawing.end();
    };
  }, []);
  const { picture, view, label } = properties;
  useLayoutEffect(() => {
    chart.current?.show();
  }, [picture, view.x[0], view.x[1], view.y[0], view.y[1]]);
  return (
    <div
      class="chart"
      ref={place}
      tabIndex={0}
      role="application"
      aria-roledescription="plot"
      aria-label={`${label}. Arrow keys read values; plus and minus zoom; Shift and arrows move; 0 resets.`}
      onKeyDown={(event) => {
        if (chart.current?.press(event) === true) event.preventDefault();
      }}
      onDblClick={properties.onReset}
    />
  );
}

const DOT_RADIUS = 4;
const KEY_STEP = 0.1;
const ZOOM_STEP = 0.8;

class Drawing {
  readonly #place: HTMLElement;
  readonly #properties: () => Properties;
  readonly #resized: ResizeObserver;
  readonly #scheme = matchMedia("(prefers-color-scheme: dark)");
  #plot: uPlot | undefined;
  #unwatch: (() => void) | undefined;
  #lines = "";
  #look: Look = readLook();
  #column: number | undefined; // of the cursor, where keys move it

  constructor(place: HTMLElement, properties: () => Properties) {
    this.#place = place;
    this.#properties = properties;
    this.#resized = new ResizeObserver(() => {
      this.#plot?.setSize(this.#size());
    });
    this.#resized.observe(place);
    this.#scheme.addEventListener("change", this.#recolour);
    this.show();
  }

  end(): void {
    this.#resized.disconnect();
    this.#scheme.removeEventListener("change", this.#recolour);
    this.#remove();
  }

  show(): void {
    const { picture, layout, view } = this.#properties();
    const lines = picture.lines.map((line) => `${line.curve} ${line.quantity}`).join();
    if (this.#plot === undefined || lines !== this.#lines) {
      this.#lines = lines;
      this.#make();
      return;
    }
    const plot = this.#plot;
    plot.batch(() => {
      plot.setData(layout.rows, false);
      plot.setScale("x", { min: view.x[0], max: view.x[1] });
      plot.setScale("y", { min: view.y[0], max: view.y[1] });
    });
  }

  /** Whether the key means something here. */
  press(event: KeyboardEvent): boolean {
    const { view, onMove, onReset } = this.#properties();
    const direction = { ArrowLeft: -1, ArrowRight: 1, ArrowDown: -1, ArrowUp: 1 }[event.key];
    const isAcross = event.key === "ArrowLeft" || event.key === "ArrowRight";
    if (direction !== undefined && event.shiftKey) {
      onMove({
        x: isAcross ? pan(view.x, KEY_STEP * direction) : view.x,
        y: isAcross ? view.y : pan(view.y, KEY_STEP * direction),
      });
    } else if (direction !== undefined && isAcross) {
      this.#moveCursor(direction * (event.ctrlKey ? 1 : 20));
    } else if (event.key === "+" || event.key === "=" || event.key === "-") {
      const factor = event.key === "-" ? 1 / ZOOM_STEP : ZOOM_STEP;
      onMove({ x: zoom(view.x, factor, 0.5), y: zoom(view.y, factor, 0.5) });
    } else if (event.key === "0") {
      onReset();
    } else {
      return false;
    }
    return true;
  }

  #moveCursor(columns: number): void {
    const plot = this.#plot;
    if (plot === undefined) return;
    const xs = plot.data[0];
    const from = this.#column ?? plot.cursor.idx ?? Math.floor(xs.length / 2);
    const to = Math.min(Math.max(from + columns, 0), xs.length - 1);
    plot.setCursor({ left: plot.valToPos(xs[to] ?? 0, "x"), top: plot.over.clientHeight / 2 });
    this.#column = to;
  }

  readonly #recolour = (): void => {
    this.#look = readLook();
    this.#make();
  };

  #remove(): void {
    this.#unwatch?.();
    this.#plot?.destroy();
    this.#plot = undefined;
  }

  #make(): void {
    this.#remove();
    const { picture, layout } = this.#properties();
    const options: uPlot.Options = {
      ...this.#size(),
      legend: { show: false },
      scales: {
        x: { time: false, range: () => [...this.#properties().view.x] },
        y: { range: () => [...this.#properties().view.y] },
      },
      axes: [this.#axis(), { ...this.#axis(), size: 58 }],
      series: [{}, ...picture.lines.map((line) => this.#series(line))],
      cursor: { drag: { x: false, y: false, setScale: false } },
      hooks: { draw: [this.#drawDots], setCursor: [this.#point] },
    };
    this.#plot = new uPlot(options, layout.rows, this.#place);
    this.#unwatch = watchGestures(
      this.#plot.over,
      () => this.#properties().view,
      (view) => {
        this.#properties().onMove(view);
      },
    );
  }

  #size(): { width: number; height: number } {
    const { clientWidth: width, clientHeight: height } = this.#place;
    return { width: Math.max(width, 200), height: Math.max(height, 200) };
  }

  #axis(): uPlot.Axis {
    const { text, grid } = this.#look;
    return {
      stroke: text,
      font: "12px system-ui, sans-serif",
      grid: { stroke: grid, width: 1 },
      ticks: { stroke: grid, width: 1 },
      values: (_, splits) => splits.map((split) => tickText(split)),
    };
  }

  #series(line: Line): uPlot.Series {
    return {
      label: line.label,
      stroke: this.#colourOf(line),
      width: 2,
      dash: dashOf(line.quantity),
      points: { show: false },
      paths: pathsOf,
    };
  }

  #colourOf(line: Line): string {
    const { colours, text } = this.#look;
    return colours[line.curve % colours.length] ?? text;
  }

  readonly #drawDots = (plot: uPlot): void => {
    const { ctx, bbox } = plot;
    const ratio = devicePixelRatio;
    ctx.save();
    ctx.beginPath();
    ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
    ctx.clip();
    ctx.setLineDash([]);
    ctx.lineWidth = 1.5 * ratio;
    for (const line of this.#properties().picture.lines) {
      ctx.strokeStyle = this.#colourOf(line);
      for (const dot of line.dots) {
        ctx.fillStyle = dot.isOpen ? this.#look.background : this.#colourOf(line);
        ctx.beginPath();
        const radius = (dot.isJump ? DOT_RADIUS : DOT_RADIUS - 1) * ratio;
        ctx.arc(
          plot.valToPos(dot.x, "x", true),
          plot.valToPos(dot.y, "y", true),
          radius,
          0,
          2 * Math.PI,
        );
        ctx.fill();
        ctx.stroke();
      }
    }
    ctx.restore();
  };

  readonly #point = (plot: uPlot): void => {
    const { idx } = plot.cursor;
    this.#column = undefined;
    const { layout, onPoint } = this.#properties();
    onPoint(idx === null || idx === undefined ? undefined : layout.indices[idx]);
  };
}

function tickText(number: number): string {
  return String(Number(number.toPrecision(12))).replace("-", "−");
}

/**
 * A line that ends and begins again where there is a null. uPlot's own would bridge a gap that is less
 * than a pixel wide, as those of jumps are.
 */
const pathsOf: uPlot.Series.PathBuilder = (plot, series, from, to) => {
  const stroke = new Path2D();
  const [xs] = plot.data;
  const ys = plot.data[series] ?? [];
  let isDown = false;
  for (let i = Math.max(from - 1, 0); i <= Math.min(to + 1, xs.length - 1); ++i) {
    const y = ys[i];
    if (y === null || y === undefined) {
      isDown = false;
      continue;
    }
    const [left, top] = [plot.valToPos(xs[i] ?? 0, "x", true), plot.valToPos(y, "y", true)];
    if (isDown) stroke.lineTo(left, top);
    else stroke.moveTo(left, top);
    isDown = true;
  }
  return { stroke };
};
