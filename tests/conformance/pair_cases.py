"""Cases of every gated pair: two tensors, one tensor in halves or interleaved, either gate."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np
from catalogue import Activation

from drafts import UPSTREAM, Answer, Arguments, Draft, cycle, rounded
from formats import FLOATS
from oracle import ACTIVATIONS, Array, Exacts, Maybe, pairs, split
from vectors import Evaluation

GATES = (-30.0, -2.5, -0.75, -0.125, 0.0, 0.5, 1.75, 6.0, 30.0)
VALUES = (1.0, -1.5, 0.7578125, -3.0, 8.5, 0.0625, -11.0)
SPECIAL_GATES = (math.nan, -math.inf, math.inf, -0.0, 0.0, 1.0, 1.0, -2.0)
SPECIAL_VALUES = (1.5, 1.5, -1.5, 2.0, -2.0, math.nan, math.inf, -0.0)


def _joined(first: Array, second: Array, axis: int, interleaved: bool) -> Array:
    """One tensor, of which the two are the halves, or every other element."""
    first, second = np.moveaxis(first, axis, -1), np.moveaxis(second, axis, -1)
    if interleaved:
        joined = np.stack([first, second], axis=-1).reshape(*first.shape[:-1], -1)
    else:
        joined = np.concatenate([first, second], axis=-1)
    return np.moveaxis(joined, -1, axis)


def _in_two(
    activation: Activation, type_: str, name: str, gates: Sequence[float], values: Sequence[float],
    first: bool, numbers: dict[str, float], upstream: bool,
) -> Draft:  # fmt: skip
    draft = Draft(f"{activation.name} {type_} {name}")
    given = {"gate": rounded(type_, gates), "value": rounded(type_, values)}
    order = ("gate", "value") if first else ("value", "gate")
    index = {key: draft.tensor(type_, [len(gates)], given[key]) for key in order}
    if upstream:
        draft.tensor(type_, [len(gates)], cycle(UPSTREAM, len(gates)))
    arguments: Arguments = {"gate": "first" if first else "second", **numbers}

    def exacts() -> Exacts:
        gate, value = draft.array(index["gate"]), draft.array(index["value"])
        dy = draft.array(2) if upstream else None
        found = pairs(activation.name, gate, value, numbers, dy)
        return Exacts(found["value"], [found[f"d/{key}"] for key in order])

    draft.ask(
        Evaluation(
            activation.name,
            (0, 1),
            arguments,
            "",
            ("value", "gradient"),
            2 if upstream else None,
        ),
        Answer(activation.name, exacts, tuple(gates), not numbers),
    )
    return draft


def _in_one(
    activation: Activation, type_: str, axis: int, first: bool | None, interleaved: bool | None
) -> Draft:
    """What is None is not given: then the activation's own default holds."""
    words = {p.name: p.words[0] for p in activation.parameters if p.type == "word"}
    arguments: Arguments = {}
    if first is not None:
        arguments["gate"] = words["gate"] = "first" if first else "second"
    if interleaved is not None:
        arguments["layout"] = words["layout"] = "interleaved" if interleaved else "halves"
    if axis != -1:
        arguments["axis"] = float(axis)
    said = ", ".join(f"{k}={v}" for k, v in arguments.items()) or "defaults"
    draft = Draft(f"{activation.name} {type_} in one tensor, {said}")
    gates = np.array(rounded(type_, cycle(GATES, 6))).reshape(2, 3)
    values = np.array(rounded(type_, cycle(VALUES, 6))).reshape(2, 3)
    is_first, is_interleaved = words["gate"] == "first", words["layout"] == "interleaved"
    parts = (gates, values) if is_first else (values, gates)
    joined = _joined(*parts, axis, is_interleaved)
    draft.tensor(type_, joined.shape, joined.reshape(-1).tolist())
    draft.tensor(type_, (2, 3), cycle(UPSTREAM, 6))

    def exacts() -> Exacts:
        gate, value = split(draft.array(0), axis, is_first, is_interleaved)
        found = pairs(activation.name, gate, value, {}, draft.array(1))
        by_part: list[list[Maybe]] = [found["d/gate"], found["d/value"]]
        by_part = by_part if is_first else by_part[::-1]
        index = _joined(
            np.arange(6).reshape(2, 3), np.arange(6, 12).reshape(2, 3), axis, is_interleaved
        )
        flat = [*by_part[0], *by_part[1]]
        return Exacts(found["value"], [[flat[i] for i in index.reshape(-1).tolist()]])

    draft.ask(
        Evaluation(activation.name, (0,), arguments, "", ("value", "gradient"), 1),
        Answer(activation.name, exacts),
    )
    return draft


def _other_numbers(activation: Activation) -> dict[str, float]:
    return {p.name: 0.75 for p in activation.numbers}


def in_two_gate_second(activation: Activation, type_: str) -> Draft:
    return _in_two(
        activation, type_, "in two tensors, the gate second",
        GATES, cycle(VALUES, len(GATES)), False, _other_numbers(activation), True,
    )  # fmt: skip


def drafts() -> Iterator[Draft]:
    for activation in ACTIVATIONS.values():
        if activation.kind != "pairs":
            continue
        for turn, type_ in enumerate(FLOATS):
            yield _in_two(
                activation, type_, "special values",
                SPECIAL_GATES, SPECIAL_VALUES, True, {}, False,
            )  # fmt: skip
            yield in_two_gate_second(activation, type_)
            yield _in_one(activation, type_, -1, None, None)
            yield _in_one(activation, type_, 0, turn % 2 == 0, turn < 2)
