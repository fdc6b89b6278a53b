"""The machine fails: disks are full, clocks jump."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from http2 import EVALUATE
from polite import evaluate, long_request, numbers, open_channel, request_of
from victim import call, wait_until

FAKETIME = next(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"), None)
FLAGS = ["--listen=127.0.0.1:0", "--metrics_listen=", "--drain_delay=0s"]


@contextmanager
def started(folder: Path, *flags: str, log: Path, **environment: str) -> Iterator[str]:
    """The server, which logs to `log`; gives its address, which the ports file tells."""
    ports = folder / "ports"
    command = [os.environ["RECTIFIERD"], *FLAGS, f"--ports_file={ports}", *flags]
    with (
        log.open("w") as stream,
        subprocess.Popen(command, stderr=stream, env=os.environ | environment) as process,
    ):
        try:
            wait_until(lambda: ports.exists() or process.poll() is not None)
            yield ports.read_text().split()[1]
        finally:
            process.terminate()
            exit_code = process.wait(timeout=60)
    assert exit_code == 0


@contextmanager
def full_disk(folder: Path) -> Iterator[Path]:
    """A file system without a free byte."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", str(folder)]
    if subprocess.run(mount, capture_output=True).returncode != 0:
        pytest.skip("only root may mount")
    try:
        with suppress(OSError):
            (folder / "fills it").write_bytes(bytes(1 << 20))
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def test_a_ports_file_on_a_full_disk_is_an_error_at_the_start(tmp_path: Path) -> None:
    with full_disk(tmp_path / "disk") as disk:
        command = [os.environ["RECTIFIERD"], *FLAGS, f"--ports_file={disk / 'ports'}"]
        result = subprocess.run(command, capture_output=True, text=True, timeout=60)
        assert result.returncode == 1
        assert f"cannot write {disk / 'ports'}" in result.stderr
        assert not (disk / "ports").exists(), "it appears whole or not at all"


def test_a_log_on_a_full_disk_holds_up_nobody(tmp_path: Path) -> None:
    flags = ["--slow_call=0s", "--log_level=debug"]  # each call has a line
    with started(tmp_path, *flags, log=Path("/dev/full")) as target:
        for _ in range(50):
            call(target)


@pytest.mark.skipif(FAKETIME is None, reason="libfaketime is not installed")
def test_a_call_outlives_a_jump_of_the_clock(tmp_path: Path) -> None:
    """An hour forward. Backward cannot be tried so, because the kernel's own clock does not jump:
    whoever waits until a time that has passed for the kernel never waits."""
    offset = tmp_path / "offset"
    offset.write_text("+0s")
    environment = {
        "LD_PRELOAD": str(FAKETIME),
        "FAKETIME_TIMESTAMP_FILE": str(offset),
        "FAKETIME_NO_CACHE": "1",
        "DONT_FAKE_MONOTONIC": "1",
    }
    with (
        started(tmp_path, log=tmp_path / "log", **environment) as target,
        open_channel(target) as channel,
    ):
        under_way = channel.unary_unary(EVALUATE).future(long_request(), timeout=60)
        small = request_of("relu", numbers(16, seed=0)).SerializeToString()
        for _ in range(10):
            evaluate(channel, small)  # so that the long one has begun
        offset.write_text("+1h")
        assert not under_way.done()
        evaluate(channel, small)  # a call that comes later is none the wiser
        assert under_way.exception() is None
