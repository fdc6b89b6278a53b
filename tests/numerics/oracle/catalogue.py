"""The catalogue as Python sees it: a typed view of catalogue.json."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import groupby
from pathlib import Path
from typing import Any

ORACLE = Path(__file__).resolve().parent
ROOT = ORACLE.parents[2]
CATALOGUE = ORACLE / "catalogue.json"

BIAS = "bias"  # what is added to the elements of a row

LARGEST_RECIPROCAL = 1000


@dataclass(frozen=True)
class Parameter:
    name: str
    type: str  # number, integer, axes, word, seed, draw, mask
    default: float
    range_text: str
    low: float
    high: float
    low_open: bool
    high_open: bool
    words: tuple[str, ...]
    learnable: bool
    summary: str
    least_size: float = 0.0  # of the absolute value
    reciprocal: bool = False  # the double nearest to 1/n means 1/n, n up to LARGEST_RECIPROCAL

    def allows(self, argument: float) -> bool:
        above = argument > self.low if self.low_open else argument >= self.low
        below = argument < self.high if self.high_open else argument <= self.high
        return above and below and abs(argument) >= self.least_size

    def whole_reciprocal(self, argument: float) -> int | None:
        """The n of 1/n, where that is what the argument means."""
        if not self.reciprocal or not 1 / LARGEST_RECIPROCAL <= argument <= 1:
            return None
        n = round(1 / argument)
        return n if 1 / n == argument else None


@dataclass(frozen=True)
class SpecialValue:
    """What the entry states at one input, with default arguments."""

    x: float
    value: float
    derivative: float


@dataclass(frozen=True)
class Activation:
    name: str
    aliases: tuple[str, ...]
    kind: str  # elementwise, rows, pairs
    family: str
    heading: str
    summary: str
    formula: str
    parameters: tuple[Parameter, ...]
    quantities: tuple[str, ...]
    special_values: tuple[SpecialValue, ...]
    row_shape: str  # keep, twice, reduce, groups
    accuracy: dict[str, Any]  # bounds by quantity and element type, hard_spots, note
    source_checked: bool = False  # the formula was compared with what the source says
    conventions: str = ""
    variants: dict[str, str] = field(default_factory=dict)  # what a framework means by the name
    # The same by one alias, which goes before: alias, framework, activation.
    named_variants: tuple[tuple[str, str, str], ...] = ()

    @property
    def numbers(self) -> tuple[Parameter, ...]:
        """The parameters that the formula names; in a seed's place, the draw `u` that it gives.

        A row's draws are many, and no parameter; a bias is part of what the formula calls x.
        """
        named = ("number",) if self.kind == "rows" else ("number", "seed")
        return tuple(
            _draw_of(p) if p.type == "seed" else p
            for p in self.parameters
            if p.type in named and not (self.has_bias and p.name == BIAS)
        )

    @property
    def has_bias(self) -> bool:
        return self.kind == "rows" and any(p.name == BIAS for p in self.parameters)

    @property
    def is_random(self) -> bool:
        return any(p.type == "seed" for p in self.parameters)

    @property
    def defaults(self) -> dict[str, float]:
        return {p.name: p.default for p in self.numbers}


def output_length(row_shape: str, length: int) -> int:
    """How many elements a row of `length` gives."""
    return {"keep": length, "twice": 2 * length}.get(row_shape, 1)


def _draw_of(seed: Parameter) -> Parameter:
    return replace(seed, name="u", type="draw", low=0.0, high=1.0, low_open=False, high_open=True)


def load(path: Path = CATALOGUE) -> list[Activation]:
    return [_activation(entry) for entry in json.loads(path.read_text())["activations"]]


def by_family(activations: list[Activation]) -> Iterator[tuple[str, str, list[Activation]]]:
    """Name, heading and members of each family, in the catalogue's order."""
    for (family, heading), members in groupby(activations, lambda a: (a.family, a.heading)):
        yield family, heading, list(members)


def _activation(entry: dict[str, Any]) -> Activation:
    return Activation(
        name=entry["name"],
        aliases=tuple(entry["aliases"]),
        kind=entry["kind"],
        family=entry["family"],
        heading=entry["heading"],
        summary=entry["summary"],
        formula=entry["formula"],
        parameters=tuple(_parameter(p) for p in entry["parameters"]),
        quantities=tuple(entry["quantities"]),
        special_values=tuple(map(_special_value, entry["special_values"])),
        row_shape=entry["row_shape"],
        source_checked=entry["source_checked"],
        conventions=entry["conventions"],
        accuracy=entry["accuracy"],
        variants={v["framework"]: v["activation"] for v in entry["variants"] if not v["names"]},
        named_variants=tuple(
            (name, v["framework"], v["activation"])
            for v in entry["variants"]
            for name in v["names"]
        ),
    )


def _special_value(entry: dict[str, str]) -> SpecialValue:
    return SpecialValue(*(float.fromhex(entry[key]) for key in ("x", "value", "derivative")))


def _parameter(entry: dict[str, Any]) -> Parameter:
    interval = entry["range"]
    return Parameter(
        name=entry["name"],
        type=entry["type"],
        default=float(entry["default"]),
        range_text=interval["text"],
        low=float("-inf") if interval["low"] is None else interval["low"],
        high=float("inf") if interval["high"] is None else interval["high"],
        low_open=interval["low_open"],
        high_open=interval["high_open"],
        words=tuple(entry["words"]),
        learnable=entry["learnable"],
        summary=entry["summary"],
        least_size=interval["least_size"],
        reciprocal=entry["reciprocal"],
    )
