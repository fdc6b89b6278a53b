"""Unix sockets: files that somebody deletes or replaces, and callers who are not allowed."""

from __future__ import annotations

import os
import socket
import stat
from pathlib import Path

import pytest
from http2 import Connection
from rectifierd_process import RectifierdProcess
from victim import (
    NOT_SERVING,
    SERVING,
    call,
    http_get,
    readiness,
    series,
    serve,
    wait_until,
)


def path_of(server: RectifierdProcess) -> Path:
    return Path(server.unix_target.removeprefix("unix:"))


def buffers_path_of(server: RectifierdProcess) -> Path:
    return Path(f"{path_of(server)}.buffers")


def refused(server: RectifierdProcess, transport: str) -> float:
    """The number of callers who were not allowed."""
    name = "rectifier_connections_refused_total"
    return series(server, name, transport=transport, reason="peer")


def hangs_up(path: Path, kind: int) -> bool:
    """Whether a new connection is closed without a word."""
    with socket.socket(socket.AF_UNIX, kind) as peer:
        peer.settimeout(10)
        peer.connect(str(path))
        try:
            return peer.recv(1) == b""
        except ConnectionResetError:
            return True


def test_sockets_that_somebody_deletes_are_put_back() -> None:
    with serve() as server, Connection(server.unix_target) as before:
        before.settings()
        for path in (path_of(server), buffers_path_of(server)):
            path.unlink()
            wait_until(path.exists)
            assert stat.S_IMODE(path.stat().st_mode) == 0o660
        assert server.wait_for_event("socket put back")["listen"].startswith("unix:/")
        call(server.unix_target)
        assert before.ping()  # those who were there stay


def test_readiness_says_no_while_something_else_is_in_the_place() -> None:
    with serve() as server, readiness(server) as told:
        assert next(told) == SERVING
        path = path_of(server)
        path.unlink()
        with socket.socket(socket.AF_UNIX) as intruder:
            intruder.bind(str(path))
            assert next(told) == NOT_SERVING
            assert http_get(server, "/healthz")[0] == 503
            assert "something else" in server.wait_for_event("socket gone")["message"]
        path.unlink()
        assert next(told) == SERVING
        call(server.unix_target)


def test_mode_and_group_are_flags() -> None:
    flags = ["--unix_socket_mode=0600", f"--unix_socket_group={os.getgid()}"]
    with serve(*flags) as server:
        for path in (path_of(server), buffers_path_of(server)):
            assert stat.S_IMODE(path.stat().st_mode) == 0o600
            assert path.stat().st_gid == os.getgid()
        call(server.unix_target)


def test_callers_of_other_users_are_hung_up_on() -> None:
    somebody_else = os.getuid() + 1
    with serve(f"--unix_allowed_uids={somebody_else}") as server:
        assert hangs_up(path_of(server), socket.SOCK_STREAM)
        assert hangs_up(buffers_path_of(server), socket.SOCK_SEQPACKET)
        wait_until(lambda: refused(server, "unix") == 1 and refused(server, "buffer") == 1)
        assert server.wait_for_event("connection refused")["reason"] == "peer"
        call(server.tcp_target)


@pytest.mark.parametrize("users", [f"{os.getuid()}", f"4711,{os.getuid()}"])
def test_callers_who_are_allowed_are_served(users: str) -> None:
    with serve(f"--unix_allowed_uids={users}") as server:
        call(server.unix_target)
