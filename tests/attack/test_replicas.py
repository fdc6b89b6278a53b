"""Replicas behind gRPC's own balancing: one is killed, connections grow old, and no call fails."""

from __future__ import annotations

import json
import os
import signal
from collections import Counter
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from threading import Event

import grpc
import numpy as np
from http2 import EVALUATE
from polite import TIMEOUT, Stream, numbers, open_channel, request_of, value_of
from rectifierd_process import RectifierdProcess
from victim import IS_LONG, MIB, series, serve, wait_until

CALLERS = 4
CALLS = 5_000 if IS_LONG else 500  # before the kill, and after it

RETRY = {
    "maxAttempts": 5,
    "initialBackoff": "0.05s",
    "maxBackoff": "1s",
    "backoffMultiplier": 2,
    "retryableStatusCodes": ["UNAVAILABLE"],
}
SERVICE_CONFIG = {
    "loadBalancingConfig": [{"round_robin": {}}],
    "methodConfig": [{"name": [{}], "retryPolicy": RETRY}],
}


def handled(server: RectifierdProcess) -> float:
    return series(server, "grpc_server_handled_total", grpc_method="Evaluate", grpc_code="OK")


def test_no_call_fails_when_one_of_three_is_killed() -> None:
    x = numbers(16, seed=5)
    message = request_of("relu", x).SerializeToString()
    expected = np.maximum(x, 0).tobytes()
    counts: Counter[bool] = Counter()  # by whether the bits are right
    is_over = Event()

    def call_again_and_again(channel: grpc.Channel) -> None:
        stub = channel.unary_unary(EVALUATE)
        while not is_over.is_set():
            counts[value_of(stub(message, timeout=TIMEOUT)) == expected] += 1

    with serve() as first, serve() as second, ExitStack() as stack:
        third = RectifierdProcess(os.environ["RECTIFIERD"])
        third.__enter__()
        stack.callback(third.stop)
        addresses = ",".join(server.tcp_target for server in (first, second, third))
        options = [("grpc.service_config", json.dumps(SERVICE_CONFIG))]
        channel = stack.enter_context(grpc.insecure_channel(f"ipv4:{addresses}", options=options))
        threads = stack.enter_context(ThreadPoolExecutor(CALLERS))
        stack.callback(is_over.set)
        callers = [threads.submit(call_again_and_again, channel) for _ in range(CALLERS)]
        replicas = (first, second, third)
        wait_until(lambda: all(handled(server) > CALLS / 3 for server in replicas))
        os.kill(third.pid, signal.SIGKILL)
        before = counts[True]
        wait_until(lambda: counts[True] > before + CALLS or any(map(Future.done, callers)))
        is_over.set()
        for caller in callers:
            caller.result()  # raises what its call has raised
    print(f"{counts[True]} calls, none failed")
    assert counts[False] == 0, "wrong bits"


def test_callers_connect_anew_when_a_connection_is_old() -> None:
    """So that they find replicas that were added. Nothing here tries a call again."""
    message = request_of("relu", numbers(16, seed=5)).SerializeToString()
    with serve("--max_connection_age=300ms") as server, open_channel(server.tcp_target) as channel:
        evaluate = channel.unary_unary(EVALUATE)
        stream = Stream(server.tcp_target, "gelu", 4 * MIB)  # longer than a connection lives

        def connected_anew() -> bool:
            evaluate(message, timeout=TIMEOUT)
            return series(server, "rectifier_connections_accepted_total", transport="tcp") >= 3

        wait_until(connected_anew)
        stream()
