"""Messages with large payloads as bytes, each payload copied once.

Protobuf copies a payload into the message, and once more out of it when it is serialized. So the
messages here are made without payloads, whose fields are then appended as protobuf would write
them: a message may be continued by further fields of it.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from rectifier.tensor import Array
from rectifier.v1 import activation_pb2 as pb

Part = Any
"""Bytes, or a flat array of them."""


def bytes_of(array: Array) -> Array:
    """The elements of `array` in little-endian, row-major order, over its memory if they lie so."""
    little_endian = array.astype(array.dtype.newbyteorder("<"), copy=False)
    return np.ascontiguousarray(little_endian).reshape(-1).view(np.uint8)


def evaluate_request(message: pb.EvaluateRequest, payloads: Sequence[Array | None]) -> bytes:
    """`message` with the elements of each of its tensors; None for one that has a region."""
    rest = pb.EvaluateRequest(evaluations=message.evaluations)
    parts: list[Part] = [rest.SerializeToString()]
    number = _number(pb.EvaluateRequest, "tensors")
    for tensor, payload in zip(message.tensors, payloads, strict=True):
        parts += _field(number, _tensor(tensor, payload))
    return b"".join(parts)


def stream_header(header: pb.StreamHeader, payloads: Sequence[Array]) -> bytes:
    """The first message of a stream; `payloads` are the elements of its tensors."""
    rest = pb.StreamHeader()
    rest.CopyFrom(header)
    del rest.tensors[:]
    parts: list[Part] = [rest.SerializeToString()]
    number = _number(pb.StreamHeader, "tensors")
    for tensor, payload in zip(header.tensors, payloads, strict=True):
        parts += _field(number, _tensor(tensor, payload))
    return b"".join(_field(_number(pb.EvaluateStreamRequest, "header"), parts))


def stream_chunk(fields: Sequence[tuple[str, Array]]) -> bytes:
    """A chunk of a stream: the next bytes of each of its fields."""
    parts = [part for name, data in fields for part in _bytes_field(pb.StreamChunk, name, data)]
    return b"".join(_field(_number(pb.EvaluateStreamRequest, "chunk"), parts))


def _tensor(tensor: pb.Tensor, payload: Array | None) -> list[Part]:
    head = [tensor.SerializeToString()]
    return head if payload is None else head + _bytes_field(pb.Tensor, "data", bytes_of(payload))


def _bytes_field(message: Any, name: str, data: Array) -> list[Part]:
    return _field(_number(message, name), [data]) if data.size > 0 else []


def _field(number: int, parts: list[Part]) -> list[Part]:
    """A field of bytes, or of a message, whose contents are `parts`."""
    size = sum(len(part) for part in parts)
    return [_varint(number << 3 | 2), _varint(size), *parts]


def _number(message: Any, name: str) -> int:
    number: int = message.DESCRIPTOR.fields_by_name[name].number
    return number


def _varint(number: int) -> bytes:
    groups = bytearray()
    while number >= 0x80:
        groups.append(number & 0x7F | 0x80)
        number >>= 7
    groups.append(number)
    return bytes(groups)
