/** The parts that all sections have: choices, sliders, errors, what can be copied. */

import type { ComponentChildren, VNode } from "preact";
import { useId, useState } from "preact/hooks";

import { defaultOf, entryOf, valueOf } from "./activation";
import type { Catalogue, Kind, Parameter } from "./catalogue";
import { FRAMEWORKS, parseNumber, rangeOf } from "./catalogue";
import { ELEMENT_TYPES, type ElementType } from "./element_type";
import type { Chosen } from "./state";
import { numberText } from "./state";

export function Choice<Word extends string>(properties: {
  readonly label: string;
  readonly value: Word;
  readonly words: readonly (readonly [Word, string])[];
  readonly onChange: (word: Word) => void;
}): VNode {
  const { label, value, words, onChange } = properties;
  return (
    <label class="field">
      <span>{label}</span>
      <select
        value={value}
        onChange={(event) => {
          onChange(event.currentTarget.value as Word);
        }}
      >
        {words.map(([word, text]) => (
          <option key={word} value={word}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}

export function TypeChoice(properties: {
  readonly value: ElementType;
  readonly onChange: (type: ElementType) => void;
}): VNode {
  return (
    <Choice
      label="Element type"
      words={ELEMENT_TYPES.map((type) => [type, type])}
      {...properties}
    />
  );
}

export function Check(properties: {
  readonly label: ComponentChildren;
  readonly isOn: boolean;
  readonly isDisabled?: boolean;
  readonly onChange: (isOn: boolean) => void;
}): VNode {
  return (
    <label class="check">
      <input
        type="checkbox"
        checked={properties.isOn}
        disabled={properties.isDisabled ?? false}
        onChange={(event) => {
          properties.onChange(event.currentTarget.checked);
        }}
      />
      <span>{properties.label}</span>
    </label>
  );
}

/** A number: a slider for the usual ones, and a box for all. */
export function Slider(properties: {
  readonly label: string;
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly onChange: (value: number) => void;
}): VNode {
  const { label, value, low, high, onChange } = properties;
  const id = useId();
  return (
    <div class="slider">
      <label for={id}>{label}</label>
      <input
        type="range"
        aria-label={`${label}, slider`}
        min={low}
        max={high}
        step={stepOf(low, high)}
        value={Math.min(Math.max(value, low), high)}
        onInput={(event) => {
          onChange(Number(event.currentTarget.valueAsNumber.toPrecision(6)));
        }}
      />
      <NumberBox id={id} value={value} onChange={onChange} />
    </div>
  );
}

/** Takes any number, infinities among them, when it is left or Enter is pressed. */
function NumberBox(properties: {
  readonly id: string;
  readonly value: number;
  readonly onChange: (value: number) => void;
}): VNode {
  const { id, value, onChange } = properties;
  const [isWrong, setWrong] = useState(false);
  return (
    <input
      id={id}
      type="text"
      inputMode="text"
      autocomplete="off"
      value={numberText(value)}
      aria-invalid={isWrong}
      onChange={(event) => {
        const number = parseNumber(event.currentTarget.value);
        setWrong(Number.isNaN(number));
        if (!Number.isNaN(number)) onChange(number);
      }}
    />
  );
}

/** What a slider goes through: around the default, within what is allowed, in round steps. */
export function sliderRange(parameter: Parameter, initial: number): { low: number; high: number } {
  const allowed = rangeOf(parameter.range);
  const middle = Number.isFinite(initial) ? initial : 0;
  const reach = Math.max(3, 2 * Math.abs(middle));
  const step = stepOf(middle - reach, middle + reach);
  const low = Math.max(middle - reach, allowed.low + (allowed.hasLow ? 0 : step));
  const high = Math.min(middle + reach, allowed.high - (allowed.hasHigh ? 0 : step));
  return {
    low: Number((Math.ceil(low / step) * step).toPrecision(12)),
    high: Number((Math.floor(high / step) * step).toPrecision(12)),
  };
}

/** Some hundreds of steps, of 1, 0.1, 0.01, … each. */
function stepOf(low: number, high: number): number {
  return 10 ** Math.floor(Math.log10((high - low) / 100));
}

/** The name, preset and parameters of one activation. */
export function ActivationControls(properties: {
  readonly catalogue: Catalogue | undefined;
  readonly kind: Kind;
  readonly chosen: Chosen;
  /** Parameters that this section has no use for. */
  readonly without?: readonly string[];
  readonly onChange: (chosen: Chosen) => void;
}): VNode {
  const { catalogue, kind, chosen, without = [], onChange } = properties;
  const entry = entryOf(catalogue, chosen);
  const entries = catalogue?.ofKind(kind).map(({ name }) => name) ?? [];
  const names = entries.includes(chosen.name) ? entries : [chosen.name, ...entries];
  const presets = ["", ...FRAMEWORKS] as const;
  const set = (name: string, value: number | string | undefined): void => {
    const others = Object.entries(chosen.arguments).filter(([key]) => key !== name);
    const own = value === undefined ? [] : [[name, value] as const];
    onChange({ ...chosen, arguments: Object.fromEntries([...others, ...own]) });
  };
  return (
    <div class="activation">
      <div class="pair">
        <Choice
          label="Activation"
          value={chosen.name}
          words={names.map((name) => [name, name])}
          onChange={(name) => {
            onChange({ name, preset: "", arguments: {} });
          }}
        />
        <Choice
          label="Preset"
          value={chosen.preset}
          words={presets.map((name) => [name, name === "" ? "none" : name])}
          onChange={(preset) => {
            onChange({ ...chosen, preset });
          }}
        />
      </div>
      {(entry?.parameters ?? [])
        .filter((parameter) => !without.includes(parameter.name))
        .map((parameter) => (
          <ParameterControl
            key={parameter.name}
            parameter={parameter}
            value={valueOf(catalogue, chosen, parameter)}
            initial={defaultOf(catalogue, chosen, parameter)}
            isGiven={parameter.name in chosen.arguments}
            onChange={(value) => {
              set(parameter.name, value);
            }}
          />
        ))}
    </div>
  );
}

function ParameterControl(properties: {
  readonly parameter: Parameter;
  readonly value: number | string;
  readonly initial: number | string;
  readonly isGiven: boolean;
  readonly onChange: (value: number | string | undefined) => void;
}): VNode | null {
  const { parameter, value, initial, isGiven, onChange } = properties;
  switch (parameter.type) {
    case "PARAMETER_TYPE_NUMBER":
    case "PARAMETER_TYPE_INTEGER":
      return (
        <Slider
          label={parameter.name}
          value={Number(value)}
          {...(parameter.type === "PARAMETER_TYPE_INTEGER"
            ? { low: 0, high: 10 }
            : sliderRange(parameter, Number(initial)))}
          onChange={(number) => {
            const isWhole = parameter.type === "PARAMETER_TYPE_INTEGER";
            onChange(isWhole && Number.isFinite(number) ? Math.round(number) : number);
          }}
        />
      );
    case "PARAMETER_TYPE_WORD":
      return (
        <Choice
          label={parameter.name}
          value={String(value)}
          words={parameter.words.map((word) => [word, word])}
          onChange={onChange}
        />
      );
    case "PARAMETER_TYPE_SEED":
      return (
        <div class="seed">
          <Check
            label={`${parameter.name}: draw at random`}
            isOn={isGiven}
            onChange={(isOn) => {
              onChange(isOn ? 1 : undefined);
            }}
          />
          {isGiven && (
            <Slider
              label={parameter.name}
              value={Number(value)}
              low={0}
              high={100}
              onChange={(number) => {
                onChange(Math.round(number));
              }}
            />
          )}
        </div>
      );
    default:
      return null; // masks and axes: the vectors here are short, and have one axis
  }
}

export function Failure({ error }: { readonly error: Error | undefined }): VNode {
  return (
    <div role="alert" class={error === undefined ? "failure empty" : "failure"}>
      {error?.message}
    </div>
  );
}

export function Button(properties: {
  readonly children: ComponentChildren;
  readonly label?: string;
  readonly onClick: () => void;
}): VNode {
  const { children, label, onClick } = properties;
  return (
    <button
      type="button"
      onClick={onClick}
      {...(label === undefined ? {} : { "aria-label": label })}
    >
      {children}
    </button>
  );
}
