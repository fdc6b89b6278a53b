"""Drafts of cases: what is asked, and how the oracle answers it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from formats import FORMATS
from oracle import Array, Exacts
from vectors import Argument, Case, Evaluation, Tensor


@dataclass(frozen=True)
class Answer:
    """The oracle's answer to one evaluation, computed when it is asked for."""

    activation: str  # the canonical name
    exacts: Callable[[], Exacts]
    places: tuple[float, ...] = ()  # by element of the input, its x or gate, for hard spots
    at_defaults: bool = True


@dataclass
class Draft:
    """A case that is being written."""

    name: str
    tensors: list[Tensor] = field(default_factory=list)
    evaluations: list[Evaluation] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)

    def tensor(self, type_: str, shape: Sequence[int], numbers: Sequence[float]) -> int:
        self.tensors.append(Tensor.of(type_, shape, numbers))
        return len(self.tensors) - 1

    def array(self, index: int) -> Array:
        """What the server gets: the numbers as they were rounded."""
        tensor = self.tensors[index]
        return np.array(tensor.numbers, dtype=np.float64).reshape(tensor.shape)

    def ask(self, evaluation: Evaluation, answer: Answer) -> None:
        self.evaluations.append(evaluation)
        self.answers.append(answer)

    def case(self) -> Case:
        return Case(self.name, tuple(self.tensors), tuple(self.evaluations))


def cycle(numbers: Sequence[float], count: int, start: int = 0) -> list[float]:
    return [numbers[(start + i) % len(numbers)] for i in range(count)]


def rounded(type_: str, numbers: Sequence[float]) -> list[float]:
    return [FORMATS[type_].rounded(number) for number in numbers]


Arguments = dict[str, Argument]

# Upstreams, which every type holds.
UPSTREAM = (0.625, -1.5, 1.0, 0.375, -0.75, 2.0, -0.125)
