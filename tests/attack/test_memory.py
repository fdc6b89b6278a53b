"""Memory: what is idle goes back, and a container's limit is kept."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import grpc
import pytest
from polite import evaluate, numbers, open_channel, request_of, value_of
from rectifierd_process import RectifierdProcess
from victim import MIB, call, resident, series, serve, wait_until

from rectifier import Client

CODES = grpc.StatusCode
GROUPS = (Path("/sys/fs/cgroup/memory"), Path("/sys/fs/cgroup"))


def test_memory_that_is_idle_goes_back_to_the_system() -> None:
    with serve("--idle_memory_time=2s") as server:
        call(server.unix_target)
        idle = resident(server)
        with open_channel(server.unix_target) as channel:
            evaluate(channel, request_of("gelu", numbers(12 * MIB, seed=0)).SerializeToString())
        assert resident(server) > idle + 64 * MIB, "a large call leaves its pages"
        wait_until(lambda: series(server, "rectifier_idle_memory_releases_total") > 0)
        assert resident(server) < idle + 32 * MIB
        call(server.unix_target)


@pytest.fixture(name="group")
def _group() -> Iterator[Path]:
    """A cgroup of 256 MiB, for root where the controller is there."""
    parent = next((group for group in GROUPS if (group / "memory.limit_in_bytes").exists()), None)
    if parent is None:
        parent = GROUPS[1] if (GROUPS[1] / "cgroup.controllers").exists() else None
    if parent is None or not os.access(parent, os.W_OK):
        pytest.skip("no memory cgroup can be made here")
    group = parent / f"rectifier-{uuid.uuid4().hex}"
    try:
        group.mkdir()
        limit = group / "memory.limit_in_bytes"
        (limit if limit.exists() else group / "memory.max").write_text(str(256 * MIB))
    except OSError as error:
        pytest.skip(f"no memory cgroup can be made here: {error}")
    yield group
    wait_until(lambda: not (group / "cgroup.procs").read_text().strip())
    group.rmdir()


def in_group(group: Path, path: Path, *flags: str) -> RectifierdProcess:
    """The server, put into the group by a shell before it starts."""
    wrapper = path / "rectifierd-in-group"
    wrapper.write_text(
        f'#!/bin/sh\necho $$ > {group}/cgroup.procs\nexec {os.environ["RECTIFIERD"]} "$@"\n'
    )
    wrapper.chmod(0o755)
    return RectifierdProcess(str(wrapper), *flags)


def test_every_call_in_a_small_container_is_answered_or_refused(
    group: Path, tmp_path: Path
) -> None:
    with in_group(group, tmp_path) as server:
        with Client(server.unix_target) as client:
            limits = client.server_info().limits
        assert limits.max_inflight_bytes == 32 * MIB
        # As a message: the client's own way would be by memory that is its own, too.
        elements = numbers((limits.max_message_bytes - 1024) // 4, seed=0)
        message = request_of("gelu", elements).SerializeToString()
        with open_channel(server.unix_target) as channel:
            expected = value_of(evaluate(channel, message))

        def largest(_: int) -> bool:
            with open_channel(server.unix_target) as channel:
                try:
                    return value_of(evaluate(channel, message)) == expected
                except grpc.RpcError as error:
                    return error.code() in (CODES.RESOURCE_EXHAUSTED, CODES.UNAVAILABLE)

        with ThreadPoolExecutor(12) as pool:
            assert all(pool.map(largest, range(60)))
        assert resident(server, "VmHWM") < 256 * MIB
        call(server.unix_target)
