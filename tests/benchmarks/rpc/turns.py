"""What rpc_benchmark prints: one JSON object per line, first about the run, then turns."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, fields
from statistics import median
from typing import Any

FLOOR, FLOOR_TCP = "floor unix", "floor tcp"
RECTIFIER, RECTIFIER_TCP = "rectifier unix", "rectifier tcp"
# The same server, by the Open Inference Protocol.
INFERENCE, INFERENCE_TCP = "inference unix", "inference tcp"
HTTP_BINARY, HTTP_JSON = "http binary tcp", "http json tcp"
TWO_RECTIFIERS = "2 x rectifier tcp"
BUFFERS, STREAM = "rectifier buffers", "rectifier stream"
KERNEL = "kernel"  # in our own process
PIECES = "rectifier pieces"  # of what is streamed, as calls of 16 MiB
PROTOBUF, NUMPY = "protobuf unix", "numpy unix"
BESIDE = " beside"  # behind a side's name: while big calls run

KIB, MIB = 1 << 10, 1 << 20
REPLY = 2  # value and gradient: bytes of a reply for each of a request


@dataclass(frozen=True)
class Place:
    """What was asked for, in which study."""

    study: str
    tensor_bytes: int
    evaluations: int = 1
    inflight: int = 1
    connections: int = 1

    @property
    def payload(self) -> int:
        """Of a request, in one direction."""
        return self.tensor_bytes * self.evaluations


@dataclass(frozen=True)
class Turn:
    """One side's turn in one round. Seconds, bytes; `cpu` and `faults` are the servers'.

    `client_bytes`: the most that a client process of its own held beyond idle; else 0.
    """

    round: int
    calls: int
    seconds: float
    p50: float
    p99: float
    cpu: float
    faults: int
    peak_bytes: int
    idle_bytes: int
    client_bytes: int

    @property
    def rate(self) -> float:
        """Calls per second."""
        return self.calls / self.seconds


@dataclass(frozen=True)
class Figures:
    """A side at a place: medians over the rounds, but for CPU time, whose clock ticks slowly."""

    p50: float
    p99: float | None  # None where a turn has too few calls for it
    rate: float
    best_rate: float
    cpu: float  # seconds per call; 0 where there is no server
    faults: float  # per call
    peak_bytes: int
    idle_bytes: int
    client_bytes: int

    @property
    def server_bytes(self) -> int:
        """The most that the servers held beyond idle."""
        return self.peak_bytes - self.idle_bytes


FEWEST_FOR_P99 = 100


@dataclass
class Turns:
    run: dict[str, Any]  # scope, activation, rounds, turn, sides
    turns: dict[tuple[Place, str], list[Turn]] = field(default_factory=dict)

    def add(self, record: dict[str, Any]) -> None:
        place = Place(**{f.name: record[f.name] for f in fields(Place)})
        turn = Turn(**{f.name: record[f.name] for f in fields(Turn)})
        self.turns.setdefault((place, record["side"]), []).append(turn)

    def places(self, study: str) -> list[Place]:
        return list(dict.fromkeys(place for place, _ in self.turns if place.study == study))

    def sides(self, study: str) -> list[str]:
        return list(dict.fromkeys(side for place, side in self.turns if place.study == study))

    def find(self, place: Place, side: str) -> Figures | None:
        turns = self.turns.get((place, side))
        return _figures(turns) if turns else None

    def ratio(
        self, place: Place, side: str, other: str, what: Callable[[Turn], float]
    ) -> float | None:
        """The median of the rounds' ratios, side to other; None where either is missing."""
        ours, others = (self._by_round(place, name) for name in (side, other))
        shared = ours.keys() & others.keys()
        if not shared:
            return None
        return median(what(ours[number]) / what(others[number]) for number in shared)

    def _by_round(self, place: Place, side: str) -> dict[int, Turn]:
        return {turn.round: turn for turn in self.turns.get((place, side), [])}


def read(lines: Iterable[str]) -> Turns:
    run, *records = map(json.loads, lines)
    turns = Turns(run)
    for record in records:
        turns.add(record)
    return turns


def _figures(turns: list[Turn]) -> Figures:
    enough = min(turn.calls for turn in turns) >= FEWEST_FOR_P99
    return Figures(
        p50=median(turn.p50 for turn in turns),
        p99=median(turn.p99 for turn in turns) if enough else None,
        rate=median(turn.rate for turn in turns),
        best_rate=max(turn.rate for turn in turns),
        cpu=sum(turn.cpu for turn in turns) / sum(turn.calls for turn in turns),
        faults=median(turn.faults / turn.calls for turn in turns),
        peak_bytes=max(turn.peak_bytes for turn in turns),
        idle_bytes=turns[0].idle_bytes,
        client_bytes=max(turn.client_bytes for turn in turns),
    )
