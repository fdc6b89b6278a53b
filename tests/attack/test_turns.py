"""Compute: whoever has a short call waits for no long one."""

from __future__ import annotations

import statistics
import time
from contextlib import ExitStack

import grpc
from buffers import Buffers
from http2 import EVALUATE
from polite import evaluate, long_request, numbers, open_channel, request_of
from victim import MIB, series, serve, wait_until

from rectifier.v1 import activation_pb2 as pb

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


def shared(activation: str, token: bytes, elements: int, repeats: int = 1) -> bytes:
    """Asks for the results in shared memory, so that the message tells nothing of their size."""
    request = pb.EvaluateRequest()
    tensor = request.tensors.add(element_type=pb.ELEMENT_TYPE_FLOAT32, shape=[elements])
    size = 4 * elements
    tensor.region.CopyFrom(pb.BufferRegion(token=token, offset=0, length=size))
    for i in range(repeats):
        evaluation = request.evaluations.add(inputs=[0])
        evaluation.activation.name = activation
        region = pb.BufferRegion(token=token, offset=(i + 1) * size, length=size)
        evaluation.destinations.add(quantity=pb.QUANTITY_VALUE, region=region)
    return request.SerializeToString()


def test_a_small_call_is_not_turned_away_where_long_ones_are_as_short_to_say() -> None:
    """All are of one connection, and in shared memory. The small one needs no turn."""
    with serve("--threads=1") as server, open_channel(server.unix_target) as channel:
        path = server.unix_target.removeprefix("unix:") + ".buffers"
        with Buffers(path) as buffers:
            token = buffers.allocate(5 * 8 * MIB).token
            stub = channel.unary_unary(EVALUATE)
            long = [stub.future(shared("gelu", token, 2 * MIB, 4), timeout=60) for _ in range(240)]
            long[0].result()
            for _ in range(20):
                stub(shared("relu", token, 16), timeout=0.1)
            assert not long[-1].done(), "it was beside them"
            for call in long:
                call.cancel()
