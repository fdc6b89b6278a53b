"""Calls that are opened on one connection and never sent."""

from __future__ import annotations

from http2 import (
    END_HEADERS,
    EVALUATE,
    HEADERS,
    MAX_CONCURRENT_STREAMS,
    Connection,
    call_headers,
    frame,
)
from victim import MIB, call, connections, resident, serve, wait_until

CALLS = 50_000
AT_ONCE = 1_000


def open_calls(connection: Connection) -> None:
    """Until there are all, or the server hangs up."""
    headers = call_headers(EVALUATE)
    try:
        for first in range(0, CALLS, AT_ONCE):
            streams = range(2 * first + 1, 2 * (first + AT_ONCE) + 1, 2)
            connection.send(
                b"".join(frame(HEADERS, END_HEADERS, stream, headers) for stream in streams)
            )
    except OSError:
        pass


def test_50000_open_calls_on_one_connection_are_cut_off() -> None:
    with serve() as server, Connection(server.tcp_target) as hostile:
        assert hostile.settings()[MAX_CONCURRENT_STREAMS] == 256
        assert hostile.ping()
        before = resident(server)
        open_calls(hostile)
        assert not hostile.ping()
        assert resident(server) - before < 32 * MIB
        wait_until(lambda: connections(server) == 0)
        call(server.tcp_target)


def test_the_bound_is_a_flag() -> None:
    with serve("--max_http2_streams=3") as server:
        with Connection(server.tcp_target) as hostile:
            assert hostile.settings()[MAX_CONCURRENT_STREAMS] == 3
            assert hostile.ping()
            headers = call_headers(EVALUATE)
            for stream in (1, 3, 5):
                hostile.send(frame(HEADERS, END_HEADERS, stream, headers))
            assert hostile.ping()
            hostile.send(frame(HEADERS, END_HEADERS, 7, headers))
            assert not hostile.ping()
        call(server.tcp_target)
