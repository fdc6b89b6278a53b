"""The caller's side of shared buffers (proto/rectifier/v1/shared_buffer.proto)."""

from __future__ import annotations

import mmap
import os
import socket
from dataclasses import dataclass
from typing import Self

TOKEN_BYTES = 16
_MOST = 1 << 12  # of an answer


@dataclass
class Buffer:
    token: bytes
    memory: mmap.mmap


class Buffers:
    """A connection to the socket of shared buffers; when it is closed, they are gone."""

    def __init__(self, path: str) -> None:
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._socket.settimeout(30)
        self._socket.connect(path)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self._socket.close()

    def allocate(self, size: int) -> Buffer:
        """Raises OSError where the server refuses."""
        self._socket.send(_field(1, b"\x08" + _varint(size)))
        answer, descriptors, _, _ = socket.recv_fds(self._socket, _MOST, 1)
        if not descriptors:
            raise OSError(f"no buffer of {size} bytes: {answer!r}")
        try:
            memory = mmap.mmap(descriptors[0], size)
        finally:
            os.close(descriptors[0])
        start = answer.index(bytes([3 << 3 | 2, TOKEN_BYTES])) + 2
        return Buffer(answer[start : start + TOKEN_BYTES], memory)

    def release(self, buffer: Buffer) -> None:
        buffer.memory.close()
        self._socket.send(_field(2, _field(1, buffer.token)))
        answer = self._socket.recv(_MOST)
        if b"released" not in answer:
            raise OSError(f"not released: {answer!r}")


def _field(number: int, content: bytes) -> bytes:
    """A field of bytes, or of a message, as protobuf encodes it."""
    return bytes([number << 3 | 2]) + _varint(len(content)) + content


def _varint(value: int) -> bytes:
    encoded = b""
    while value >= 0x80:
        encoded += bytes([value & 0x7F | 0x80])
        value >>= 7
    return encoded + bytes([value])
