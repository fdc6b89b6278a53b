"""Connections that have many calls open: who is not hung up on."""

from __future__ import annotations

import grpc
from http2 import EVALUATE
from polite import CHANNEL_OPTIONS, numbers, request_of
from victim import series, serve, wait_until

from rectifier.v1 import activation_pb2 as pb

STREAMS = 4


def test_calls_that_have_ended_for_their_caller_are_not_open() -> None:
    """While one chunk keeps the only thread busy, calls expire that wait for it, and others come in
    their places: never more than the connection may have."""
    with serve(f"--max_http2_streams={STREAMS}", "--threads=1") as server:
        target = server.tcp_target
        with (
            grpc.insecure_channel(target, options=CHANNEL_OPTIONS) as busy,
            grpc.insecure_channel(target, options=CHANNEL_OPTIONS) as channel,
        ):
            row = request_of("entmax", numbers(1 << 23, seed=0).reshape(1, -1), pb.QUANTITY_VALUE)
            blocker = busy.unary_unary(EVALUATE).future(row.SerializeToString(), timeout=60)
            wait_until(lambda: series(server, "rectifier_inflight_bytes") > 1 << 24)
            request = request_of("relu", numbers(1 << 16, seed=0)).SerializeToString()
            stub = channel.unary_unary(EVALUATE)
            begun = 0
            while not blocker.done():
                calls = [stub.future(request, timeout=0.02) for _ in range(STREAMS)]
                for call in calls:
                    call.exception()
                begun += STREAMS
            assert begun > 10 * STREAMS, "the chunk was too short to show anything"
            stub(request, timeout=60)
        assert series(server, "rectifier_connections_ended_total") == 0
