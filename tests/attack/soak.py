"""Mixed traffic for minutes, good, bad, cancelled, killed and hostile, after which nothing is left.

    soak.py MINUTES          # RECTIFIERD says which server is soaked

Every good reply has the bits that it must have. At the end there are as much memory and as many
threads as after the warm-up; then descriptors, buffers and budget are those of the idle server
before, and it ends with 0.
"""

from __future__ import annotations

import statistics
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import machine
from polite import Relu, Shared, Stream, Unary, numbers, request_of
from rectifierd_process import RectifierdProcess
from rude import BadCalls, Cancelled, HalfHttp, Hostile, Killed
from victim import MIB, call, resident, series, serve, wait_until

from rectifier.v1 import activation_pb2 as pb

SAMPLES = 120  # in all, at even intervals
MOST_MEMORY = 16 * MIB  # between the end and the warm-up
MOST_THREADS = 2
MOST_DESCRIPTORS = 4  # that gRPC makes when it first needs them; a leak would be of thousands
KEPT_FAILURES = 5

Round = Callable[[], None]


@dataclass
class Tally:
    """What the threads of the traffic have done."""

    rounds: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)


def kinds(server: RectifierdProcess) -> dict[str, list[Round]]:
    """Kinds of traffic; each round of a list has a thread of its own."""
    unix, tcp = server.unix_target, server.tcp_target
    buffers = unix.removeprefix("unix:") + ".buffers"
    rows = numbers(MIB // 4, seed=2).reshape(256, -1)
    both = (pb.QUANTITY_VALUE, pb.QUANTITY_GRADIENT)
    return {
        "small calls": [Unary(t, request_of("gelu", numbers(16, 1))) for t in (unix, tcp)],
        "large calls": [Unary(t, request_of("softmax", rows, *both)) for t in (unix, tcp)],
        "new connections": [Relu(unix, 1000), Relu(tcp, 100_000)],
        "streams": [Stream(unix, "silu"), Stream(tcp, "mish")],
        "shared buffers": [Shared(unix, buffers, "tanh"), Shared(tcp, buffers, "gelu")],
        "bad": [BadCalls(unix), BadCalls(tcp)],
        "cancelled": [Cancelled(unix), Cancelled(tcp)],
        "killed": [Killed(tcp, buffers)],
        "hostile": [Hostile(unix), Hostile(tcp)],
        "half of HTTP": [HalfHttp(server.metrics_address)],
    }


class Traffic:
    """Runs while the context lasts."""

    def __init__(self, server: RectifierdProcess) -> None:
        self.tally = Tally()
        self._is_over = threading.Event()
        self._threads = [
            threading.Thread(target=self._run, args=[kind, one_round])
            for kind, rounds in kinds(server).items()
            for one_round in rounds
        ]

    def __enter__(self) -> Tally:
        for thread in self._threads:
            thread.start()
        return self.tally

    def __exit__(self, *exception: object) -> None:
        self._is_over.set()
        for thread in self._threads:
            thread.join()
        self._threads.clear()  # with them their connections end

    def _run(self, kind: str, one_round: Round) -> None:
        while not self._is_over.wait(0.01):  # leaves CPU to the server
            try:
                one_round()
            except Exception as problem:
                self.tally.failures.append(f"{kind}: {type(problem).__name__}: {problem}")
            self.tally.rounds[kind] += 1


@dataclass
class Samples:
    """Something that should stay as it is."""

    taken: list[int] = field(default_factory=list)

    @property
    def warm(self) -> float:
        """After the warm-up, which is a third of the time."""
        third = len(self.taken) // 3
        return statistics.median(self.taken[third : third + third // 2])

    @property
    def last(self) -> float:
        return statistics.median(self.taken[-(len(self.taken) // 6) :])

    @property
    def most(self) -> int:
        return max(self.taken)

    @property
    def growth(self) -> float:
        return self.last - self.warm


@dataclass
class Soak:
    """What a run has shown."""

    idle_before: dict[str, float]
    tally: Tally = field(default_factory=Tally)
    memory: Samples = field(default_factory=Samples)
    threads: Samples = field(default_factory=Samples)
    idle_after: dict[str, float] = field(default_factory=dict)

    def problems(self) -> list[str]:
        found = self.tally.failures[:KEPT_FAILURES]
        if self.memory.growth > MOST_MEMORY:
            found.append(f"memory grows by {mib(self.memory.growth)}")
        if self.threads.growth > MOST_THREADS:
            found.append(f"there are {self.threads.growth:.0f} threads more")
        if self.idle_after["descriptors"] > self.idle_before["descriptors"] + MOST_DESCRIPTORS:
            found.append(f"descriptors are left: {self.idle_before}, then {self.idle_after}")
        return found

    def report(self, seconds: float) -> str:
        rounds = ", ".join(f"{count} {kind}" for kind, count in self.tally.rounds.items())
        memory, threads = self.memory, self.threads
        return f"""soak of {seconds:.0f} s, {machine.today()}, {machine.description()}
rounds: {rounds}
failures: {len(self.tally.failures)}
memory: {mib(memory.warm)} after the warm-up, {mib(memory.last)} at the end, most {mib(memory.most)}
threads: {threads.warm:.0f} after the warm-up, {threads.last:.0f} at the end
idle: {self.idle_before} before, {self.idle_after} after"""


def mib(count: float) -> str:
    return f"{count / MIB:.0f} MiB"


def count(server: RectifierdProcess, what: str) -> int:
    """Of what /proc lists of the server: "fd" are its descriptors, "task" its threads."""
    return len(list(Path(f"/proc/{server.pid}/{what}").iterdir()))


def idle_state(server: RectifierdProcess) -> dict[str, float]:
    """What an idle server holds; waits until no gauge counts anything."""
    wait_until(lambda: series(server, "rectifier_connections") == 0)
    gauges = ("inflight_calls", "inflight_bytes", "shared_buffers", "shared_buffer_bytes")
    wait_until(lambda: not any(series(server, f"rectifier_{gauge}") for gauge in gauges))
    held = {gauge: series(server, f"rectifier_{gauge}") for gauge in gauges}
    return held | {"descriptors": count(server, "fd")}


def soak(seconds: float) -> Soak:
    with serve() as server:
        call(server.tcp_target)
        call(server.unix_target)
        result = Soak(idle_state(server))
        with Traffic(server) as result.tally:
            for _ in range(SAMPLES):
                time.sleep(seconds / SAMPLES)  # the time is what is asked for
                result.memory.taken.append(resident(server))
                result.threads.taken.append(count(server, "task"))
        result.idle_after = idle_state(server)
        return result


def main(minutes: float) -> int:
    result = soak(60 * minutes)
    print(result.report(60 * minutes))
    problems = result.problems()
    for problem in problems:
        print(f"soak: {problem}", file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1])))
