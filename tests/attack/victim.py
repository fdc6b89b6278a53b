"""What a test asks of the server that it attacks, and of the callers beside the attack."""

from __future__ import annotations

import http.client
import os
import resource
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import grpc
from rectifierd_process import RectifierdProcess

from rectifier import Client

MIB = 1 << 20
IS_LONG = os.environ.get("RECTIFIER_ATTACK") == "long"  # ./dev attack; CTest runs the short forms
SERVING, NOT_SERVING = b"\x08\x01", b"\x08\x02"  # messages of grpc.health.v1
SERVICE = b"rectifier.v1.ActivationService"


def serve(*flags: str) -> RectifierdProcess:
    """The server whose path is in the environment variable RECTIFIERD, with flags of the test."""
    return RectifierdProcess(os.environ["RECTIFIERD"], *flags)


@contextmanager
def descriptors(most: int) -> Iterator[None]:
    """Lets this process, and those that it starts, have so many open files."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)


def call(target: str) -> None:
    """One polite call on a new connection; raises where it fails."""
    with Client(target, timeout=30) as client:
        client.evaluate("relu", [1.0, -1.0])


@contextmanager
def polite_caller(target: str) -> Iterator[list[float]]:
    """One who calls again and again on a connection of their own; seconds that the calls took."""
    latencies: list[float] = []
    is_over = threading.Event()

    def call_again_and_again() -> None:
        with Client(target, timeout=30) as client:
            while not is_over.wait(0.005):
                start = time.monotonic()
                client.evaluate("relu", [1.0, -1.0] * 8)
                latencies.append(time.monotonic() - start)

    with ThreadPoolExecutor(1) as thread:
        caller = thread.submit(call_again_and_again)
        wait_until(lambda: bool(latencies) or caller.done())
        try:
            yield latencies
        finally:
            is_over.set()
            caller.result()


def http_get(server: RectifierdProcess, path: str, timeout: float = 30) -> tuple[int, str]:
    connection = http.client.HTTPConnection(server.metrics_address, timeout=timeout)
    try:
        connection.request("GET", path)
        reply = connection.getresponse()
        return reply.status, reply.read().decode()
    finally:
        connection.close()


def series(server: RectifierdProcess, name: str, **labels: str) -> float:
    """A metric's value, summed over the labels that are not given."""
    text = http_get(server, "/metrics")[1]
    lines = [
        line.rsplit(" ", 1)
        for line in text.splitlines()
        if line.startswith((name + "{", name + " "))
    ]
    wanted = [f'{label}="{value}"' for label, value in labels.items()]
    return sum(float(value) for head, value in lines if all(word in head for word in wanted))


def connections(server: RectifierdProcess) -> float:
    return series(server, "rectifier_connections")


def resident(server: RectifierdProcess, field: str = "VmRSS") -> int:
    """Bytes of memory; VmHWM gives the most that there were."""
    status = Path(f"/proc/{server.pid}/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith(field))
    return int(line.split()[1]) * 1024


def forget_peak(server: RectifierdProcess) -> None:
    """VmHWM begins anew."""
    Path(f"/proc/{server.pid}/clear_refs").write_text("5")


def wait_until(condition: Callable[[], bool], seconds: float = 30) -> None:
    """Asks again and again; the server has no way to tell of it."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it does not happen"
        time.sleep(0.02)


@contextmanager
def readiness(server: RectifierdProcess) -> Iterator[Iterator[bytes]]:
    """What Watch of the health service says, from now on."""
    with grpc.insecure_channel(server.unix_target) as channel:
        watch = channel.unary_stream("/grpc.health.v1.Health/Watch")
        request = b"\x0a" + bytes([len(SERVICE)]) + SERVICE
        yield watch(request, timeout=60)
