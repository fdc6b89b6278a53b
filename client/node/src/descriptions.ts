/** Messages about the catalogue and the server to plain objects. */

import type {
  Accuracy,
  ActivationDescription,
  Limits,
  ParameterDescription,
  Preset,
  ServerInfo,
} from "./catalogue.js";
import type {
  Accuracy as AccuracyMessage,
  ActivationDescription as ActivationMessage,
  GetServerInfoResponse,
  Limits as LimitsMessage,
  ParameterDescription as ParameterMessage,
  Preset as PresetMessage,
} from "./messages/rectifier/v1/activation_pb.js";
import {
  AccuracyEvidence,
  ActivationKind,
  ElementType,
  LimitsSchema,
  ParameterShape,
  ParameterType,
  Quantity,
} from "./messages/rectifier/v1/activation_pb.js";

/** An activation's description. */
export function toActivationDescription(message: ActivationMessage): ActivationDescription {
  return {
    name: message.name,
    aliases: message.aliases,
    kind: word(ActivationKind, message.kind),
    summary: message.summary,
    formula: message.formula,
    parameters: message.parameters.map(toParameter),
    quantities: message.quantities.map((quantity) => word(Quantity, quantity)),
    elementTypes: message.elementTypes.map((type) => word(ElementType, type)),
    presets: message.presets.map(toPreset),
    source: message.source,
    sourceChecked: message.sourceChecked,
    conventions: message.conventions,
    accuracies: message.accuracies.map(toAccuracy),
    exactNames: message.exactNames,
    otherNames: message.otherNames.map(({ name, arguments: given }) => ({
      name,
      arguments: given,
    })),
  };
}

/** The server's description. */
export function toServerInfo(message: GetServerInfoResponse): ServerInfo {
  return {
    version: message.version,
    cpuTarget: message.cpuTarget,
    threads: message.threads,
    limits: toLimits(message.limits),
    transports: message.transports,
    buffersSocket: message.buffersSocket,
  };
}

// Counts of bytes are below 2^53 by far, so that a number holds them.
function toLimits(message: LimitsMessage | undefined): Limits {
  const limits = LimitsSchema.fields.map(({ localName }) => [
    localName,
    Number(message?.[localName as keyof Limits] ?? 0),
  ]);
  return Object.fromEntries(limits) as Record<keyof Limits, number>;
}

function toParameter(message: ParameterMessage): ParameterDescription {
  return {
    name: message.name,
    aliases: message.aliases,
    summary: message.summary,
    type: word(ParameterType, message.type),
    default: defaultOf(message),
    range: message.range,
    words: message.words,
    learnable: message.learnable,
    shape: word(ParameterShape, message.shape),
  };
}

function defaultOf(message: ParameterMessage): number | string | undefined {
  if (message.type === ParameterType.MASK || message.type === ParameterType.SEED) return undefined;
  return message.defaultWord === "" ? message.defaultNumber : message.defaultWord;
}

function toPreset(message: PresetMessage): Preset {
  const { framework, parameter, number, activation, names, tensorAxis } = message;
  return { framework, parameter, number, activation, names, word: message.word, tensorAxis };
}

function toAccuracy(message: AccuracyMessage): Accuracy {
  return {
    quantity: word(Quantity, message.quantity),
    elementType: word(ElementType, message.elementType),
    maxUlp: message.maxUlp,
    note: message.note,
    evidence: word(AccuracyEvidence, message.evidence),
    correctlyRounded: message.correctlyRounded,
  };
}

// The enumerator in lower case; of a newer server's, its number, which no program can know.
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- the caller's words
function word<Word extends string>(names: Record<number, string>, number: number): Word {
  return (names[number]?.toLowerCase() ?? String(number)) as Word;
}
