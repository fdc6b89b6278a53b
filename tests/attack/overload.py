"""Three times the load that the server can bear, and as much work done as at its best.

    overload.py [SECONDS]          # of each of the two loads; RECTIFIERD says which server it is

First callers who wait for each answer find the peak. Then three times as many calls a second begin,
whether answers come or not; who is turned away tries again when the server has said, as gRPC's own
retry policy does. Goodput is the calls that succeed within their deadline.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

import grpc
import machine
from http2 import EVALUATE
from polite import CHANNEL_OPTIONS, numbers, request_of
from rectifierd_process import RectifierdProcess
from victim import MIB, resident, serve

from rectifier.v1 import activation_pb2 as pb

CONNECTIONS = 8
CALLERS = 16  # who find the peak
FACTOR = 3
DEADLINE = 2.0  # seconds
WARM_UP = 0.2  # of each load's time, which does not count
LEAST_GOODPUT = 0.9

# What an operator sets so that calls are turned away before they wait for too long.
CAPACITY = ("--max_inflight_calls=64",)
MOST_MEMORY = 256 * MIB

RETRY = {
    "maxAttempts": 5,
    "initialBackoff": "0.1s",
    "maxBackoff": "1s",
    "backoffMultiplier": 2,
    "retryableStatusCodes": ["RESOURCE_EXHAUSTED", "UNAVAILABLE"],
}
SERVICE_CONFIG = {"methodConfig": [{"name": [{}], "retryPolicy": RETRY}]}

# What a call takes of the server's time, against a quarter of a millisecond of its caller's.
CALL_TIME = 0.01  # seconds
MOST_EVALUATIONS = 1024


def request_with(evaluations: int) -> bytes:
    message = request_of("swish", numbers(1 << 12, seed=0), pb.QUANTITY_PARAMETER_GRADIENT)
    for _ in range(evaluations - 1):
        message.evaluations.add().CopyFrom(message.evaluations[0])
    return message.SerializeToString()


def request_taking(channel: grpc.Channel, seconds: float) -> bytes:
    """Machines differ tenfold in what an evaluation takes."""
    stub = channel.unary_unary(EVALUATE)
    few = 32
    request = request_with(few)
    times = []
    for _ in range(20):
        start = time.monotonic()
        stub(request, timeout=10 * DEADLINE, wait_for_ready=True)
        times.append(time.monotonic() - start)
    return request_with(min(round(few * seconds / min(times)) + 1, MOST_EVALUATIONS))


@dataclass
class Load:
    """Calls that ended while it was counted."""

    seconds: float
    began: float = field(default_factory=time.monotonic)
    codes: Counter[str] = field(default_factory=Counter)
    latencies: list[float] = field(default_factory=list)  # of those that succeeded
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def is_over(self) -> bool:
        return time.monotonic() > self.began + self.seconds

    @property
    def goodput(self) -> float:
        """Calls a second."""
        return self.codes["OK"] / (self.seconds * (1 - WARM_UP))

    def latency(self, share: float) -> float:
        ordered = sorted(self.latencies)
        return ordered[min(int(share * len(ordered)), len(ordered) - 1)] if ordered else 0.0

    def count(self, call: grpc.Future, start: float) -> None:
        end = time.monotonic()
        if not self.began + WARM_UP * self.seconds <= end <= self.began + self.seconds:
            return
        code = call.code().name
        with self._lock:
            self.codes[code] += 1
            if code == "OK":
                self.latencies.append(end - start)

    def __str__(self) -> str:
        codes = ", ".join(f"{count} {code}" for code, count in self.codes.most_common())
        return (
            f"{self.goodput:.0f} calls/s, median {1e3 * self.latency(0.5):.0f} ms, "
            f"p99 {1e3 * self.latency(0.99):.0f} ms ({codes})"
        )


@dataclass
class Overload:
    """What a run has shown."""

    peak: Load
    offered: float  # calls a second
    over: Load
    memory: int  # bytes that came on top of those at the peak, at most

    def problems(self) -> list[str]:
        found = []
        if self.over.goodput < LEAST_GOODPUT * self.peak.goodput:
            found.append(f"goodput falls from {self.peak.goodput:.0f} to {self.over.goodput:.0f}")
        if self.over.latency(0.99) > DEADLINE:
            found.append(f"p99 is {self.over.latency(0.99):.1f} s")
        if self.memory > MOST_MEMORY:
            found.append(f"{self.memory / MIB:.0f} MiB came on top")
        return found

    def report(self) -> str:
        share = self.over.goodput / self.peak.goodput if self.peak.goodput else 0
        return f"""overload, {machine.today()}, {machine.description()}
peak: {self.peak}
{self.offered:.0f} calls/s offered: {self.over}
goodput: {100 * share:.0f} % of the peak; memory on top: {self.memory / MIB:.0f} MiB"""


def open_channels(server: RectifierdProcess) -> list[grpc.Channel]:
    options = [*CHANNEL_OPTIONS, ("grpc.service_config", json.dumps(SERVICE_CONFIG))]
    targets = [server.unix_target, server.tcp_target] * (CONNECTIONS // 2)
    return [grpc.insecure_channel(target, options=options) for target in targets]


def find_peak(channels: list[grpc.Channel], request: bytes, seconds: float) -> Load:
    load = Load(seconds)

    def call_again_and_again(channel: grpc.Channel) -> None:
        stub = channel.unary_unary(EVALUATE)
        while not load.is_over:
            start = time.monotonic()
            call = stub.future(request, timeout=DEADLINE)
            call.exception()
            load.count(call, start)

    callers = [
        threading.Thread(target=call_again_and_again, args=[channels[i % len(channels)]])
        for i in range(CALLERS)
    ]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    return load


def offer(channels: list[grpc.Channel], request: bytes, rate: float, seconds: float) -> Load:
    """Begins `rate` calls a second on time, whatever becomes of those before."""
    stubs = [channel.unary_unary(EVALUATE) for channel in channels]
    load = Load(seconds)
    for i in range(int(rate * seconds)):
        start = load.began + i / rate
        time.sleep(max(0.0, start - time.monotonic()))  # the rate is what is asked for
        call = stubs[i % len(stubs)].future(request, timeout=DEADLINE)
        call.add_done_callback(lambda ended, start=start: load.count(ended, start))
    while not load.is_over:
        time.sleep(0.01)
    return load


@contextlib.contextmanager
def apart(*flags: str) -> Iterator[RectifierdProcess]:
    """A server whose CPUs are not those of its callers, who need more when they call more often."""
    cpus = sorted(os.sched_getaffinity(0))
    half = len(cpus) // 2
    os.sched_setaffinity(0, cpus[:half] or cpus)
    with serve(*flags) as server:
        os.sched_setaffinity(0, cpus[half:])
        try:
            yield server
        finally:
            os.sched_setaffinity(0, cpus)


def overload(seconds: float, *flags: str) -> Overload:
    with apart(*flags) as server:
        channels = open_channels(server)
        request = request_taking(channels[0], CALL_TIME)
        peak = find_peak(channels, request, seconds)
        before = resident(server)
        offered = FACTOR * peak.goodput
        over = offer(channels, request, offered, seconds)
        memory = resident(server, "VmHWM") - before
        for channel in channels:
            channel.close()
        return Overload(peak, offered, over, memory)


def main(seconds: float, *flags: str) -> int:
    result = overload(seconds, *flags)
    print(result.report())
    problems = result.problems()
    for problem in problems:
        print(f"overload: {problem}", file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]) if len(sys.argv) > 1 else 20.0, *sys.argv[2:]))
