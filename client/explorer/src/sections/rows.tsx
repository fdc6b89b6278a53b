/** Rows: a short vector whose bars can be dragged, and what softmax and its kin make of it. */

import type { VNode } from "preact";

import { entryOf, toMessage } from "../activation";
import { evaluate } from "../api";
import type { Catalogue } from "../catalogue";
import { ActivationControls, Button, Failure, TypeChoice } from "../controls";
import { CopyAs } from "../copy";
import { digitsOf, hexOf, roundTo } from "../element_type";
import type { EvaluateRequestJson, EvaluationJson } from "../messages/rectifier/v1/activation_pb";
import { numbersIn, tensorOf } from "../plot/evaluate";
import { save } from "../plot/export";
import type { State } from "../state";
import { INITIAL } from "../state";
import { useAnswer } from "../work";
import { Bars } from "./bars";

interface Properties {
  readonly state: State;
  readonly catalogue: Catalogue | undefined;
  readonly update: (change: Partial<State>) => void;
}

interface RowResult {
  readonly value: Float64Array;
  /** By the inputs, of the chosen element of the value; undefined where there is none. */
  readonly gradient: Float64Array | undefined;
}

const MOST = 12;

export function RowsSection({ state, catalogue, update }: Properties): VNode {
  const entry = entryOf(catalogue, state.row);
  const hasGradient = entry?.quantities.includes("gradient") === true;
  const { row, values, type, output } = state;
  const key = JSON.stringify([row, values, type, output, hasGradient], (_, value: unknown) =>
    typeof value === "number" ? String(value) : value,
  );
  const { result, error } = useAnswer(key, () => evaluateRow(state, hasGradient));
  const inputs = values.map((value) => roundTo(type, value));
  return (
    <div class="split">
      <Controls {...{ state, catalogue, update }} />
      <div class="main">
        <Failure error={error} />
        <Bars
          title="Inputs: drag a bar, or use the arrow keys"
          numbers={inputs}
          label={(i) => `x[${i}]`}
          onChange={(i, value) => {
            update({ values: values.map((each, k) => (k === i ? value : each)) });
          }}
        />
        <div class="buttons">
          <Button
            onClick={() => {
              if (values.length < MOST) update({ values: [...values, 0] });
            }}
          >
            Add an element
          </Button>
          <Button
            onClick={() => {
              if (values.length > 1) update({ values: values.slice(0, -1) });
            }}
          >
            Remove the last
          </Button>
          <Button
            onClick={() => {
              update({ values: INITIAL.values, output: 0 });
            }}
          >
            Reset
          </Button>
        </div>
        {result !== undefined && <Results {...{ state, update, inputs, result }} />}
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
        <legend>{state.row.name}</legend>
        <ActivationControls
          catalogue={catalogue}
          kind="rows"
          chosen={state.row}
          without={["axis", "keepdims", "offset"]}
          onChange={(row) => {
            update({ row, output: 0 });
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

function Results(properties: {
  readonly state: State;
  readonly update: (change: Partial<State>) => void;
  readonly inputs: readonly number[];
  readonly result: RowResult;
}): VNode {
  const { state, update, inputs, result } = properties;
  const { type } = state;
  const value = [...result.value];
  const chosen = Math.min(state.output, value.length - 1);
  return (
    <>
      <Bars
        title={`Value of ${state.row.name}`}
        numbers={value}
        label={(i) => (value.length === 1 ? "y" : `y[${i}]`)}
        chosen={chosen}
        onChoose={(output) => {
          update({ output });
        }}
      />
      {result.gradient !== undefined && (
        <Bars
          title={`Gradient of ${value.length === 1 ? "y" : `y[${chosen}]`}: choose another above`}
          numbers={[...result.gradient]}
          label={(i) => `∂/∂x[${i}]`}
        />
      )}
      <RowTable {...{ type, inputs, value }} />
      <CopyAs
        snippet={{
          calls: [{ chosen: state.row, quantities: ["value"] }],
          type,
          inputs: [state.values],
        }}
      >
        <Button
          onClick={() => {
            save("rectifier.csv", new Blob([rowCsv(state, inputs, result)], { type: "text/csv" }));
          }}
        >
          CSV
        </Button>
      </CopyAs>
    </>
  );
}

function RowTable(properties: {
  readonly type: State["type"];
  readonly inputs: readonly number[];
  readonly value: readonly number[];
}): VNode {
  const { type, inputs, value } = properties;
  const cells = (number: number | undefined): VNode[] => [
    <td key="value">{number === undefined ? "" : digitsOf(type, number)}</td>,
    <td key="bits" class="bits">
      {number === undefined ? "" : hexOf(type, number)}
    </td>,
  ];
  return (
    <div class="wide" tabIndex={0} role="region" aria-label="Exact values">
      <table class="readout">
        <thead>
          <tr>
            <th scope="col">i</th>
            <th scope="col">x[i]</th>
            <th scope="col">bits</th>
            <th scope="col">y[i]</th>
            <th scope="col">bits</th>
          </tr>
        </thead>
        <tbody>
          {Array.from({ length: Math.max(inputs.length, value.length) }, (_, i) => (
            <tr key={i}>
              <th scope="row">{i}</th>
              {cells(inputs[i])}
              {cells(value[i])}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

async function evaluateRow(state: State, hasGradient: boolean): Promise<RowResult> {
  const { values, type } = state;
  const activation = toMessage(state.row);
  const plain: EvaluationJson = { inputs: [0], activation, quantities: ["QUANTITY_VALUE"] };
  const first = await evaluate({ tensors: [tensorOf(type, values)], evaluations: [plain] });
  const value = numbersIn(first.results?.[0]?.value) ?? new Float64Array();
  if (!hasGradient || value.length === 0) return { value, gradient: undefined };
  // The gradient of one element is that with an upstream which is 1 there, and 0 elsewhere.
  const upstream = value.map((_, i) => (i === Math.min(state.output, value.length - 1) ? 1 : 0));
  const shape = first.results?.[0]?.value?.shape ?? [];
  const request: EvaluateRequestJson = {
    tensors: [tensorOf(type, values), { ...tensorOf(type, upstream), shape }],
    evaluations: [{ inputs: [0], activation, quantities: ["QUANTITY_GRADIENT"], upstream: 1 }],
  };
  const second = await evaluate(request);
  return { value, gradient: numbersIn(second.results?.[0]?.gradients?.[0]) };
}

function rowCsv(state: State, inputs: readonly number[], { value, gradient }: RowResult): string {
  const cell = (number: number | undefined): string =>
    number === undefined ? "," : `${digitsOf(state.type, number)},${hexOf(state.type, number)}`;
  const length = Math.max(inputs.length, value.length);
  const lines = Array.from({ length }, (_, i) =>
    [i, cell(inputs[i]), cell(value[i]), cell(gradient?.[i])].join(),
  );
  return ["i,x,x bits,y,y bits,gradient,gradient bits", ...lines, ""].join("\n");
}
