/** The plot: curves of activations and of their derivatives over one input. */

import type { VNode } from "preact";
import { useMemo, useState } from "preact/hooks";

import type { Catalogue } from "../catalogue";
import { ActivationControls, Button, Check, Failure, TypeChoice } from "../controls";
import { CopyAs } from "../copy";
import { digitsOf, hexOf } from "../element_type";
import { Chart } from "../plot/chart";
import type { Picture } from "../plot/evaluate";
import { offeredOf, picture as evaluatePicture } from "../plot/evaluate";
import { save, toCsv, toSvg } from "../plot/export";
import { extent, layOut } from "../plot/layout";
import { COLOURS, dashOf, readLook } from "../plot/look";
import type { View } from "../plot/view";
import { zoom } from "../plot/view";
import { sampled } from "../snippets";
import type { Chosen, Quantity, State } from "../state";
import { chosen, INITIAL, QUANTITIES, toText } from "../state";
import { useAnswer } from "../work";

interface Properties {
  readonly state: State;
  readonly catalogue: Catalogue | undefined;
  readonly update: (change: Partial<State>) => void;
}

const QUANTITY_NAMES: Record<Quantity, string> = {
  value: "value f",
  gradient: "gradient f′",
  second_derivative: "second derivative f″",
  parameter_gradient: "parameter gradients ∂f/∂p",
};

const MOST_CURVES = COLOURS;

export function PlotSection({ state, catalogue, update }: Properties): VNode {
  const { curves, quantities, type, x, difference } = state;
  const asked = { curves, quantities, type, x, difference: difference && curves.length > 1 };
  const key = JSON.stringify([asked, catalogue === undefined], (_, value: unknown) =>
    typeof value === "number" ? String(value) : value,
  );
  const { result: picture, error } = useAnswer(key, () => evaluatePicture(asked, catalogue));
  return (
    <div class="split">
      <Controls {...{ state, catalogue, update }} />
      <div class="main">
        <Failure error={error} />
        {picture === undefined ? (
          <div class="chart" aria-busy={error === undefined} />
        ) : (
          <Drawn {...{ picture, state, catalogue, update }} />
        )}
      </div>
    </div>
  );
}

function Controls({ state, catalogue, update }: Properties): VNode {
  const { curves, quantities } = state;
  const toggle = (quantity: Quantity, isOn: boolean): void => {
    const next = QUANTITIES.filter((each) =>
      each === quantity ? isOn : quantities.includes(each),
    );
    if (next.length > 0) update({ quantities: next });
  };
  return (
    <form
      class="controls"
      aria-label="What is plotted"
      onSubmit={(event) => {
        event.preventDefault();
      }}
    >
      <Curves {...{ state, catalogue, update }} />
      <fieldset>
        <legend>Lines</legend>
        {QUANTITIES.map((quantity) => (
          <Check
            key={quantity}
            label={
              <>
                <Swatch quantity={quantity} /> {QUANTITY_NAMES[quantity]}
              </>
            }
            isOn={quantities.includes(quantity)}
            onChange={(isOn) => {
              toggle(quantity, isOn);
            }}
          />
        ))}
        <Check
          label="difference of the first two"
          isOn={state.difference}
          isDisabled={curves.length < 2}
          onChange={(isOn) => {
            update({ difference: isOn, y: undefined });
          }}
        />
      </fieldset>
      <TypeChoice
        value={state.type}
        onChange={(type) => {
          update({ type });
        }}
      />
    </form>
  );
}

function Curves({ state, catalogue, update }: Properties): VNode {
  const { curves } = state;
  const replace = (i: number, curve: Chosen | undefined): void => {
    update({ curves: curves.flatMap((each, k) => (k === i ? (curve ?? []) : each)) });
  };
  return (
    <>
      {curves.map((curve, i) => (
        <fieldset key={i} class={`curve curve-${i % COLOURS}`}>
          <legend>{curve.name}</legend>
          <button
            type="button"
            class="remove"
            aria-label={`Remove ${curve.name}`}
            onClick={() => {
              replace(i, undefined);
            }}
          >
            ×
          </button>
          <ActivationControls
            catalogue={catalogue}
            kind="elementwise"
            chosen={curve}
            onChange={(next) => {
              replace(i, next);
            }}
          />
        </fieldset>
      ))}
      {curves.length < MOST_CURVES && (
        <Button
          onClick={() => {
            update({ curves: [...curves, chosen(nextName(curves))] });
          }}
        >
          Add an activation
        </Button>
      )}
    </>
  );
}

function nextName(curves: readonly Chosen[]): string {
  const names = ["relu", "gelu", "silu", "mish", "softplus", "tanh"];
  return names.find((name) => curves.every((curve) => curve.name !== name)) ?? "relu";
}

function Drawn(properties: Properties & { readonly picture: Picture }): VNode {
  const { picture, state, catalogue, update } = properties;
  const [index, setIndex] = useState<number | undefined>(undefined);
  const layout = useMemo(() => layOut(picture), [picture]);
  const fitted = useMemo(() => extent(picture), [picture]);
  const view: View = { x: state.x, y: state.y ?? fitted };
  const reset = (): void => {
    update({ x: INITIAL.x, y: undefined });
  };
  const move = (next: View): void => {
    update({ x: next.x, y: next.y });
  };
  const name = state.curves.map(toText).join(" and ");
  return (
    <>
      <Chart
        {...{ picture, layout, view }}
        label={`Plot of ${name}`}
        onMove={move}
        onReset={reset}
        onPoint={setIndex}
      />
      <ViewButtons {...{ view, move, reset, update }} />
      <Readout picture={picture} index={index} />
      <CopyAs
        snippet={{
          calls: state.curves.map((curve) => ({
            chosen: curve,
            quantities: offeredOf(catalogue, curve, state.quantities),
          })),
          type: state.type,
          inputs: [sampled(state.x)],
        }}
      >
        <Button
          onClick={() => {
            const svg = toSvg(picture, layout.rows, view.x, view.y, readLook());
            save("rectifier.svg", new Blob([svg], { type: "image/svg+xml" }));
          }}
        >
          SVG
        </Button>
        <Button onClick={savePng}>PNG</Button>
        <Button
          onClick={() => {
            save("rectifier.csv", new Blob([toCsv(picture)], { type: "text/csv" }));
          }}
        >
          CSV
        </Button>
      </CopyAs>
    </>
  );
}

/** As it is on the screen, on the page's own ground. */
function savePng(): void {
  const drawn = document.querySelector<HTMLCanvasElement>(".chart canvas");
  const whole = document.createElement("canvas");
  const context = whole.getContext("2d");
  if (drawn === null || context === null) return;
  whole.width = drawn.width;
  whole.height = drawn.height;
  context.fillStyle = readLook().background;
  context.fillRect(0, 0, whole.width, whole.height);
  context.drawImage(drawn, 0, 0);
  whole.toBlob((blob) => {
    if (blob !== null) save("rectifier.png", blob);
  });
}

function ViewButtons(properties: {
  readonly view: View;
  readonly move: (view: View) => void;
  readonly reset: () => void;
  readonly update: (change: Partial<State>) => void;
}): VNode {
  const { view, move, reset, update } = properties;
  const by = (factor: number) => () => {
    move({ x: zoom(view.x, factor, 0.5), y: zoom(view.y, factor, 0.5) });
  };
  return (
    <div class="buttons" role="group" aria-label="View">
      <Button label="Zoom in" onClick={by(0.5)}>
        +
      </Button>
      <Button label="Zoom out" onClick={by(2)}>
        −
      </Button>
      <Button
        onClick={() => {
          update({ y: undefined });
        }}
      >
        Fit height
      </Button>
      <Button onClick={reset}>Reset</Button>
      <span class="hint">Drag moves, the wheel zooms (with Shift along x alone).</span>
    </div>
  );
}

/** A piece of the line. */
function Swatch({ quantity }: { readonly quantity: Quantity }): VNode {
  return (
    <svg class="swatch" viewBox="0 0 30 4" aria-hidden="true">
      <path d="M0 2H30" stroke-dasharray={dashOf(quantity).join(" ")} />
    </svg>
  );
}

/** The legend, and what the lines are at the input under the pointer. */
function Readout(properties: {
  readonly picture: Picture;
  readonly index: number | undefined;
}): VNode {
  const { picture, index } = properties;
  const cells = (y: number | undefined, hasBits = true): VNode[] => [
    <td key="value">{y === undefined ? "" : digitsOf(hasBits ? picture.type : "float64", y)}</td>,
    <td key="bits" class="bits">
      {y === undefined || !hasBits ? "" : hexOf(picture.type, y)}
    </td>,
  ];
  return (
    <div class="wide" tabIndex={0} role="region" aria-label="Values at the pointer">
      <table class="readout">
        <thead>
          <tr>
            <th scope="col">line</th>
            <th scope="col">value</th>
            <th scope="col">bits</th>
          </tr>
        </thead>
        <tbody aria-live="polite">
          <tr>
            <th scope="row">x</th>
            {cells(index === undefined ? undefined : picture.inputs[index])}
          </tr>
          {picture.lines.map((line) => (
            <tr key={line.label} class={`curve-${line.curve % COLOURS}`}>
              <th scope="row">
                <Swatch quantity={line.quantity} /> {line.label}
              </th>
              {cells(index === undefined ? undefined : line.ys[index], line.hasBits)}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
