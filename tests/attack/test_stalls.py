"""Peers that grant every window, ask for more than a socket holds, and then do not read."""

from __future__ import annotations

import struct
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress

import pytest
from http2 import (
    DATA,
    END_HEADERS,
    END_STREAM,
    EVALUATE,
    HEADERS,
    INITIAL_WINDOW_SIZE,
    WINDOW_UPDATE,
    Connection,
    call_headers,
    frame,
    message_head,
)
from rectifierd_process import RectifierdProcess
from victim import call, series, serve, wait_until

from rectifier.v1 import activation_pb2 as pb

MOST = (1 << 31) - 1  # of a window
TRANSPORTS = {"tcp": "tcp_target", "unix": "unix_target"}


def many_results_of_one_tensor() -> bytes:
    """Short enough for the first window, with a reply of 8 MiB."""
    request = pb.EvaluateRequest()
    for _ in range(180):
        request.evaluations.add(inputs=[0]).activation.name = "relu"
    elements = 12_000
    request.tensors.add(element_type=pb.ELEMENT_TYPE_FLOAT32, shape=[elements])
    request.tensors[0].data = bytes(4 * elements)
    return request.SerializeToString()


REQUEST = many_results_of_one_tensor()


class Deaf(Connection):
    """Asks for a reply of 8 MiB, and takes no byte of it from its socket."""

    def __init__(self, target: str) -> None:
        super().__init__(target, {INITIAL_WINDOW_SIZE: MOST})
        self.settings()
        self.send(frame(WINDOW_UPDATE, 0, 0, struct.pack(">I", MOST - 65_535)))
        body = message_head(len(REQUEST)) + REQUEST
        frames = frame(HEADERS, END_HEADERS, 1, call_headers(EVALUATE))
        for start in range(0, len(body), 16384):
            is_last = start + 16384 >= len(body)
            frames += frame(DATA, END_STREAM * is_last, 1, body[start : start + 16384])
        self.send(frames)


@contextmanager
def deaf_peers(server: RectifierdProcess, *targets: str) -> Iterator[None]:
    """Some whose replies have filled their sockets."""
    call(server.unix_target)
    with ExitStack() as peers:
        for target in targets:
            peers.enter_context(Deaf(target))
        wait_until(lambda: sent(server) == 1 + len(targets))
        yield


def sent(server: RectifierdProcess) -> float:
    """Replies that were handed to gRPC, which cannot get rid of them."""
    return series(server, "rectifier_phase_seconds_count", phase="encode")


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_a_peer_that_reads_nothing_is_hung_up_on(transport: str) -> None:
    with serve("--send_timeout=1s") as server:
        target = getattr(server, TRANSPORTS[transport])
        with deaf_peers(server, target, target):
            call(target)
            stalled = "rectifier_connections_stalled_total"
            wait_until(lambda: series(server, stalled, transport=transport) == 2, seconds=10)
            wait_until(lambda: series(server, "rectifier_inflight_calls") == 0, seconds=10)
            wait_until(lambda: series(server, "rectifier_inflight_bytes") == 0, seconds=10)
            call(target)
        assert server.wait_for_event("connections stalled")["connections"] >= 1


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_a_peer_that_reads_slowly_is_not(transport: str) -> None:
    """Its call is given up, but what was sent until then is taken little by little."""
    with (
        serve("--send_timeout=1s") as server,
        Deaf(getattr(server, TRANSPORTS[transport])) as peer,
    ):
        peer.socket.settimeout(0.5)
        end = time.monotonic() + 4
        with suppress(TimeoutError):  # all has been taken
            while time.monotonic() < end:
                assert peer.socket.recv(65_536)
                time.sleep(0.1)
        assert series(server, "rectifier_connections_stalled_total") == 0


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_a_stop_does_not_wait_for_peers_that_read_nothing(transport: str) -> None:
    with serve() as server:
        target = getattr(server, TRANSPORTS[transport])
        with deaf_peers(server, *4 * [target]):
            began = time.monotonic()
            assert server.stop() == 0, "nobody's call was lost"
            assert time.monotonic() - began < 15


def test_the_process_ends_as_soon_as_it_has_stopped() -> None:
    """gRPC 1.51 has a thread that looks after full sockets for ten seconds."""
    with (
        serve() as server,
        deaf_peers(server, server.tcp_target, server.unix_target),
    ):
        server.begin_stop()
        server.wait_for_event("stopped")
        began = time.monotonic()
        assert server.stop() == 0
        assert time.monotonic() - began < 1
