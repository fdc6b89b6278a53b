/** The catalogue: search by any name, and all that is known of one activation. */

import type { ComponentChildren, VNode } from "preact";
import { useMemo } from "preact/hooks";

import { defaultOf, entryOf } from "../activation";
import type { Catalogue, Entry } from "../catalogue";
import { FRAMEWORKS } from "../catalogue";
import { Button } from "../controls";
import { ELEMENT_TYPES, toMessage } from "../element_type";
import { typeset } from "../formula/mathml";
import type { AccuracyJson } from "../messages/rectifier/v1/activation_pb";
import type { State } from "../state";
import { chosen, numberText } from "../state";

interface Properties {
  readonly state: State;
  readonly catalogue: Catalogue | undefined;
  readonly update: (change: Partial<State>) => void;
}

export function CatalogueSection({ state, catalogue, update }: Properties): VNode {
  const found = useMemo(() => catalogue?.search(state.search) ?? [], [catalogue, state.search]);
  const entry = catalogue?.find(state.entry) ?? found[0];
  return (
    <div class="split">
      <search class="controls">
        <label class="field">
          <span>Search</span>
          <input
            type="search"
            value={state.search}
            placeholder="torch.nn.GELU, hard swish, …"
            onInput={(event) => {
              update({ search: event.currentTarget.value, entry: "" });
            }}
          />
        </label>
        <p role="status">
          {catalogue !== undefined && `${found.length} of ${catalogue.entries.length} activations`}
        </p>
        <ul class="found">
          {found.map((each) => (
            <li key={each.name}>
              <button
                type="button"
                aria-current={each === entry}
                onClick={() => {
                  update({ entry: each.name });
                }}
              >
                <b>{each.name}</b> <span>{each.description.summary}</span>
              </button>
            </li>
          ))}
        </ul>
      </search>
      <div class="main">
        {entry !== undefined && catalogue !== undefined && (
          <Details {...{ entry, catalogue, state, update }} />
        )}
      </div>
    </div>
  );
}

function Details(properties: {
  readonly entry: Entry;
  readonly catalogue: Catalogue;
  readonly state: State;
  readonly update: (change: Partial<State>) => void;
}): VNode {
  const { entry, catalogue } = properties;
  const { description } = entry;
  const others = (description.otherNames ?? []).map(
    (other) => `${other.name ?? ""} (${other.arguments ?? ""})`,
  );
  return (
    <article aria-labelledby="entry">
      <h2 id="entry">{entry.name}</h2>
      <p>{description.summary}</p>
      <Uses {...properties} />
      <Part title="Formula">
        {entry.formula !== undefined && (
          <div class="formula" tabIndex={0} role="region" aria-label="Formula">
            {typeset(entry.formula)}
          </div>
        )}
        <code class="formula-text">{description.formula}</code>
      </Part>
      {entry.parameters.length > 0 && <Parameters entry={entry} />}
      <Presets {...{ entry, catalogue }} />
      {description.conventions !== undefined && (
        <Part title="Conventions">
          <p>{description.conventions}</p>
        </Part>
      )}
      <Accuracy accuracies={description.accuracies ?? []} />
      <Part title="Other names">
        <p>{[...(description.aliases ?? []), ...others].join(", ") || "none"}</p>
      </Part>
      <Part title="Source">
        <p>
          {description.source}
          {description.sourceChecked === true &&
            " (formula and defaults were compared with what it says)"}
        </p>
      </Part>
    </article>
  );
}

function Part(properties: { readonly title: string; readonly children: ComponentChildren }): VNode {
  return (
    <section aria-label={properties.title}>
      <h3>{properties.title}</h3>
      {properties.children}
    </section>
  );
}

/** Ways to see it. */
function Uses(properties: {
  readonly entry: Entry;
  readonly state: State;
  readonly update: (change: Partial<State>) => void;
}): VNode {
  const { entry, state, update } = properties;
  if (entry.kind === "rows") {
    return (
      <Button
        onClick={() => {
          update({ section: "rows", row: chosen(entry.name), output: 0 });
        }}
      >
        Show on a row
      </Button>
    );
  }
  if (entry.kind === "pairs") {
    return (
      <Button
        onClick={() => {
          update({ section: "pairs", pair: chosen(entry.name) });
        }}
      >
        Show on the plane
      </Button>
    );
  }
  return (
    <div class="buttons">
      <Button
        onClick={() => {
          update({ section: "plot", curves: [chosen(entry.name)], y: undefined });
        }}
      >
        Plot
      </Button>
      <Button
        onClick={() => {
          const before = state.curves.slice(-5);
          update({ section: "plot", curves: [...before, chosen(entry.name)], y: undefined });
        }}
      >
        Add to the plot
      </Button>
    </div>
  );
}

function Parameters({ entry }: { readonly entry: Entry }): VNode {
  return (
    <Part title="Parameters">
      <Table head={["name", "default", "range", "gradient", "what it is"]}>
        {entry.parameters.map((parameter) => (
          <tr key={parameter.name}>
            <th scope="row">{[parameter.name, ...parameter.aliases].join(", ")}</th>
            <td>{defaultText(parameter.defaultWord, parameter.defaultNumber, parameter.type)}</td>
            <td>{parameter.words.length > 0 ? parameter.words.join(", ") : parameter.range}</td>
            <td>{parameter.learnable ? "yes" : "no"}</td>
            <td>{parameter.summary}</td>
          </tr>
        ))}
      </Table>
    </Part>
  );
}

function defaultText(word: string, number: number, type: string): string {
  if (type === "PARAMETER_TYPE_SEED" || type === "PARAMETER_TYPE_MASK") return "none";
  return word === "" ? short(number) : word;
}

/** Six digits tell the defaults apart. */
function short(value: number | string): string {
  return numberText(typeof value === "number" ? Number(value.toPrecision(6)) : value);
}

function Table(properties: {
  readonly head: readonly string[];
  readonly children: ComponentChildren;
}): VNode {
  return (
    <div class="wide" tabIndex={0} role="region" aria-label={properties.head.join(", ")}>
      <table>
        <thead>
          <tr>
            {properties.head.map((title) => (
              <th key={title} scope="col">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{properties.children}</tbody>
      </table>
    </div>
  );
}

/** What each framework means by the name, side by side. */
function Presets(properties: { readonly entry: Entry; readonly catalogue: Catalogue }): VNode {
  const { entry, catalogue } = properties;
  const cases = ["", ...FRAMEWORKS].map((preset) => ({ ...chosen(entry.name), preset }));
  const meant = cases.map((each) => entryOf(catalogue, each)?.name ?? entry.name);
  const parameters = entry.parameters.filter(
    ({ type }) => type !== "PARAMETER_TYPE_SEED" && type !== "PARAMETER_TYPE_MASK",
  );
  return (
    <Part title="Presets">
      <Table head={["", "none", ...FRAMEWORKS]}>
        <tr>
          <th scope="row">activation</th>
          {meant.map((name, i) => (
            <td key={i} class={name === meant[0] ? "" : "differs"}>
              {name}
            </td>
          ))}
        </tr>
        {parameters.map((parameter) => {
          const texts = cases.map((each) => short(defaultOf(catalogue, each, parameter)));
          return (
            <tr key={parameter.name}>
              <th scope="row">{parameter.name}</th>
              {texts.map((text, i) => (
                <td key={i} class={text === texts[0] ? "" : "differs"}>
                  {text}
                </td>
              ))}
            </tr>
          );
        })}
      </Table>
      <NamedPresets entry={entry} />
    </Part>
  );
}

/** Presets that hold for some of the names alone, which the table cannot show. */
function NamedPresets({ entry }: { readonly entry: Entry }): VNode | null {
  const lines = (entry.description.presets ?? [])
    .filter((preset) => preset.names !== undefined)
    .map((preset) => {
      const means =
        preset.activation ??
        `${preset.parameter ?? ""} = ${preset.word ?? numberText(preset.number === undefined ? 0 : Number(preset.number))}`;
      const where = preset.framework === undefined ? "everywhere" : `under ${preset.framework}`;
      return `${preset.names?.join(", ") ?? ""} ${where}: ${means}`;
    });
  if (lines.length === 0) return null;
  return (
    <ul>
      {lines.map((line) => (
        <li key={line}>{line}</li>
      ))}
    </ul>
  );
}

const EVIDENCE: Record<string, string> = {
  ACCURACY_EVIDENCE_EXHAUSTIVE: "all inputs",
  ACCURACY_EVIDENCE_SAMPLED: "a sample",
  ACCURACY_EVIDENCE_STATED: "stated",
};

function Accuracy({ accuracies }: { readonly accuracies: readonly AccuracyJson[] }): VNode {
  const quantities = [...new Set(accuracies.map(({ quantity }) => quantity))];
  const notes = [...new Set(accuracies.flatMap(({ note }) => note ?? []))];
  return (
    <Part title="Worst errors, in units in the last place">
      <Table head={["", ...ELEMENT_TYPES]}>
        {quantities.map((quantity) => (
          <tr key={quantity}>
            <th scope="row">
              {(quantity ?? "").slice("QUANTITY_".length).toLowerCase().replaceAll("_", " ")}
            </th>
            {ELEMENT_TYPES.map((type) => (
              <td key={type}>
                {boundText(
                  accuracies.find(
                    (each) => each.quantity === quantity && each.elementType === toMessage(type),
                  ),
                )}
              </td>
            ))}
          </tr>
        ))}
      </Table>
      <p class="hint">0.5 is correct rounding. In brackets stands what was tried.</p>
      {notes.map((note) => (
        <p key={note}>{note}</p>
      ))}
    </Part>
  );
}

function boundText(accuracy: AccuracyJson | undefined): string {
  if (accuracy === undefined) return "";
  const evidence = EVIDENCE[accuracy.evidence ?? ""] ?? "";
  return `${Number(Number(accuracy.maxUlp ?? 0).toPrecision(4))} (${evidence})`;
}
