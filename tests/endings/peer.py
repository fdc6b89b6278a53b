"""A caller that makes calls step by step, and ends them in every way there is."""

from __future__ import annotations

import select

from http2 import (
    DATA,
    END_HEADERS,
    END_STREAM,
    HEADERS,
    INITIAL_WINDOW_SIZE,
    RST_STREAM,
    WINDOW_UPDATE,
    Connection,
    call_headers,
    frame,
    message_head,
)

CANCEL = 8  # of RST_STREAM
FIRST_WINDOW = 65535
LONGEST_FRAME = 16384


class Peer(Connection):
    """Sends as the server's windows allow. Where `takes_replies` is false its own are empty.

    Whatever it writes, it first takes from its socket what has come: the buffer of a unix socket is
    full after some 280 small frames, whatever the windows of HTTP/2 say.
    """

    def __init__(self, target: str, takes_replies: bool = True) -> None:
        super().__init__(target, {} if takes_replies else {INITIAL_WINDOW_SIZE: 0})
        self._initial = self.settings().get(INITIAL_WINDOW_SIZE, FIRST_WINDOW)
        self._windows = {0: FIRST_WINDOW}
        self.calls: list[int] = []

    def open(self, path: str, timeout: str = "") -> int:
        """A call, without a message. `timeout` is as gRPC writes it."""
        call = 2 * len(self.calls) + 1
        more = {"grpc_timeout": timeout} if timeout else {}
        self.send(frame(HEADERS, END_HEADERS, call, call_headers(path, **more)))
        self._windows[call] = self._initial
        self.calls.append(call)
        return call

    def write(self, call: int, message: bytes, *, claimed: int | None = None) -> None:
        """A message, of which `claimed` bytes are announced."""
        while select.select([self.socket], [], [], 0)[0]:
            self._take_frame()
        body = message_head(len(message) if claimed is None else claimed) + message
        at = 0
        while at < len(body):
            size = min(LONGEST_FRAME, len(body) - at, self._windows[0], self._windows[call])
            if size <= 0:
                self._take_frame()
                continue
            self.send(frame(DATA, 0, call, body[at : at + size]))
            at += size
            for window in (0, call):
                self._windows[window] -= size

    def end_writes(self, call: int) -> None:
        self.send(frame(DATA, END_STREAM, call))

    def cancel(self) -> None:
        for call in self.calls:
            self.send(frame(RST_STREAM, 0, call, CANCEL.to_bytes(4, "big")))

    def _take_frame(self) -> None:
        got = self.receive()
        if got is None:
            raise ConnectionError("the server hung up")
        if got.kind == WINDOW_UPDATE:
            self._windows[got.stream] += int.from_bytes(got.payload, "big")
