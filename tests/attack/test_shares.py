"""One caller takes what it can get, and the others are served all the same."""

from __future__ import annotations

import struct
import threading
from collections.abc import Iterator
from contextlib import ExitStack

import grpc
import pytest
from hog import STREAM, Hog, header, relu
from http2 import EVALUATE
from rectifierd_process import RectifierdProcess
from victim import MIB, call, resident, series, serve, wait_until

from rectifier.v1 import activation_pb2 as pb


def rejected(server: RectifierdProcess, reason: str) -> float:
    return series(server, "rectifier_rejected_total", reason=reason)


def timeouts(server: RectifierdProcess, reason: str) -> float:
    return series(server, "rectifier_timeouts_total", reason=reason)


def in_flight(server: RectifierdProcess) -> float:
    return series(server, "rectifier_inflight_calls")


@pytest.mark.parametrize("transport", ["unix", "tcp"])
def test_replies_that_nobody_reads_leave_calls_to_the_others(transport: str) -> None:
    with serve("--max_inflight_calls=64", "--send_timeout=2s") as server:
        target = server.unix_target if transport == "unix" else server.tcp_target
        with Hog(target) as hog:
            for _ in range(64):
                hog.open(EVALUATE, relu(16))
            wait_until(lambda: rejected(server, "connection_inflight_calls") == 36)
            assert in_flight(server) == 28, "the gauge counts replies that wait to be read"
            call(target)
            wait_until(lambda: timeouts(server, "send") == 28)
            wait_until(lambda: in_flight(server) == 0)
            assert hog.ping()


def test_large_replies_that_nobody_reads_leave_bytes_to_the_others() -> None:
    flags = ("--max_message_bytes=1MiB", "--max_inflight_bytes=4MiB")
    with serve(*flags) as server, Hog(server.unix_target) as hog:
        for _ in range(8):
            hog.open(EVALUATE, relu(MIB // 16))  # and as many bytes of reply: 512 KiB
        wait_until(lambda: rejected(server, "connection_inflight_bytes") > 0)
        call(server.unix_target)
        assert series(server, "rectifier_inflight_bytes") <= 2 * MIB


def test_many_hogs_leave_a_share_to_the_next_caller() -> None:
    with serve("--max_inflight_calls=64") as server, ExitStack() as stack:
        for _ in range(12):
            hog = stack.enter_context(Hog(server.unix_target))
            for _ in range(64):
                hog.open(EVALUATE, relu(16))
            assert hog.ping()
        wait_until(lambda: in_flight(server) >= 56)
        call(server.unix_target)


def never() -> Iterator[bytes]:
    threading.Event().wait(60)
    yield b""


def unary(server: RectifierdProcess, messages: Iterator[bytes]) -> grpc.RpcError:
    with (
        grpc.insecure_channel(server.unix_target) as channel,
        pytest.raises(grpc.RpcError) as error,
    ):
        channel.stream_unary(EVALUATE)(messages, timeout=50)
    return error.value


def test_a_message_that_does_not_arrive_ends_its_call() -> None:
    with serve("--receive_timeout=500ms") as server:
        error = unary(server, never())
        assert error.code() == grpc.StatusCode.DEADLINE_EXCEEDED
        assert "--receive_timeout" in error.details()
        with Hog(server.unix_target) as hog:
            hog.open(EVALUATE, bytes(1000), claimed=100_000, last=False)
            wait_until(lambda: timeouts(server, "receive") == 2)
            wait_until(lambda: in_flight(server) == 0)


def test_a_silent_stream_ends() -> None:
    with serve("--stream_idle_timeout=500ms") as server:

        def one_message() -> Iterator[bytes]:
            yield header(1000)
            yield from never()

        with (
            grpc.insecure_channel(server.unix_target) as channel,
            pytest.raises(grpc.RpcError) as error,
        ):
            list(channel.stream_stream(STREAM)(one_message(), timeout=50))
        assert error.value.code() == grpc.StatusCode.DEADLINE_EXCEEDED
        assert "--stream_idle_timeout" in error.value.details()
        assert timeouts(server, "idle") == 1


def test_idle_streams_are_charged_what_they_hold() -> None:
    with serve() as server, Hog(server.unix_target) as hog:
        for _ in range(100):
            hog.open(STREAM, header(1 << 20), last=False)
        wait_until(lambda: in_flight(server) == 100)
        assert hog.ping()
        assert series(server, "rectifier_inflight_bytes") < 100 * 4096


def test_a_stream_is_not_charged_for_a_reply_that_was_taken() -> None:
    """It has taken its chunk and its reply, and says nothing more: all that it holds is little."""
    chunk = pb.EvaluateStreamRequest()
    chunk.chunk.input = bytes(MIB)
    is_over = threading.Event()

    def one_chunk() -> Iterator[bytes]:
        yield header(MIB)
        yield chunk.SerializeToString()
        is_over.wait(60)

    with serve() as server, grpc.insecure_channel(server.unix_target) as channel:
        stream = channel.stream_stream(STREAM)(one_chunk(), timeout=50)
        assert len(next(stream)) > MIB
        wait_until(lambda: series(server, "rectifier_inflight_bytes") < 4096, seconds=10)
        assert in_flight(server) == 1
        stream.cancel()
        is_over.set()


def test_a_connection_has_no_more_than_its_own_limits() -> None:
    flags = ("--max_inflight_calls_per_connection=3", "--max_streams_per_connection=2")
    with serve(*flags) as server, Hog(server.unix_target) as hog:
        for _ in range(3):
            hog.open(STREAM, header(1000), last=False)
        for _ in range(2):
            hog.open(EVALUATE, relu(16))
        wait_until(lambda: rejected(server, "connection_streams") == 1)
        wait_until(lambda: rejected(server, "connection_inflight_calls") == 1)
        call(server.unix_target)


def test_a_drain_does_not_wait_for_those_who_keep_it_waiting() -> None:
    flags = ("--max_inflight_calls=64", "--drain_delay=0s", "--drain_timeout=3s")
    with serve(*flags) as server, Hog(server.unix_target) as hog:
        for _ in range(8):
            hog.open(EVALUATE, relu(16))
            hog.open(STREAM, header(1000), last=False)
            hog.open(EVALUATE, bytes(1000), claimed=100_000, last=False)
        wait_until(lambda: in_flight(server) == 24)
        assert server.stop() == 0, "nobody's call was lost"


def test_a_tensor_named_a_thousand_times_is_copied_once() -> None:
    """As an argument; two evaluations more would be more than the budget of all."""
    request = pb.EvaluateRequest()
    for _ in range(64):
        evaluation = request.evaluations.add(inputs=[0])
        evaluation.activation.name = "prelu"
        evaluation.activation.arguments["weight"].tensor = 1
    request.tensors.add(element_type=pb.ELEMENT_TYPE_FLOAT32, shape=[1], data=struct.pack("f", 1))
    request.tensors.add(element_type=pb.ELEMENT_TYPE_FLOAT32, shape=[1 << 18], data=bytes(MIB))
    with serve("--max_message_bytes=2MiB", "--max_inflight_bytes=4MiB") as server:
        with (
            grpc.insecure_channel(server.unix_target) as channel,
            pytest.raises(grpc.RpcError) as error,
        ):
            channel.unary_unary(EVALUATE)(request.SerializeToString())
        assert error.value.code() == grpc.StatusCode.INVALID_ARGUMENT
        assert resident(server, "VmHWM") < 200 * MIB
