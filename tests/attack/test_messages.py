"""Messages: a bomb, and large ones that are never sent to their end."""

from __future__ import annotations

import struct
import zlib
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import grpc
from http2 import (
    DATA,
    END_HEADERS,
    END_STREAM,
    EVALUATE,
    GOAWAY,
    HEADERS,
    RESOURCE_EXHAUSTED,
    RST_STREAM,
    UNIMPLEMENTED,
    WINDOW_UPDATE,
    Connection,
    call_headers,
    frame,
    message_head,
)
from victim import MIB, call, connections, forget_peak, resident, serve, wait_until

from rectifier import Client

GZIP_HEADER = bytes([0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255])  # RFC 1952
PIECE = 16 << 10  # of a message, in a frame of its own
HALF = 16 * MIB  # of the messages that are never sent to their end


def bomb(size: int) -> bytes:
    """`size` zeros in gzip's format, a thousandth as large. All pieces of them look the same."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    piece = packer.compress(bytes(MIB)) + packer.flush(zlib.Z_FULL_FLUSH)
    checksum = 0
    for _ in range(size // MIB):
        checksum = zlib.crc32(bytes(MIB), checksum)
    trailer = struct.pack("<II", checksum, size & 0xFFFFFFFF)
    return GZIP_HEADER + piece * (size // MIB) + packer.flush() + trailer


def send_gzip(target: str, packed: bytes) -> int:
    """The status of a call whose message is in gzip's format already."""
    with Connection(target) as connection:
        connection.settings()
        headers = call_headers(EVALUATE, grpc_encoding="gzip")
        connection.send(frame(HEADERS, END_HEADERS, 1, headers))
        upload(connection, message_head(len(packed), compressed=True) + packed, END_STREAM)
        return connection.status()


def upload(connection: Connection, message: bytes, flags: int = 0) -> int:
    """Sends on stream 1 as its windows allow. Gives how much, until it is told to stop."""
    windows = {0: 65535, 1: 65535}
    sent = 0
    while sent < len(message):
        size = min(PIECE, len(message) - sent)
        if size <= min(windows.values()):
            is_last = sent + size == len(message)
            connection.send(frame(DATA, flags if is_last else 0, 1, message[sent : sent + size]))
            sent += size
            windows = {stream: left - size for stream, left in windows.items()}
            continue
        got = connection.receive()
        if got is None:
            return sent
        if got.kind in (RST_STREAM, GOAWAY, HEADERS):
            connection.put_back(got)
            return sent
        if got.kind == WINDOW_UPDATE:
            windows[got.stream] += int.from_bytes(got.payload, "big")
    return sent


def test_a_bomb_is_refused_before_it_is_inflated() -> None:
    packed = bomb(1024 * MIB)
    with serve() as server:
        call(server.tcp_target)
        before = resident(server)
        forget_peak(server)
        assert send_gzip(server.tcp_target, packed) == UNIMPLEMENTED
        assert resident(server, "VmHWM") - before < 32 * MIB
        call(server.tcp_target)


def test_compression_is_for_those_who_allow_it() -> None:
    with serve("--allow_compression", "--max_message_bytes=1MiB") as server:
        with grpc.insecure_channel(server.unix_target, compression=grpc.Compression.Gzip) as gzip:
            Client(channel=gzip).evaluate("relu", [0.0] * 1000)
        assert send_gzip(server.unix_target, bomb(4 * MIB)) == RESOURCE_EXHAUSTED


def test_half_sent_messages_are_held_within_the_bound() -> None:
    flags = ["--max_message_bytes=32MiB", "--max_inflight_bytes=64MiB", "--max_receive_bytes=64MiB"]
    with serve(*flags) as server, ExitStack() as peers:
        call(server.unix_target)
        before = resident(server)
        forget_peak(server)
        hostile = [peers.enter_context(Connection(server.tcp_target)) for _ in range(24)]
        with ThreadPoolExecutor(len(hostile)) as threads:
            sent = list(threads.map(send_half, hostile))
        assert sum(sent) >= 64 * MIB
        assert resident(server, "VmHWM") - before < 100 * MIB
        call(server.tcp_target)
        call(server.unix_target)
        peers.close()
        wait_until(lambda: connections(server) == 0)
        call(server.tcp_target)


def send_half(connection: Connection) -> int:
    try:
        connection.settings()
        connection.send(frame(HEADERS, END_HEADERS, 1, call_headers(EVALUATE)))
        return upload(connection, message_head(2 * HALF) + bytes(HALF))
    except OSError:
        return 0
