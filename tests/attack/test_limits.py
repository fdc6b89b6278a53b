"""Each limit of a request, set to little and exceeded: the error names it, and is counted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import grpc
import pytest
from http2 import EVALUATE
from rectifierd_process import RectifierdProcess
from victim import call, series, serve, wait_until

from rectifier.v1 import activation_pb2 as pb

INVALID, EXHAUSTED = grpc.StatusCode.INVALID_ARGUMENT, grpc.StatusCode.RESOURCE_EXHAUSTED
FLOAT32 = pb.ELEMENT_TYPE_FLOAT32


def request_of(*shape: int, tensors: int = 1, evaluations: int = 1) -> pb.EvaluateRequest:
    request = pb.EvaluateRequest()
    for _ in range(evaluations):
        request.evaluations.add(inputs=[0]).activation.name = "relu"
    elements = 1
    for size in shape:
        elements *= size
    for _ in range(tensors):
        request.tensors.add(element_type=FLOAT32, shape=shape, data=bytes(4 * elements))
    return request


def with_arguments(count: int) -> pb.EvaluateRequest:
    request = request_of(2)
    for i in range(count):
        request.evaluations[0].activation.arguments[f"a{i}"].number = 1
    return request


def with_values(count: int) -> pb.EvaluateRequest:
    request = request_of(2)
    del request.tensors[:]
    request.tensors.add(element_type=FLOAT32, shape=[count], values=[1.0] * count)
    return request


@dataclass
class Limit:
    flags: tuple[str, ...]
    # One more than is allowed, and as much.
    beyond: Callable[[], pb.EvaluateRequest]
    within: Callable[[], pb.EvaluateRequest]
    words: str
    code: grpc.StatusCode = INVALID
    counted: tuple[str, str] = ("grpc_code", "InvalidArgument")


LIMITS = {
    "arguments": Limit(
        ("--max_arguments=2",),
        lambda: with_arguments(3),
        lambda: with_arguments(0),
        "evaluations[0].activation.arguments: there are more than 2",
    ),
    "elements": Limit(
        ("--max_elements=8",),
        lambda: request_of(9),
        lambda: request_of(8),
        "tensors[0]",
    ),
    "evaluations": Limit(
        ("--max_evaluations=2",),
        lambda: request_of(2, evaluations=3),
        lambda: request_of(2, evaluations=2),
        "evaluations: there are more than 2",
    ),
    "rank": Limit(
        ("--max_rank=2",),
        lambda: request_of(1, 1, 2),
        lambda: request_of(1, 2),
        "tensors[0].shape: the rank is 3; this server's limit is 2",
    ),
    "tensors": Limit(
        ("--max_tensors=2",),
        lambda: request_of(2, tensors=3),
        lambda: request_of(2, tensors=1),
        "tensors: there are more than 2",
    ),
    "values": Limit(
        ("--max_values=4",),
        lambda: with_values(5),
        lambda: with_values(4),
        "tensors[0].values",
    ),
    "reply": Limit(
        ("--max_message_bytes=2KiB",),
        lambda: request_of(256, evaluations=3),
        lambda: request_of(256),
        "the reply",
    ),
    "bytes of one connection": Limit(
        ("--max_inflight_bytes_per_connection=16KiB",),
        lambda: request_of(4096),
        lambda: request_of(16),
        "16384, this server's limit",
        EXHAUSTED,
        ("grpc_code", "ResourceExhausted"),
    ),
}


def ended(server: RectifierdProcess, **labels: str) -> float:
    return series(server, "grpc_server_handled_total", grpc_method="Evaluate", **labels)


@pytest.mark.parametrize("name", LIMITS)
def test_a_limit_has_an_error_and_a_count(name: str) -> None:
    limit = LIMITS[name]
    with serve(*limit.flags) as server, grpc.insecure_channel(server.unix_target) as channel:
        evaluate = channel.unary_unary(EVALUATE)
        evaluate(limit.within().SerializeToString(), timeout=30)
        before = ended(server, **dict([limit.counted]))
        with pytest.raises(grpc.RpcError) as error:
            evaluate(limit.beyond().SerializeToString(), timeout=30)
        assert error.value.code() == limit.code
        assert limit.words in error.value.details()
        assert ended(server, **dict([limit.counted])) == before + 1


def test_metadata_beyond_their_limit_are_counted() -> None:
    with serve("--max_metadata_bytes=1KiB") as server:
        call(server.unix_target)
        request = request_of(2).SerializeToString()
        with grpc.insecure_channel(server.unix_target) as channel:
            for length, code in ((256, grpc.StatusCode.OK), (2048, EXHAUSTED)):
                asked = channel.unary_unary(EVALUATE).future(
                    request, metadata=[("x", "y" * length)], timeout=30
                )
                assert asked.code() in (code, grpc.StatusCode.UNAVAILABLE if length > 256 else code)
        wait_until(lambda: series(server, "rectifier_calls_not_handed_over") == 1)
