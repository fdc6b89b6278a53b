"""Calls whose every bit is known beforehand."""

from __future__ import annotations

from collections.abc import Iterator

import grpc
import numpy as np
import numpy.typing as npt
from buffers import Buffers
from hog import STREAM
from http2 import EVALUATE
from victim import MIB

from rectifier.v1 import activation_pb2 as pb

Floats = npt.NDArray[np.float32]

TIMEOUT = 60
CHUNK = 96 << 10  # of a stream; no divisor of a window
CHANNEL_OPTIONS = [
    ("grpc.max_receive_message_length", -1),
    ("grpc.use_local_subchannel_pool", 1),  # a connection of its own
]


class WrongBits(Exception):
    """A reply that was OK, and is not what it should be."""


def open_channel(target: str) -> grpc.Channel:
    return grpc.insecure_channel(target, options=CHANNEL_OPTIONS)


def numbers(elements: int, seed: int) -> Floats:
    return np.random.default_rng(seed).normal(size=elements).astype(np.float32)


def request_of(activation: str, x: Floats, *quantities: pb.Quantity) -> pb.EvaluateRequest:
    request = pb.EvaluateRequest()
    request.evaluations.add(inputs=[0], quantities=quantities).activation.name = activation
    tensor = request.tensors.add(element_type=pb.ELEMENT_TYPE_FLOAT32, shape=x.shape)
    tensor.data = x.tobytes()
    return request


def long_request(elements: int = MIB) -> bytes:
    """4 MiB, or fewer, that are summed up 1,024 times: seconds of both threads."""
    request = request_of("logsumexp", numbers(elements, seed=0))
    for _ in range(1023):
        request.evaluations.add().CopyFrom(request.evaluations[0])
    return request.SerializeToString()


def evaluate(channel: grpc.Channel, message: bytes) -> bytes:
    reply: bytes = channel.unary_unary(EVALUATE)(message, timeout=TIMEOUT)
    return reply


def value_of(reply: bytes) -> bytes:
    return pb.EvaluateResponse.FromString(reply).results[0].value.data


class Unary:
    """The same call again and again; its reply must be that of the server before the load."""

    def __init__(self, target: str, message: pb.EvaluateRequest) -> None:
        self._channel = open_channel(target)
        self._message = message.SerializeToString()
        self._expected = evaluate(self._channel, self._message)

    def __call__(self) -> None:
        if evaluate(self._channel, self._message) != self._expected:
            raise WrongBits("Evaluate")


class Relu:
    """A call on a connection of its own, whose result is known without any server."""

    def __init__(self, target: str, elements: int) -> None:
        self._target = target
        x = numbers(elements, seed=elements)
        self._message = request_of("relu", x).SerializeToString()
        self._expected = np.maximum(x, 0).tobytes()

    def __call__(self) -> None:
        with open_channel(self._target) as channel:
            if value_of(evaluate(channel, self._message)) != self._expected:
                raise WrongBits("Evaluate on a new connection")


class Stream:
    """A tensor in chunks, whose results must be those of one Evaluate."""

    def __init__(self, target: str, activation: str, elements: int = MIB // 4) -> None:
        self._channel = open_channel(target)
        x = numbers(elements, seed=3)
        message = request_of(activation, x).SerializeToString()
        self._expected = value_of(evaluate(self._channel, message))
        self._messages = list(_chunks(activation, x))

    def __call__(self) -> None:
        stream = self._channel.stream_stream(STREAM)
        replies = stream(iter(self._messages), timeout=TIMEOUT)
        if b"".join(map(_streamed_value, replies)) != self._expected:
            raise WrongBits("EvaluateStream")


def _chunks(activation: str, x: Floats) -> Iterator[bytes]:
    first = pb.EvaluateStreamRequest()
    first.header.activation.name = activation
    first.header.element_type = pb.ELEMENT_TYPE_FLOAT32
    first.header.shape.append(x.size)
    yield first.SerializeToString()
    data = x.tobytes()
    for start in range(0, len(data), CHUNK):
        chunk = pb.StreamChunk(input=data[start : start + CHUNK])
        yield pb.EvaluateStreamRequest(chunk=chunk).SerializeToString()


def _streamed_value(message: bytes) -> bytes:
    return pb.EvaluateStreamResponse.FromString(message).value


class Shared:
    """A tensor and its result in a shared buffer, which is allocated and released each time."""

    def __init__(self, target: str, path: str, activation: str, elements: int = MIB // 4) -> None:
        self._channel = open_channel(target)
        self._path = path
        x = numbers(elements, seed=4)
        message = request_of(activation, x)
        self._expected = value_of(evaluate(self._channel, message.SerializeToString()))
        self._data = x.tobytes()
        self._request = message

    def __call__(self) -> None:
        size = len(self._data)
        with Buffers(self._path) as buffers:
            buffer = buffers.allocate(2 * size)
            buffer.memory[:size] = self._data
            evaluate(self._channel, self._message(buffer.token, size))
            result = buffer.memory[size:]
            buffers.release(buffer)
        if result != self._expected:
            raise WrongBits("Evaluate in a shared buffer")

    def _message(self, token: bytes, size: int) -> bytes:
        request = pb.EvaluateRequest()
        request.CopyFrom(self._request)
        request.tensors[0].ClearField("data")
        request.tensors[0].region.CopyFrom(pb.BufferRegion(token=token, offset=0, length=size))
        region = pb.BufferRegion(token=token, offset=size, length=size)
        request.evaluations[0].destinations.add(quantity=pb.QUANTITY_VALUE, region=region)
        return request.SerializeToString()
