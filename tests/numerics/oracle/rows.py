"""Formulas over a whole row: evaluated once, and differentiated in reverse.

The formula is one of `x`, of parameters, and of `i`, where the row keeps its length. It builds a
graph in which equal expressions are one node, so the sum that every output of a softmax shares is
one node too; a pass back over the graph gives the gradient of a row of n at the cost of n nodes,
not n*n.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from mpmath import mp, mpf

import ball
import thresholds
from ball import Ball
from catalogue import output_length
from exact import Exact, enclose_all
from formula import derivative_of
from points import RowCase

Key = tuple[str, tuple[int, ...], float]


@dataclass
class Graph:
    """Nodes in the order in which they were made: operands first."""

    nodes: list[Key] = field(default_factory=list)
    index: dict[Key, int] = field(default_factory=dict)

    def node(self, operation: str, *operands: int, constant: float = 0.0) -> Node:
        key = (operation, operands, constant)
        if key not in self.index:
            self.index[key] = len(self.nodes)
            self.nodes.append(key)
        return Node(self, self.index[key])

    def lift(self, operand: Node | float) -> Node:
        return operand if isinstance(operand, Node) else self.node("constant", constant=operand)


@dataclass(frozen=True, eq=False)
class Node:
    """A number that a formula computes with."""

    graph: Graph
    number: int

    def _with(self, operation: str, other: Node | float) -> Node:
        return self.graph.node(operation, self.number, self.graph.lift(other).number)

    def __add__(self, other: Node | float) -> Node:
        return self if other == 0 else self._with("add", other)  # sum() starts with 0

    def __mul__(self, other: Node | float) -> Node:
        return self._with("multiply", other)

    def __pow__(self, exponent: Node | float) -> Node:
        if isinstance(exponent, Node):
            return self._with("raise", exponent)
        return self.graph.node("power", self.number, constant=exponent)

    def __neg__(self) -> Node:
        return self * -1

    def __sub__(self, other: Node | float) -> Node:
        return self + -self.graph.lift(other)

    def __truediv__(self, other: Node | float) -> Node:
        return self * self.graph.lift(other) ** -1

    def __rsub__(self, other: float) -> Node:
        return -self + other

    def __rtruediv__(self, other: float) -> Node:
        return self**-1 * other

    __radd__ = __add__
    __rmul__ = __mul__


@dataclass(frozen=True)
class RowResult:
    """The value, and the gradients contracted with the upstream; the latter by parameter too."""

    value: list[Exact]
    gradient: list[Exact]
    by_parameter: dict[str, Exact]


class RowFormula:
    """A formula for rows of one length."""

    def __init__(
        self,
        formula: str,
        row_shape: str,
        length: int,
        parameters: Sequence[str] = (),
        draws: Sequence[float] = (),
        bias: Sequence[float] = (),
    ) -> None:
        """`draws` are the formula's `u`: a random number in (0, 1) for each element.

        What the formula calls `x` is the input with the bias added to it.
        """
        self._graph = Graph()
        inputs = [self._graph.node("input", constant=i) for i in range(length + len(parameters))]
        x: list[Node] = inputs[:length]
        if bias:
            x = [self._biased(node, b) for node, b in zip(x, bias, strict=True)]
        names: dict[str, Any] = {name: self._unary(name) for name in ball.FUNCTIONS}
        builtin = {"sum": sum, "len": len, "range": range, "zip": zip}
        names |= {"Max": self._largest, "x": x, "__builtins__": builtin}
        names |= {"first_largest": self._first_largest, "threshold": self._threshold}
        names["u"] = [self._graph.lift(draw) for draw in draws]
        names |= dict(zip(parameters, inputs[length:], strict=True))
        outputs = range(output_length(row_shape, length))
        self._outputs = [self._graph.lift(eval(formula, {**names, "i": i})).number for i in outputs]
        self._length = length
        self._bias = bias
        self._parameters = parameters

    def evaluate(self, case: RowCase) -> RowResult:
        """What is left out of the row is not in the case."""
        bias = self._bias or (0.0,) * len(case.x)
        x = [x if math.isfinite(b) else b for x, b in zip(case.x, bias, strict=True)]
        point = [*x, *(case.arguments[name] for name in self._parameters)]
        value = enclose_all(self._value, point)
        derivatives = _once_for_each_precision(lambda *x: self._gradient(x, case.upstream))
        gradient = enclose_all(lambda *x: derivatives(*x)[: self._length], point)
        by_parameter: dict[str, Exact] = {}
        if self._parameters and all(map(math.isfinite, (*case.x, *self._bias))):
            others = enclose_all(lambda *x: derivatives(*x)[self._length :], point)
            by_parameter = dict(zip(self._parameters, map(Exact.of, others), strict=True))
        return RowResult(
            [Exact.of(b) for b in value], [Exact.of(b) for b in gradient], by_parameter
        )

    def value(self, x: Sequence[float], arguments: Mapping[str, float]) -> list[Exact]:
        point = [*x, *(arguments[name] for name in self._parameters)]
        return [Exact.of(b) for b in enclose_all(self._value, point)]

    def _biased(self, x: Node, bias: float) -> Node:
        """Of an infinite bias it is the input that is infinite."""
        return x + bias if math.isfinite(bias) else x

    def _unary(self, name: str) -> Callable[[Node | float], Node]:
        return lambda operand: self._graph.node(name, self._graph.lift(operand).number)

    def _largest(self, *operands: Node | float) -> Node:
        numbers = (self._graph.lift(operand).number for operand in operands)
        return self._graph.node("largest", *numbers)

    def _first_largest(self, index: int, x: Sequence[Node]) -> Node:
        return self._graph.node("is", x[index].number, self._largest(*x).number)

    def _threshold(self, alpha: Node | float, x: Sequence[Node]) -> Node:
        numbers = (node.number for node in x)
        return self._graph.node("threshold", self._graph.lift(alpha).number, *numbers)

    def _value(self, *x: Ball) -> list[Ball]:
        values = self._forward(x)
        return [values[number] for number in self._outputs]

    def _forward(self, x: Sequence[Ball]) -> list[Ball]:
        values: list[Ball] = []
        for operation, operands, constant in self._graph.nodes:
            values.append(_apply(operation, [values[n] for n in operands], constant, x))
        return values

    def _gradient(self, x: Sequence[Ball], upstream: Sequence[float]) -> list[Ball]:
        values = self._forward(x)
        adjoints = [Ball(mpf(0))] * len(values)
        for number, cotangent in zip(self._outputs, upstream, strict=True):
            adjoints[number] += cotangent
        gradient = [Ball(mpf(0))] * (self._length + len(self._parameters))
        for number in reversed(range(len(values))):
            operation, operands, constant = self._graph.nodes[number]
            if operation == "input":
                gradient[int(constant)] = adjoints[number]
            slopes = _slopes(operation, [values[n] for n in operands], constant)
            for operand, slope in zip(operands, slopes, strict=True):
                adjoints[operand] += adjoints[number] * slope
        return gradient


def _apply(operation: str, operands: list[Ball], constant: float, x: Sequence[Ball]) -> Ball:
    match operation:
        case "input":
            return x[int(constant)]
        case "constant":
            return Ball(mpf(constant))
        case "add":
            return operands[0] + operands[1]
        case "multiply":
            return operands[0] * operands[1]
        case "power":
            return operands[0] ** constant
        case "raise":
            return _raised(*operands)
        case "largest":
            return ball.largest(*operands)
        case "is":
            return Ball(mpf(operands[0] is operands[1]))
        case "threshold":
            return thresholds.threshold(operands[0], operands[1:])
        case _:
            return ball.FUNCTIONS[operation](operands[0])


def _slopes(operation: str, operands: list[Ball], constant: float) -> Sequence[Ball | float]:
    """The derivative by each operand; a maximum that is reached twice passes to the first."""
    match operation:
        case "input" | "constant":
            return []
        case "add":
            return [1, 1]
        case "multiply":
            return [operands[1], operands[0]]
        case "power":
            return [operands[0] ** (constant - 1) * constant]
        case "raise":
            base, exponent = operands
            if base.exact and base.value == 0:
                return [0, 0]
            slope = exponent * _raised(base, exponent - 1)
            return [slope, _raised(base, exponent) * ball.FUNCTIONS["log"](base)]
        case "is":
            return [0.0, 0.0]
        case "threshold":
            return [*thresholds.slopes(operands[0], operands[1:])]
        case "largest":
            best = ball.largest(*operands)
            first = next(n for n, operand in enumerate(operands) if operand is best)
            return [float(n == first) for n in range(len(operands))]
        case _:
            return [derivative_of(operation)(operands[0])]


def _once_for_each_precision(function: Callable[..., list[Ball]]) -> Callable[..., list[Ball]]:
    """`function`, which is always called at the same point, and remembers its results."""
    results: dict[int, list[Ball]] = {}

    def remembered(*x: Ball) -> list[Ball]:
        if mp.prec not in results:
            results[mp.prec] = function(*x)
        return results[mp.prec]

    return remembered


def _raised(base: Ball, exponent: Ball) -> Ball:
    """A power of a number that is not negative, by an exponent that is positive if that is 0."""
    return base if base.exact and base.value == 0 else base**exponent
