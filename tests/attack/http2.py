"""HTTP/2 (RFC 9113) as a hostile peer speaks it: frame by frame, with nothing done unasked."""

from __future__ import annotations

import socket
import struct
from dataclasses import dataclass
from typing import Self

DATA, HEADERS, RST_STREAM, SETTINGS, PING, GOAWAY = 0, 1, 3, 4, 6, 7
WINDOW_UPDATE, CONTINUATION = 8, 9
END_STREAM, ACK, END_HEADERS = 1, 1, 4

# Of grpc-status.
RESOURCE_EXHAUSTED, UNIMPLEMENTED = 8, 12

# Of SETTINGS.
MAX_CONCURRENT_STREAMS, INITIAL_WINDOW_SIZE = 3, 4

EVALUATE = "/rectifier.v1.ActivationService/Evaluate"


@dataclass
class Frame:
    kind: int
    flags: int
    stream: int
    payload: bytes


def frame(kind: int, flags: int, stream: int, payload: bytes = b"") -> bytes:
    return struct.pack(">I", len(payload))[1:] + struct.pack(">BBI", kind, flags, stream) + payload


def call_headers(path: str, **more: str) -> bytes:
    """The header block of a gRPC call. `more` are fields with _ in the place of -."""
    fields = {
        ":method": "POST",
        ":scheme": "http",
        ":path": path,
        ":authority": "localhost",
        "content-type": "application/grpc",
        "te": "trailers",
    }
    fields.update({name.replace("_", "-"): value for name, value in more.items()})
    return b"".join(_field(name.encode(), value.encode()) for name, value in fields.items())


def _field(name: bytes, value: bytes) -> bytes:
    """Not indexed, with a new name (RFC 7541, section 6.2.2); both are short."""
    assert max(len(name), len(value)) < 127
    return b"\x00" + bytes([len(name)]) + name + bytes([len(value)]) + value


def settings_of(got: Frame) -> dict[int, int]:
    words = range(0, len(got.payload), 6)
    pairs = [struct.unpack(">HI", got.payload[at : at + 6]) for at in words]
    return {int(name): int(value) for name, value in pairs}


def message_head(length: int, compressed: bool = False) -> bytes:
    """What stands before a gRPC message."""
    return struct.pack(">BI", compressed, length)


def dial(target: str) -> socket.socket:
    """A connection to "unix:/path" or "host:port", on which nothing was said."""
    if target.startswith("unix:"):
        peer = socket.socket(socket.AF_UNIX)
        peer.settimeout(30)
        peer.connect(target.removeprefix("unix:"))
        return peer
    host, port = target.rsplit(":", 1)
    return socket.create_connection((host.strip("[]"), int(port)), timeout=30)


class Connection:
    """A connection that has said hello. It acknowledges the server's settings when told to."""

    def __init__(self, target: str, settings: dict[int, int] | None = None) -> None:
        self.socket = dial(target)
        self._received = b""
        self._put_back: Frame | None = None
        words = b"".join(struct.pack(">HI", *setting) for setting in (settings or {}).items())
        self.send(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + frame(SETTINGS, 0, 0, words))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.socket.close()

    def send(self, frames: bytes) -> None:
        self.socket.sendall(frames)

    def receive(self) -> Frame | None:
        """The next frame; None where the server has hung up."""
        if self._put_back is not None:
            got, self._put_back = self._put_back, None
            return got
        head = self._read(9)
        if head is None:
            return None
        kind, flags, stream = struct.unpack(">BBI", head[3:])
        payload = self._read(int.from_bytes(head[:3], "big"))
        return None if payload is None else Frame(kind, flags, stream, payload)

    def put_back(self, got: Frame) -> None:
        """The frame is received once more."""
        self._put_back = got

    def settings(self) -> dict[int, int]:
        """Those of the server, which are then acknowledged."""
        while (got := self.receive()) is not None:
            if got.kind == SETTINGS and not got.flags & ACK:
                self.send(frame(SETTINGS, ACK, 0))
                return settings_of(got)
        raise ConnectionError("the server hung up")

    def status(self) -> int:
        """The code that a call ends with. It must be the first on this connection, so that the
        server has not yet put the name of the field into its table."""
        name = b"grpc-status"
        while (got := self.receive()) is not None:
            if got.kind == HEADERS and name in got.payload:
                value = got.payload[got.payload.index(name) + len(name) :]
                return int(value[1 : 1 + value[0]])
        raise ConnectionError("the server hung up")

    def ping(self) -> bool:
        """Whether the server, having read all that was sent, is still there."""
        try:
            self.send(frame(PING, 0, 0, bytes(8)))
            while (got := self.receive()) is not None:
                if got.kind == PING and got.flags & ACK:
                    return True
        except OSError:
            pass
        return False

    def _read(self, count: int) -> bytes | None:
        while len(self._received) < count:
            try:
                more = self.socket.recv(1 << 16)
            except ConnectionResetError:
                return None
            if not more:
                return None
            self._received += more
        result, self._received = self._received[:count], self._received[count:]
        return result
