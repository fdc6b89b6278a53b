"""Holds the server's results to the oracle's: the bounds are those that the catalogue states."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from typing import Any

import catalogue

from drafts import Answer
from formats import FORMATS
from oracle import ACTIVATIONS, Exacts, Maybe, sum_of
from vectors import Evaluation, Result, Tensor

# Of elementwise results, for arguments other than the defaults (core/accuracy.h).
PROMISED = {"float64": 2.0, "float32": 1.0, "float16": 0.5, "bfloat16": 0.5}
# A product with the upstream, or a sum, is rounded once more in the working precision.
ROUNDING = {"float64": 0.5, "float32": 0.01, "float16": 0.01, "bfloat16": 0.01}


@dataclass
class Tally:
    """How many elements are the exact result rounded to nearest even, and how many are not."""

    counts: Counter[tuple[str, str, bool]] = field(default_factory=Counter)
    beside: Counter[str] = field(default_factory=Counter)  # by activation
    unknown: int = 0  # the formula has no result there

    def total(self, type_: str) -> int:
        return sum(n for (t, _, _), n in self.counts.items() if t == type_)

    def differing(self, type_: str) -> int:
        return sum(n for (t, _, same), n in self.counts.items() if t == type_ and not same)


@cache
def _accuracies() -> dict[str, Any]:
    entries = json.loads(catalogue.CATALOGUE.read_text())["activations"]
    return {entry["name"]: entry["accuracy"] for entry in entries}


def bound(activation: str, quantity: str, type_: str, at_defaults: bool) -> float:
    entry = _accuracies()[activation]["bounds"][quantity][type_]
    known = entry["evidence"] == "stated" or (entry["evidence"] == "exhaustive" and at_defaults)
    most = float(entry["max_ulp"])
    return most if known else max(most, PROMISED[type_])


def hold(evaluation: Evaluation, answer: Answer, result: Result, tally: Tally) -> Iterator[str]:
    """What is missing, or beyond its bound; counts the elements."""
    exacts = answer.exacts()
    gradients = len(exacts.gradients) if "gradient" in evaluation.quantities else 0
    if len(result.gradients) != gradients:
        yield f"{len(result.gradients)} gradients instead of {gradients}"
    names = set(exacts.terms) if "parameter_gradient" in evaluation.quantities else set()
    if set(result.parameter_gradients) != names:
        yield f"gradients by {list(result.parameter_gradients)} instead of {names}"
    for quantity in ("value", "second_derivative"):
        if (getattr(result, quantity) is not None) != (quantity in evaluation.quantities):
            yield f"{quantity}: there, and not asked for, or the other way round"
    yield from _Holder(answer, evaluation.upstream is not None, tally).hold(exacts, result)


@dataclass
class _Holder:
    answer: Answer
    has_upstream: bool
    tally: Tally

    def hold(self, exacts: Exacts, result: Result) -> Iterator[str]:
        if result.value is not None:
            yield from self._hold("value", result.value, exacts.value, 0.0)
        for tensor, exact in zip(result.gradients, exacts.gradients, strict=False):
            yield from self._hold("gradient", tensor, exact, self._rounding(tensor))
        if result.second_derivative is not None:
            tensor = result.second_derivative
            exact = exacts.second_derivative
            yield from self._hold("second_derivative", tensor, exact, self._rounding(tensor))
        for name, tensor in result.parameter_gradients.items():
            yield from self._hold_sums(name, tensor, exacts.terms[name])

    def _rounding(self, tensor: Tensor) -> float:
        return ROUNDING[tensor.type] if self.has_upstream else 0.0

    def _hold(
        self, quantity: str, tensor: Tensor, exacts: Sequence[Maybe], rounding: float
    ) -> Iterator[str]:
        most = bound(self.answer.activation, quantity, tensor.type, self.answer.at_defaults)
        largest = self._largest(quantity, tensor, exacts)
        assert len(exacts) == len(tensor.numbers), f"{quantity}: {tensor.shape}, {len(exacts)}"
        for i, (number, exact) in enumerate(zip(tensor.numbers, exacts, strict=True)):
            if self._known(tensor, i, exact):
                error = self._error(quantity, tensor, i, number, exact, most, largest)
                if error > most + rounding + 1e-4:
                    yield f"{quantity}[{i}]: {number!r} is {error:.4f} ULP off, bound {most}"

    def _error(
        self,
        quantity: str,
        tensor: Tensor,
        i: int,
        number: float,
        exact: Maybe,
        most: float,
        largest: Fraction | None,
    ) -> float:
        assert exact is not None
        format_ = FORMATS[tensor.type]
        error = format_.error(number, exact)
        if largest is not None and math.isfinite(error):
            error *= float(format_.ulp(exact) / format_.ulp(largest))
        spot = self._hard_spot(quantity, i) if tensor.type == "float64" else None
        if spot is not None and math.isfinite(number):
            absolute = float(abs(Fraction(number) - Fraction(exact)))
            error = min(error, most * absolute / spot)
        return error

    def _largest(self, quantity: str, tensor: Tensor, exacts: Sequence[Maybe]) -> Fraction | None:
        """The gradient of a row is a difference: in float64 its unit is that of the largest."""
        is_row = ACTIVATIONS[self.answer.activation].kind == "rows"
        if not is_row or quantity != "gradient" or tensor.type != "float64":
            return None
        finite = [Fraction(e) for e in exacts if e is not None and math.isfinite(e)]
        return max((abs(number) for number in finite), default=None)

    def _hard_spot(self, quantity: str, i: int) -> float | None:
        """The absolute error allowed in a hard spot of the catalogue, for default arguments."""
        if i >= len(self.answer.places):
            return None
        for spot in _accuracies()[self.answer.activation]["hard_spots"]:
            if spot["quantity"] == quantity and (
                spot["low"] <= self.answer.places[i] <= spot["high"] or spot["times"]
            ):
                return float(spot["absolute_error"])
        return None

    def _hold_sums(
        self, name: str, tensor: Tensor, terms: Sequence[Sequence[Maybe]]
    ) -> Iterator[str]:
        """Terms may cancel: the unit of a sum is that of the sum of their sizes."""
        quantity = "parameter_gradient"
        most = bound(self.answer.activation, quantity, tensor.type, self.answer.at_defaults)
        working = bound(self.answer.activation, quantity, "float64", self.answer.at_defaults)
        format_ = FORMATS[tensor.type]
        for i, (number, group) in enumerate(zip(tensor.numbers, terms, strict=True)):
            exact = sum_of(group)
            if not self._known(tensor, i, exact):
                continue
            assert exact is not None
            if isinstance(exact, float) and not math.isfinite(exact):
                off = format_.error(number, exact)
                if off > 0:
                    yield f"d/{name}[{i}]: {number!r} instead of {exact}"
                continue
            size = sum((abs(Fraction(t)) for t in group if t is not None), Fraction(0))
            if not math.isfinite(number):
                yield f"d/{name}[{i}]: {number!r} instead of {float(exact)}"
                continue
            difference = abs(Fraction(number) - Fraction(exact))
            allowed = (most + 0.01) * format_.ulp(exact)
            allowed += (working + 1) * FORMATS["float64"].ulp(size)
            if difference > allowed:
                yield f"d/{name}[{i}]: {number!r} is off by {float(difference)}"

    def _known(self, tensor: Tensor, i: int, exact: Maybe) -> bool:
        """Counts the element; whether the oracle has a result for it."""
        if exact is None:
            self.tally.unknown += 1
            return False
        size = FORMATS[tensor.type].size
        bits = tensor.data[i * size : (i + 1) * size]
        numbers = FORMATS[tensor.type].unpack(bits)
        is_zero = exact == 0 and numbers == [0.0]
        is_nan = isinstance(exact, float) and math.isnan(exact) and math.isnan(numbers[0])
        same = is_zero or is_nan or FORMATS[tensor.type].nearest(exact) == bits
        self.tally.counts[tensor.type, self.answer.activation, same] += 1
        if not same:
            self.tally.beside[self.answer.activation] += 1
        return True
