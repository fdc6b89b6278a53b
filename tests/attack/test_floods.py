"""Floods of frames, which gRPC 1.51.1 lets pass: the server outlives them, and serves the others.

Memory and delay are printed, not bounded tightly: SECURITY.md says what holds against which gRPC.
"""

from __future__ import annotations

import struct

import pytest
from http2 import (
    CONTINUATION,
    DATA,
    END_HEADERS,
    EVALUATE,
    HEADERS,
    PING,
    RST_STREAM,
    SETTINGS,
    WINDOW_UPDATE,
    Connection,
    call_headers,
    frame,
)
from victim import (
    IS_LONG,
    MIB,
    call,
    connections,
    forget_peak,
    polite_caller,
    resident,
    serve,
    wait_until,
)

AT_ONCE = 100
MOST_MEMORY = 4096 * MIB if IS_LONG else 512 * MIB
LONGEST_CALL = 30.0 if IS_LONG else 10.0  # seconds

OPENED = frame(HEADERS, END_HEADERS, 1, call_headers(EVALUATE))
# An unfinished head: what follows are pieces of it.
BEGUN = frame(HEADERS, 0, 1, call_headers(EVALUATE))
FIELD = b"\x00\x08x-attack" + b"\x7f\x81\x3e" + bytes(8064)  # RFC 7541: a value of 8,064 bytes

# What is said first, what then again and again, and how often, in the short form and in the long.
FLOODS = {
    "CONTINUATION": (BEGUN, frame(CONTINUATION, 0, 1, b"\x00\x01a\x01b"), 100_000, 4_000_000),
    "endless head": (BEGUN, frame(CONTINUATION, 0, 1, FIELD), 2_000, 14_000),
    "SETTINGS": (b"", frame(SETTINGS, 0, 0, struct.pack(">HI", 4, 65535)), 100_000, 4_000_000),
    "WINDOW_UPDATE": (OPENED, frame(WINDOW_UPDATE, 0, 1, struct.pack(">I", 1)), 200_000, 4_000_000),
    "empty DATA": (OPENED, frame(DATA, 0, 1), 200_000, 4_000_000),
    "PING": (b"", frame(PING, 0, 0, bytes(8)), 200_000, 4_000_000),
}


def pour(peer: Connection, piece: bytes, count: int) -> int:
    """Gives how many were sent until the server hung up, or did not take more for a while."""
    peer.socket.settimeout(2)
    for sent in range(0, count, AT_ONCE):
        try:
            peer.send(piece * AT_ONCE)
        except OSError:
            return sent
    return count


@pytest.mark.parametrize("kind", FLOODS)
def test_others_are_served_beside_a_flood_and_after_it(kind: str) -> None:
    first, piece, short, long = FLOODS[kind]
    with serve() as server:
        call(server.tcp_target)
        before = resident(server)
        forget_peak(server)
        with polite_caller(server.unix_target) as latencies, Connection(server.tcp_target) as peer:
            peer.settings()
            peer.send(first)
            sent = pour(peer, piece, long if IS_LONG else short)
            peer.ping()  # when that is answered, all was read
        memory = resident(server, "VmHWM") - before
        print(f"{kind}: {sent} sent, {memory / MIB:.0f} MiB, longest call {max(latencies):.3f} s")
        assert memory < MOST_MEMORY
        assert max(latencies) < LONGEST_CALL
        wait_until(lambda: connections(server) == 0)
        call(server.tcp_target)


def test_rapid_reset() -> None:
    count = 50_000 if IS_LONG else 10_000
    headers, cancel = call_headers(EVALUATE), struct.pack(">I", 8)
    with serve() as server:
        call(server.tcp_target)
        before = resident(server)
        forget_peak(server)
        with polite_caller(server.unix_target) as latencies, Connection(server.tcp_target) as peer:
            peer.settings()
            try:
                for first in range(0, count, AT_ONCE):
                    streams = range(2 * first + 1, 2 * (first + AT_ONCE) + 1, 2)
                    peer.send(
                        b"".join(
                            frame(HEADERS, END_HEADERS, stream, headers)
                            + frame(RST_STREAM, 0, stream, cancel)
                            for stream in streams
                        )
                    )
            except OSError:
                pass  # it has been hung up on
            peer.ping()
        memory = resident(server, "VmHWM") - before
        print(f"rapid reset: {memory / MIB:.0f} MiB, longest call {max(latencies):.3f} s")
        assert memory < MOST_MEMORY
        assert max(latencies) < LONGEST_CALL
        wait_until(lambda: connections(server) == 0)
        call(server.tcp_target)
