"""SIGTERM while hostile peers are there."""

from __future__ import annotations

import time
from contextlib import ExitStack

from http2 import (
    DATA,
    END_HEADERS,
    EVALUATE,
    HEADERS,
    INITIAL_WINDOW_SIZE,
    Connection,
    call_headers,
    dial,
    frame,
    message_head,
)
from victim import call, connections, serve, wait_until

PEERS = 20  # of each kind


def test_hostile_peers_do_not_hold_up_the_end() -> None:
    with serve() as server, ExitStack() as peers:
        call(server.tcp_target)
        for target in [server.tcp_target, server.unix_target] * (PEERS // 2):
            peers.enter_context(dial(target))  # says nothing
            idle = peers.enter_context(Connection(target))
            opened = peers.enter_context(Connection(target))
            half_sent = peers.enter_context(Connection(target, {INITIAL_WINDOW_SIZE: 0}))
            for connection in (idle, opened, half_sent):
                connection.settings()
            opened.send(frame(HEADERS, END_HEADERS, 1, call_headers(EVALUATE)))
            half_sent.send(
                frame(HEADERS, END_HEADERS, 1, call_headers(EVALUATE))
                + frame(DATA, 0, 1, message_head(1 << 20) + bytes(1 << 10))
            )
        wait_until(lambda: connections(server) >= 4 * PEERS)
        began = time.monotonic()
        assert server.stop() == 0
        assert time.monotonic() - began < 10
