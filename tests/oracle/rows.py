"""Formulas over a whole row: evaluated once, and differentiated in reverse.

The formula builds a graph in which equal expressions are one node, so the sum that every output of
a softmax shares is one node too; a pass back over the graph gives the gradient of a row of n at
the cost of n nodes, not n*n.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from mpmath import mpf

import ball
from ball import Ball
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

    def __pow__(self, exponent: float) -> Node:
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


class RowFormula:
    """A formula of `x` (and of `i`, where the row keeps its length), for rows of one length."""

    def __init__(self, formula: str, row_shape: str, length: int) -> None:
        self._graph = Graph()
        x = [self._graph.node("input", constant=i) for i in range(length)]
        names: dict[str, Any] = {name: self._unary(name) for name in ball.FUNCTIONS}
        builtin = {"sum": sum, "len": len, "range": range}
        names |= {"Max": self._largest, "x": x, "__builtins__": builtin}
        outputs = range(length) if row_shape == "keep" else [0]
        self._outputs = [self._graph.lift(eval(formula, {**names, "i": i})).number for i in outputs]
        self._length = length

    def evaluate(self, case: RowCase) -> tuple[list[Exact], list[Exact]]:
        """The value, and the gradient contracted with the upstream."""
        value = enclose_all(self._value, case.x)
        gradient = enclose_all(lambda *x: self._gradient(x, case.upstream), case.x)
        return [Exact.of(b) for b in value], [Exact.of(b) for b in gradient]

    def _unary(self, name: str) -> Callable[[Node | float], Node]:
        return lambda operand: self._graph.node(name, self._graph.lift(operand).number)

    def _largest(self, *operands: Node) -> Node:
        return self._graph.node("largest", *(operand.number for operand in operands))

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
        gradient = [Ball(mpf(0))] * self._length
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
        case "largest":
            return ball.largest(*operands)
        case _:
            return ball.FUNCTIONS[operation](operands[0])


def _slopes(operation: str, operands: list[Ball], constant: float) -> list[Ball | float]:
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
        case "largest":
            best = ball.largest(*operands)
            first = next(n for n, operand in enumerate(operands) if operand is best)
            return [float(n == first) for n in range(len(operands))]
        case _:
            return [derivative_of(operation)(operands[0])]
