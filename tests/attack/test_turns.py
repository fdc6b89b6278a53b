"""Compute: whoever has a short call waits for no long one."""

from __future__ import annotations

import statistics
import time
from contextlib import ExitStack

import grpc
from http2 import EVALUATE
from polite import evaluate, long_request, numbers, open_channel, request_of
from victim import MIB, series, serve, wait_until

HOGS = 2
ROUNDS = 9
SLACK = 0.25  # seconds


def median_latency(channel: grpc.Channel, message: bytes) -> float:
    taken = []
    for _ in range(ROUNDS):
        start = time.monotonic()
        evaluate(channel, message)
        taken.append(time.monotonic() - start)
    return statistics.median(taken)


def test_hogs_delay_a_call_by_its_own_length_times_the_callers() -> None:
    message = long_request()
    with serve("--threads=2") as server, ExitStack() as stack:
        channel = stack.enter_context(open_channel(server.tcp_target))
        calls = {
            size: request_of("gelu", numbers(size // 4, seed=1)).SerializeToString()
            for size in (128 << 10, MIB)
        }
        alone = {size: median_latency(channel, call) for size, call in calls.items()}
        hogs = []
        for _ in range(HOGS):
            other = stack.enter_context(open_channel(server.unix_target))
            hogs.append(other.unary_unary(EVALUATE).future(message, timeout=300))
        wait_until(lambda: series(server, "rectifier_inflight_bytes") > HOGS * 4 * MIB)
        for size, call in calls.items():
            beside = median_latency(channel, call)
            print(f"{size >> 10} KiB: {1e3 * alone[size]:.1f} ms alone, {1e3 * beside:.1f} beside")
            assert beside < (HOGS + 1) * alone[size] + SLACK
        assert not any(call.done() for call in hogs), "they were there all the time"
        for call in hogs:
            call.cancel()
