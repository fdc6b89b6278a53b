"""Connections: more than there may be, or than descriptors; silent and idle ones."""

from __future__ import annotations

import resource
from contextlib import ExitStack, suppress

import pytest
from http2 import END_HEADERS, EVALUATE, GOAWAY, HEADERS, Connection, call_headers, dial, frame
from rectifierd_process import RectifierdProcess
from victim import (
    MIB,
    NOT_SERVING,
    SERVING,
    call,
    connections,
    descriptors,
    http_get,
    polite_caller,
    readiness,
    resident,
    series,
    serve,
    wait_until,
)


def enter(target: str, peers: ExitStack) -> Connection | None:
    """A connection that the server has greeted; None where it is closed without a word."""
    try:
        connection = peers.enter_context(Connection(target))
    except OSError:
        return None
    return None if connection.receive() is None else connection


def refused(target: str) -> bool:
    peers = ExitStack()
    connection = enter(target, peers)
    peers.close()
    return connection is None


@pytest.mark.parametrize("transport", ["tcp", "unix"])
def test_serves_again_after_descriptors_ran_out(transport: str) -> None:
    with serve("--max_connections=1000") as server, readiness(server) as told, ExitStack() as peers:
        assert next(told) == SERVING
        target = server.tcp_target if transport == "tcp" else server.unix_target
        # This HTTP connection is there before they run out, and so can be answered.
        health = peers.enter_context(dial(server.metrics_address))
        assert http_get(server, "/healthz") == (200, "ok\n")
        resource.prlimit(server.pid, resource.RLIMIT_NOFILE, (100, 1000))
        hostile = peers.enter_context(ExitStack())
        for _ in range(100):
            hostile.enter_context(dial(target))
        assert next(told) == NOT_SERVING
        health.sendall(b"GET /healthz HTTP/1.0\r\n\r\n")
        assert health.recv(1 << 10).startswith(b"HTTP/1.1 503 ")
        assert server.wait_for_event("connections wait")["level"] == "warning"
        hostile.close()
        assert next(told) == SERVING
        call(target)
        assert http_get(server, "/healthz") == (200, "ok\n")


def test_connections_stay_below_the_limit_of_descriptors() -> None:
    with ExitStack() as peers, descriptors(256):
        server = peers.enter_context(serve())
        most = series(server, "rectifier_connections_limit")
        assert most == 64  # two descriptors each, and half of the limit for all else
        opened = [peers.enter_context(Connection(server.tcp_target)) for _ in range(int(most))]
        for connection in opened:
            connection.settings()
        assert all(refused(target) for target in [server.tcp_target, server.unix_target] * 50)
        assert connections(server) == most
        for transport in ("tcp", "unix"):
            labels = {"transport": transport, "reason": "connections"}
            assert series(server, "rectifier_connections_refused_total", **labels) == 50
        assert server.wait_for_event("connection refused")["reason"] == "connections"
        assert http_get(server, "/healthz")[0] == 200
        assert all(connection.ping() for connection in opened)  # those who are in are served
        for connection in opened:
            connection.socket.close()
        wait_until(lambda: connections(server) == 0)
        call(server.tcp_target)


def test_2000_idle_connections_are_bounded_and_closed() -> None:
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    if hard < 4096:
        pytest.skip(f"this process may have {hard} descriptors, and needs 4096")
    with ExitStack() as peers, descriptors(4096):
        server = peers.enter_context(serve("--max_connection_idle=2s"))
        before = resident(server)
        opened = [enter(server.tcp_target, peers) for _ in range(2000)]
        taken = [peer for peer in opened if peer is not None]
        assert len(taken) > 1000
        assert connections(server) <= 1024  # on a slow machine some have been closed by now
        assert resident(server) - before < 64 * MIB
        for peer in taken:
            while (last := peer.receive()) is not None and last.kind != GOAWAY:
                pass
        wait_until(lambda: connections(server) == 0)
        call(server.tcp_target)


@pytest.mark.parametrize("words", [b"", b"PRI * HTTP/2.0\r\n", b"GET / HTTP/1.1\r\n\r\n" * 9])
def test_who_does_not_speak_http2_is_hung_up_on(words: bytes) -> None:
    with serve("--handshake_timeout=500ms") as server:
        for target in (server.tcp_target, server.unix_target):
            with dial(target) as peer:
                peer.sendall(words)
                try:
                    while peer.recv(1 << 16):
                        pass
                except ConnectionResetError:
                    pass
        wait_until(lambda: connections(server) == 0)


def test_who_does_not_answer_a_ping_is_hung_up_on() -> None:
    with serve("--keepalive_time=500ms") as server, readiness(server) as told, ExitStack() as peers:
        assert next(told) == SERVING
        for target in (server.tcp_target, server.unix_target):
            mute = enter(target, peers)
            assert mute is not None
            while mute.receive() is not None:
                pass
        wait_until(lambda: connections(server) == 1)  # whoever answers stays, however quiet


def test_a_peer_that_ignores_how_many_streams_it_may_have_is_hung_up_on() -> None:
    """It does not acknowledge the settings, which are therefore not in force for it. gRPC takes in
    what has come before it hears that the connection has ended: 12 KiB for each call."""
    with serve("--max_http2_streams=100") as server, polite_caller(server.tcp_target) as latencies:
        before = resident(server)
        with Connection(server.tcp_target) as peer:
            begun = b"".join(
                frame(HEADERS, END_HEADERS, stream, call_headers(EVALUATE))
                for stream in range(1, 20_001, 2)
            )
            with suppress(OSError):
                peer.send(begun)
            wait_until(lambda: ended(server) == 1)
            with suppress(ConnectionResetError):
                while peer.receive() is not None:
                    pass
        wait_until(lambda: inflight(server) == 0)
        assert server.wait_for_event("connection ended")["reason"] == "calls"
        memory = resident(server, "VmHWM") - before
        print(f"10,000 calls: {memory / MIB:.0f} MiB")
        assert memory < 256 * MIB
    assert latencies


def ended(server: RectifierdProcess) -> float:
    return series(server, "rectifier_connections_ended_total", transport="tcp")


def inflight(server: RectifierdProcess) -> float:
    return series(server, "rectifier_inflight_calls")
