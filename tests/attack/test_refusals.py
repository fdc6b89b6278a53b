"""Requests that are refused, one by one and in floods."""

from __future__ import annotations

import json
import time
from concurrent.futures import ThreadPoolExecutor

import grpc
import pytest
from http2 import END_HEADERS, EVALUATE, HEADERS, Connection, call_headers, frame
from polite import numbers, open_channel, request_of
from rude import CODES, code_of, not_utf8
from victim import (
    IS_LONG,
    MIB,
    call,
    forget_peak,
    polite_caller,
    resident,
    series,
    serve,
    wait_until,
)

from rectifier.v1 import activation_pb2 as pb

LINES_A_SECOND = 20  # of calls that fail, and 5 of protobuf's own


def values(count: int) -> bytes:
    request = pb.EvaluateRequest()
    request.evaluations.add(inputs=[0]).activation.name = "relu"
    tensor = request.tensors.add(element_type=pb.ELEMENT_TYPE_FLOAT64, shape=[count])
    tensor.values.extend([1.0] * count)
    return request.SerializeToString()


def test_values_beyond_their_limit_are_refused_and_hold_up_nobody() -> None:
    count = 16 * MIB if IS_LONG else 4 * MIB  # numbers, of 8 bytes each
    message = values(count)
    with serve() as server, open_channel(server.tcp_target) as channel:
        call(server.tcp_target)
        before = resident(server)
        forget_peak(server)
        with (
            polite_caller(server.unix_target) as latencies,
            pytest.raises(grpc.RpcError) as error,
        ):
            channel.unary_unary(EVALUATE)(message, timeout=60)
        memory = resident(server, "VmHWM") - before
        print(f"{count} values: {memory / MIB:.0f} MiB, longest call {max(latencies):.3f} s")
        assert error.value.code() == CODES.INVALID_ARGUMENT
        assert "1048576" in error.value.details()
        assert memory < len(message) + 16 * MIB, "they are not decoded"
        assert max(latencies) < 1


def test_values_within_their_limit_hold_up_nobody() -> None:
    message = values(MIB)
    with serve() as server, open_channel(server.tcp_target) as channel:
        with polite_caller(server.unix_target) as latencies:
            assert code_of(channel, message) == CODES.OK
        print(f"{MIB} values: longest call {max(latencies):.3f} s")
        assert max(latencies) < 1


def test_a_message_too_large_is_refused_and_the_connection_lives() -> None:
    with serve("--max_message_bytes=1MiB") as server, open_channel(server.tcp_target) as channel:
        large = request_of("relu", numbers(MIB, seed=0)).SerializeToString()
        assert code_of(channel, large) == CODES.RESOURCE_EXHAUSTED
        assert code_of(channel, values(1)) == CODES.OK


def test_metadata_too_large_is_refused() -> None:
    with serve() as server:
        with open_channel(server.tcp_target) as channel:
            before = resident(server)
            metadata = [("x-large", "x" * MIB)]
            code = code_of(channel, values(1), metadata=metadata)
            # gRPC 1.51.1 closes the connection as well, and the caller may hear of that first.
            assert code in (CODES.RESOURCE_EXHAUSTED, CODES.UNAVAILABLE)
            assert resident(server) - before < 16 * MIB
        call(server.tcp_target)


def test_calls_that_grpc_answers_by_itself_are_counted() -> None:
    """They come to no method, so that nothing else counts them."""

    def unseen() -> float:
        return series(server, "rectifier_calls_not_handed_over")

    with serve() as server:
        call(server.tcp_target)
        assert unseen() == 0
        with open_channel(server.tcp_target) as channel:
            code_of(channel, values(1), metadata=[("x-large", "x" * MIB)])
        wait_until(lambda: unseen() == 1)
        with Connection(server.unix_target) as peer:
            peer.settings()
            head = call_headers(EVALUATE).replace(b"POST", b"PUT!")
            peer.send(frame(HEADERS, END_HEADERS, 1, head))
            wait_until(lambda: unseen() == 2)
        with open_channel(server.tcp_target) as channel, pytest.raises(grpc.RpcError):
            channel.unary_unary("/no/such")(b"", timeout=30)  # that one is handed over
        call(server.tcp_target)
        assert unseen() == 2


def test_a_flood_of_bad_requests_is_logged_in_our_own_lines_and_few() -> None:
    seconds = 10.0 if IS_LONG else 2.0
    with serve("--log_level=debug") as server:
        start = time.monotonic()

        def flood(message: bytes) -> int:
            with open_channel(server.unix_target) as channel:
                count = 0
                while time.monotonic() < start + seconds:
                    assert code_of(channel, message) == CODES.INVALID_ARGUMENT
                    count += 1
                return count

        with ThreadPoolExecutor(2) as threads:
            count = sum(threads.map(flood, [not_utf8(), b"\xff" * 100]))
        took = time.monotonic() - start
        lines = server.log_lines()
        print(f"{count} bad requests, {len(lines)} lines in {took:.1f} s")
        assert all("event" in json.loads(line) for line in lines)
        assert len(lines) < (LINES_A_SECOND + 5) * (took + 2)
        call(server.unix_target)
