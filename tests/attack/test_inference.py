"""The Open Inference Protocol's messages, made to cost more than they weigh, and lying ones."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import grpc
import pytest
from fields import MOST, UNKNOWN, field, heavy, peak_of, varint
from victim import call, serve

METHODS = "/inference.GRPCInferenceService/"


def infer(*fields: bytes) -> bytes:
    return field(1, b"relu") + b"".join(fields)


def with_contents(contents: bytes) -> bytes:
    return infer(field(5, field(1, b"x") + field(2, b"FP32") + field(5, contents)))


X = field(1, b"x") + field(2, b"FP32") + field(3, b"\x01")
HEAVY: dict[str, Callable[[], bytes]] = {
    "inputs": lambda: infer(heavy(field(5, b""))),
    "outputs": lambda: infer(heavy(field(6, b""))),
    "raw contents": lambda: infer(heavy(field(7, b""))),
    "parameters": lambda: infer(heavy(field(4, b""))),
    "unknown fields": lambda: infer(heavy(UNKNOWN)),
    "unknown fields of a parameter": lambda: infer(
        field(4, field(1, b"alpha") + field(2, heavy(UNKNOWN)))
    ),
    "a word": lambda: infer(field(4, field(1, b"alpha") + field(2, field(3, heavy(b"w"))))),
    "a name": lambda: field(1, heavy(b"r")),
    "dimensions": lambda: infer(field(5, field(3, heavy(b"\x01")))),
    "dimensions, one by one": lambda: infer(field(5, heavy(b"\x18\x01"))),
    "numbers that are not packed": lambda: with_contents(heavy(b"\x35\0\0\0\0")),
    "whole numbers": lambda: with_contents(field(3, heavy(b"\x01"))),
    "bools that are not packed": lambda: with_contents(heavy(b"\x08\x01")),
    "strings": lambda: with_contents(heavy(field(8, b""))),
}
LYING = {
    "more than there is": infer(field(5, X), field(7, b"\0\0\0\0", claimed=2**31 - 1)),
    "a message longer than its own": infer(field(5, field(5, b"\x01", claimed=100))),
    "more elements than numbers": infer(
        field(5, field(1, b"x") + field(2, b"FP32") + field(3, varint(2**62) * 3)), field(7, b"")
    ),
    "a negative dimension": infer(
        field(5, field(1, b"x") + field(2, b"FP32") + field(3, varint(2**64 - 1))), field(7, b"")
    ),
    "a part of a number": with_contents(field(6, b"\0\0\0")),
    "a tag that does not end": infer(b"\xff" * 10),
}


@pytest.mark.parametrize("name", HEAVY)
def test_a_heavy_message_is_refused_at_its_own_weight(name: str) -> None:
    assert peak_of(METHODS + "ModelInfer", HEAVY[name]()) < MOST


def test_lying_messages_are_refused_one_by_one_and_in_a_stream() -> None:
    with serve() as server, grpc.insecure_channel(server.tcp_target) as channel:
        for name, message in LYING.items():
            with pytest.raises(grpc.RpcError) as refused:
                channel.unary_unary(METHODS + "ModelInfer")(message, timeout=60)
            assert refused.value.code() == grpc.StatusCode.INVALID_ARGUMENT, name
        answers = channel.stream_stream(METHODS + "ModelStreamInfer")(
            iter(LYING.values()), timeout=60
        )
        assert len(list(answers)) == len(LYING)
        call(server.tcp_target)


@pytest.mark.parametrize("method", ["ModelMetadata", "ModelStatistics"])
def test_a_heavy_question_is_refused_unread(method: str) -> None:
    assert peak_of(METHODS + method, heavy(UNKNOWN)) < MOST


def test_a_silent_stream_ends() -> None:
    is_over = threading.Event()

    def say_nothing() -> Iterator[bytes]:
        is_over.wait(60)
        yield from ()

    with serve("--stream_idle_timeout=500ms") as server:
        with grpc.insecure_channel(server.unix_target) as channel:
            stream = channel.stream_stream(METHODS + "ModelStreamInfer")(say_nothing(), timeout=60)
            with pytest.raises(grpc.RpcError) as ended:
                next(stream)
            is_over.set()
        assert ended.value.code() == grpc.StatusCode.DEADLINE_EXCEEDED
        assert "--stream_idle_timeout" in ended.value.details()
