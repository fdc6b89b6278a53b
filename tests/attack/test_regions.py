"""Shared memory that callers made: cut short, unregistered and taken away while it is used."""

from __future__ import annotations

import os
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import grpc
import pytest
from fields import field, varint
from rectifierd_process import RectifierdProcess
from victim import MIB, call, forget_peak, resident, series, serve

METHODS = "/inference.GRPCInferenceService/"
OWNERS = f"--system_shared_memory_owners={os.geteuid()}"
SIZE = 8 * MIB


@contextmanager
def shared_memory(size: int = SIZE, name: str = "region") -> Iterator[Path]:
    path = Path(f"/dev/shm/rectifier-attack-{os.getpid()}-{name}")
    path.write_bytes(b"")
    os.truncate(path, size)
    try:
        yield path
    finally:
        path.unlink(missing_ok=True)


def number(tag: int, value: int) -> bytes:
    return varint(tag << 3) + varint(value)


def ask(channel: grpc.Channel, method: str, message: bytes) -> bytes:
    reply: bytes = channel.unary_unary(METHODS + method)(message, timeout=60)
    return reply


def register(channel: grpc.Channel, path: Path, size: int = SIZE, name: bytes = b"r") -> None:
    key = b"/" + path.name.encode()
    ask(
        channel,
        "SystemSharedMemoryRegister",
        field(1, name) + field(2, key) + number(4, size),
    )


def region_parameters(tag: int, size: int) -> bytes:
    def entry(key: bytes, value: bytes) -> bytes:
        return field(tag, field(1, key) + field(2, value))

    return entry(b"shared_memory_region", field(3, b"r")) + entry(
        b"shared_memory_byte_size", number(2, size)
    )


def relu(size: int = SIZE) -> bytes:
    """x in the region, and its result in the same place."""
    x = field(1, b"x") + field(2, b"FP32") + field(3, varint(size // 4))
    output = field(1, b"value") + region_parameters(2, size)
    return field(1, b"relu") + field(5, x + region_parameters(4, size)) + field(6, output)


def test_it_outlives_shared_memory_that_is_cut_short_again_and_again() -> None:
    """A server that had mapped it would die of SIGBUS."""
    answers: dict[str, int] = {}
    is_over = threading.Event()

    def cut_and_restore(path: Path) -> None:
        while not is_over.is_set():
            os.truncate(path, 4096)
            os.truncate(path, SIZE)

    with serve(OWNERS) as server, grpc.insecure_channel(server.unix_target) as channel:
        with shared_memory() as path:
            register(channel, path)
            owner = threading.Thread(target=cut_and_restore, args=[path])
            owner.start()
            try:
                for _ in range(100):
                    try:
                        ask(channel, "ModelInfer", relu())
                        code = "OK"
                    except grpc.RpcError as error:
                        code = f"{error.code().name}: {error.details()}"
                        assert "cut short" in code, code
                    answers[code[:16]] = answers.get(code[:16], 0) + 1
            finally:
                is_over.set()
                owner.join()
        call(server.tcp_target)
    print(answers)
    assert answers.keys() & {"INVALID_ARGUMENT"}, answers


def test_calls_go_on_with_a_region_that_is_unregistered_and_unlinked_meanwhile() -> None:
    with serve(OWNERS) as server, grpc.insecure_channel(server.unix_target) as channel:
        with shared_memory() as path:
            minus_two = struct.pack("<f", -2.0)
            path.write_bytes(minus_two * (SIZE // 4))
            with path.open("rb") as memory:
                register(channel, path)
                infer = channel.unary_unary(METHODS + "ModelInfer")
                calls = [infer.future(relu(), timeout=60) for _ in range(20)]
                ask(channel, "SystemSharedMemoryUnregister", b"")
                path.unlink()
                codes = [each.code() for each in calls]
                assert set(codes) <= {grpc.StatusCode.OK, grpc.StatusCode.NOT_FOUND}, codes
                if grpc.StatusCode.OK in codes:
                    assert memory.read(4) == bytes(4)
        assert series(server, "rectifier_registered_regions") == 0
        assert not [link for link in descriptors_of(server) if "rectifier-attack" in link]


def descriptors_of(server: RectifierdProcess) -> list[str]:
    folder = Path(f"/proc/{server.pid}/fd")
    return [os.readlink(link) for link in folder.iterdir() if link.is_symlink()]


def test_refused_registrations_leave_nothing() -> None:
    with (
        serve(OWNERS) as server,
        grpc.insecure_channel(server.unix_target) as channel,
        shared_memory() as path,
    ):
        for _ in range(200):
            with pytest.raises(grpc.RpcError):
                register(channel, path, SIZE + 1)
        register(channel, path)
        for _ in range(200):
            with pytest.raises(grpc.RpcError):
                register(channel, path)
        held = [link for link in descriptors_of(server) if path.name in link]
        assert len(held) == 1, held


def test_regions_are_bounded() -> None:
    with serve(OWNERS) as server, grpc.insecure_channel(server.unix_target) as channel:
        with shared_memory() as path, pytest.raises(grpc.RpcError) as refused:
            for count in range(1000):
                register(channel, path, name=str(count).encode())
        assert refused.value.code() == grpc.StatusCode.RESOURCE_EXHAUSTED
        assert series(server, "rectifier_registered_regions") == 64
        call(server.tcp_target)


def test_copies_are_memory_that_admission_grants() -> None:
    """A message of 200 bytes takes 2 x 64 MiB; what has no room is refused, and takes none."""
    size = 64 * MIB
    flags = ("--max_message_bytes=64MiB", "--max_inflight_bytes=192MiB", "--max_idle_bytes=0")
    with (
        serve(OWNERS, *flags) as server,
        grpc.insecure_channel(server.unix_target) as channel,
        shared_memory(size) as path,
    ):
        register(channel, path, size)
        with pytest.raises(grpc.RpcError) as refused:
            ask(channel, "ModelInfer", relu(size))
        assert "this server's limit" in str(refused.value.details())
        forget_peak(server)
        before = resident(server)
        smaller = relu(60 * MIB)
        infer = channel.unary_unary(METHODS + "ModelInfer")
        calls = [infer.future(smaller, timeout=60) for _ in range(12)]
        codes = [each.code() for each in calls]
        peak = resident(server, "VmHWM") - before
    print(f"{codes.count(grpc.StatusCode.OK)} of 12 calls, {peak / MIB:.0f} MiB at most")
    assert set(codes) <= {grpc.StatusCode.OK, grpc.StatusCode.RESOURCE_EXHAUSTED}
    assert grpc.StatusCode.OK in codes
    assert peak < 220 * MIB


def test_memory_of_other_users_is_like_none() -> None:
    other = os.geteuid() + 1
    with (
        serve(f"--system_shared_memory_owners={other}") as server,
        grpc.insecure_channel(server.unix_target) as channel,
        shared_memory() as path,
    ):
        refusals = []
        for name in (path, Path("/dev/shm/rectifier-attack-none")):
            with pytest.raises(grpc.RpcError) as refused:
                register(channel, name)
            refusals.append((refused.value.code(), refused.value.details()))
        assert refusals[0] == refusals[1]
        assert refusals[0][0] == grpc.StatusCode.NOT_FOUND
