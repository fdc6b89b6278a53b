/** Gated pairs: the plane of gate and value, as a map of colours. */

import type { VNode } from "preact";
import { useEffect, useRef } from "preact/hooks";

import { toMessage, valueOf } from "../activation";
import { evaluate } from "../api";
import type { Catalogue } from "../catalogue";
import { ActivationControls, Button, Choice, Failure, Slider, TypeChoice } from "../controls";
import { CopyAs } from "../copy";
import { digitsOf, hexOf, roundTo } from "../element_type";
import type { ResultJson } from "../messages/rectifier/v1/activation_pb";
import { numbersIn, spread, tensorOf } from "../plot/evaluate";
import { save } from "../plot/export";
import type { Interval, PairQuantity, State } from "../state";
import { useAnswer } from "../work";

interface Properties {
  readonly state: State;
  readonly catalogue: Catalogue | undefined;
  readonly update: (change: Partial<State>) => void;
}

/** Cells along each side of the map. */
const SIDE = 101;

interface MapResult {
  readonly cells: Float64Array;
  /** At the point that is marked. */
  readonly at: number;
}

const NAMES: readonly (readonly [PairQuantity, string])[] = [
  ["value", "value f"],
  ["gate", "gradient ∂f/∂gate"],
  ["values", "gradient ∂f/∂value"],
];

export function PairsSection({ state, catalogue, update }: Properties): VNode {
  const { pair, pairQuantity, type, reach, point } = state;
  const key = JSON.stringify(
    [pair, pairQuantity, type, reach, point, catalogue === undefined],
    (_, value: unknown) => (typeof value === "number" ? String(value) : value),
  );
  const isSecond = gateIsSecond(catalogue, state);
  const { result, error } = useAnswer(key, () => evaluateMap(state, isSecond));
  return (
    <div class="split">
      <Controls {...{ state, catalogue, update }} />
      <div class="main">
        <Failure error={error} />
        {result !== undefined && <HeatMap {...{ state, update, result, isSecond }} />}
      </div>
    </div>
  );
}

function Controls({ state, catalogue, update }: Properties): VNode {
  return (
    <form
      class="controls"
      aria-label="What is evaluated"
      onSubmit={(event) => {
        event.preventDefault();
      }}
    >
      <fieldset class="curve curve-0">
        <legend>{state.pair.name}</legend>
        <ActivationControls
          catalogue={catalogue}
          kind="pairs"
          chosen={state.pair}
          without={["axis", "layout"]}
          onChange={(pair) => {
            update({ pair });
          }}
        />
      </fieldset>
      <Choice
        label="Quantity"
        value={state.pairQuantity}
        words={NAMES}
        onChange={(pairQuantity) => {
          update({ pairQuantity });
        }}
      />
      <Slider
        label="reach"
        value={state.reach}
        low={0.5}
        high={20}
        onChange={(reach) => {
          if (reach > 0 && Number.isFinite(reach)) update({ reach });
        }}
      />
      <TypeChoice
        value={state.type}
        onChange={(type) => {
          update({ type });
        }}
      />
      <PointControls {...{ state, update }} />
    </form>
  );
}

function PointControls({ state, update }: Omit<Properties, "catalogue">): VNode {
  const { point, reach } = state;
  const set = (next: Interval): void => {
    if (next.every(Number.isFinite)) update({ point: next });
  };
  return (
    <fieldset>
      <legend>The point that is marked</legend>
      <Slider
        label="gate"
        value={point[0]}
        low={-reach}
        high={reach}
        onChange={(gate) => {
          set([gate, point[1]]);
        }}
      />
      <Slider
        label="value"
        value={point[1]}
        low={-reach}
        high={reach}
        onChange={(value) => {
          set([point[0], value]);
        }}
      />
    </fieldset>
  );
}

/** Whether of the two tensors the second is the gate. */
function gateIsSecond(catalogue: Catalogue | undefined, { pair }: State): boolean {
  const parameter = catalogue?.find(pair.name)?.parameters.find(({ name }) => name === "gate");
  const gate = parameter === undefined ? "first" : valueOf(catalogue, pair, parameter);
  return gate === "second";
}

async function evaluateMap(state: State, isSecond: boolean): Promise<MapResult> {
  const { type, reach, point, pairQuantity } = state;
  const side = spread([-reach, reach], SIDE);
  // Row by row from above; the last one is the point that is marked.
  const gates = new Float64Array(SIDE * SIDE + 1);
  const values = new Float64Array(SIDE * SIDE + 1);
  for (let i = 0; i < SIDE * SIDE; ++i) {
    gates[i] = side[i % SIDE] ?? 0;
    values[i] = side[SIDE - 1 - Math.floor(i / SIDE)] ?? 0;
  }
  [gates[SIDE * SIDE], values[SIDE * SIDE]] = point;
  const inputs = isSecond ? [values, gates] : [gates, values];
  const { results = [] } = await evaluate({
    tensors: inputs.map((each) => tensorOf(type, each)),
    evaluations: [
      {
        inputs: [0, 1],
        activation: toMessage(state.pair),
        quantities: [pairQuantity === "value" ? "QUANTITY_VALUE" : "QUANTITY_GRADIENT"],
      },
    ],
  });
  const all = numbersIn(tensorFor(results[0], pairQuantity, isSecond)) ?? new Float64Array();
  return { cells: all.subarray(0, SIDE * SIDE), at: all[SIDE * SIDE] ?? NaN };
}

function tensorFor(
  result: ResultJson | undefined,
  quantity: PairQuantity,
  isSecond: boolean,
): ResultJson["value"] {
  if (quantity === "value") return result?.value;
  return result?.gradients?.[(quantity === "gate") === isSecond ? 1 : 0];
}

function HeatMap(properties: {
  readonly state: State;
  readonly update: (change: Partial<State>) => void;
  readonly result: MapResult;
  readonly isSecond: boolean;
}): VNode {
  const { state, update, result, isSecond } = properties;
  const { reach, point, type } = state;
  const canvas = useRef<HTMLCanvasElement>(null);
  const largest = result.cells.reduce(
    (most, cell) => (Number.isFinite(cell) ? Math.max(most, Math.abs(cell)) : most),
    0,
  );
  useEffect(() => {
    if (canvas.current !== null) paint(canvas.current, result.cells, largest);
  }, [result.cells]);
  const place = (number: number): string => `${50 + (50 * number) / reach}%`;
  const label = NAMES.find(([word]) => word === state.pairQuantity)?.[1] ?? "";
  const move = (event: MouseEvent & { currentTarget: HTMLElement }): void => {
    const { left, top, width, height } = event.currentTarget.getBoundingClientRect();
    const gate = reach * ((2 * (event.clientX - left)) / width - 1);
    const value = reach * (1 - (2 * (event.clientY - top)) / height);
    update({ point: [Number(gate.toPrecision(4)), Number(value.toPrecision(4))] });
  };
  const rounded = point.map((each) => roundTo(type, each));
  return (
    <>
      <div class="map">
        <span class="map-y">value</span>
        <div
          class="map-area"
          onPointerDown={(event) => {
            event.currentTarget.setPointerCapture(event.pointerId);
            move(event);
          }}
          onPointerMove={(event) => {
            if (event.buttons === 1) move(event);
          }}
        >
          <canvas
            ref={canvas}
            width={SIDE}
            height={SIDE}
            role="img"
            aria-label={`${label} of ${state.pair.name} over gate and value, from ${-reach} to ${reach}`}
          />
          <i
            class="map-point"
            aria-hidden="true"
            style={{ left: place(point[0]), bottom: place(point[1]) }}
          />
        </div>
        <span class="map-x">
          gate, from −{reach} to {reach}
        </span>
        <Scale largest={largest} />
      </div>
      <div class="wide" tabIndex={0} role="region" aria-label="Exact values">
        <table class="readout" aria-live="polite">
          <tbody>
            {(
              [
                ["gate", rounded[0]],
                ["value", rounded[1]],
                [label, result.at],
              ] as const
            ).map(([name, number = NaN]) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td>{digitsOf(type, number)}</td>
                <td class="bits">{hexOf(type, number)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <CopyAs
        snippet={{
          calls: [
            {
              chosen: state.pair,
              quantities: [state.pairQuantity === "value" ? "value" : "gradient"],
            },
          ],
          type,
          inputs: (isSecond ? [1, 0] : [0, 1]).map((i) => [point[i] ?? 0]),
        }}
      >
        <Button
          onClick={() => {
            canvas.current?.toBlob((blob) => {
              if (blob !== null) save("rectifier.png", blob);
            });
          }}
        >
          PNG
        </Button>
        <Button
          onClick={() => {
            save("rectifier.csv", new Blob([mapCsv(state, result)], { type: "text/csv" }));
          }}
        >
          CSV
        </Button>
      </CopyAs>
    </>
  );
}

function Scale({ largest }: { readonly largest: number }): VNode {
  const text = Number(largest.toPrecision(3));
  return (
    <div class="map-scale" role="img" aria-label={`Colours from ${-text} to ${text}`}>
      <span>−{text}</span>
      <i />
      <span>{text}</span>
    </div>
  );
}

function mapCsv({ type, reach }: State, { cells }: MapResult): string {
  const side = spread([-reach, reach], SIDE);
  const lines = Array.from(cells, (cell, i) => {
    const gate = roundTo(type, side[i % SIDE] ?? 0);
    const value = roundTo(type, side[SIDE - 1 - Math.floor(i / SIDE)] ?? 0);
    return [gate, value, cell].map((number) => digitsOf(type, number)).join();
  });
  return ["gate,value,result", ...lines, ""].join("\n");
}

// Blue below 0, white at 0, red above: told apart by those who see no green, too.
const BELOW = [33, 82, 163] as const;
const ABOVE = [178, 48, 32] as const;

export function colourOf(part: number): readonly [number, number, number] {
  if (Number.isNaN(part)) return [128, 128, 128];
  const strength = Math.min(Math.abs(part), 1);
  const [red, green, blue] = part < 0 ? BELOW : ABOVE;
  const mix = (channel: number): number => Math.round(248 + (channel - 248) * strength);
  return [mix(red), mix(green), mix(blue)];
}

function paint(canvas: HTMLCanvasElement, cells: Float64Array, largest: number): void {
  const context = canvas.getContext("2d");
  if (context === null) return;
  const image = context.createImageData(SIDE, SIDE);
  cells.forEach((cell, i) => {
    image.data.set([...colourOf(largest === 0 ? 0 : cell / largest), 255], 4 * i);
  });
  context.putImageData(image, 0, 0);
}
