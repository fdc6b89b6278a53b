"""Fields in protobuf's wire format, made by hand: heavy ones, and ones that lie."""

from __future__ import annotations

import grpc
import pytest
from victim import MIB, call, forget_peak, resident, serve

WEIGHT = 16 * MIB
# A message may be there twice, as it comes in and as it is read, but not in many small objects.
MOST = 3 * WEIGHT
UNKNOWN = b"\xf8\x01\x00"  # field 31, which no message has


def varint(number: int) -> bytes:
    head = b""
    while number > 127:
        head += bytes([number & 127 | 128])
        number >>= 7
    return head + bytes([number])


def field(number: int, content: bytes, claimed: int | None = None) -> bytes:
    """A field of bytes, which may lie about its length."""
    return varint(number << 3 | 2) + varint(len(content) if claimed is None else claimed) + content


def heavy(piece: bytes) -> bytes:
    return piece * (WEIGHT // len(piece))


def peak_of(method: str, message: bytes) -> float:
    """What a refused call takes in memory at most, on top of an idle server's."""
    with serve() as server:
        call(server.unix_target)
        before = resident(server)
        forget_peak(server)
        options = [("grpc.max_send_message_length", -1)]
        with (
            grpc.insecure_channel(server.unix_target, options) as channel,
            pytest.raises(grpc.RpcError) as refused,
        ):
            channel.unary_unary(method)(message, timeout=60)
        assert refused.value.code() == grpc.StatusCode.INVALID_ARGUMENT
        call(server.unix_target)
        more = resident(server, "VmHWM") - before
    print(f"{more / MIB:.0f} MiB more for {len(message) / MIB:.0f} MiB")
    return more
