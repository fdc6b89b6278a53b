"""The servers that are looked into, and a caller that makes each do the same."""

from __future__ import annotations

import contextlib
import struct
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import grpc

from rectifier.v1 import activation_pb2 as pb

METHOD = "/rectifier.v1.ActivationService/Evaluate"
ELEMENTS = 16  # 64 B of float32
WARM_UP = 300  # calls until pools, caches and the connection's windows are as they stay
_PATIENCE = 120.0  # seconds for a server to listen: under Valgrind it takes some

Caller = Callable[[], bytes]


@dataclass(frozen=True)
class Side:
    name: str
    program: Path
    flags: tuple[str, ...] = ()


def sides(rectifierd: Path, binaries: Path) -> list[Side]:
    return [
        Side("floor", binaries / "rpc_floor"),
        Side("protobuf", binaries / "rpc_protobuf"),
        Side("rectifier", rectifierd, ("--metrics_listen=", "--drain_delay=0s")),
    ]


def request() -> bytes:
    """Value and gradient of relu."""
    data = struct.pack(f"<{ELEMENTS}f", *(0.5 * (i - ELEMENTS // 2) for i in range(ELEMENTS)))
    tensor = pb.Tensor(element_type=pb.ELEMENT_TYPE_FLOAT32, shape=[ELEMENTS], data=data)
    evaluation = pb.Evaluation(
        activation=pb.Activation(name="relu"),
        inputs=[0],
        quantities=[pb.QUANTITY_VALUE, pb.QUANTITY_GRADIENT],
    )
    return pb.EvaluateRequest(tensors=[tensor], evaluations=[evaluation]).SerializeToString()


def floor_request(reply_bytes: int) -> bytes:
    """As many bytes as the real one has; the first eight ask for so many in return."""
    return struct.pack("<Q", reply_bytes).ljust(len(request()), b"\1")


@contextlib.contextmanager
def running(side: Side, tool: Sequence[str] = ()) -> Iterator[tuple[int, str]]:
    """The server's process ID and target, from when it listens on; `tool` runs it."""
    with tempfile.TemporaryDirectory(prefix="rectifier-") as folder:
        socket = Path(folder) / "socket"
        listening = Path(folder) / "listening"  # written once it does
        command = [
            *tool, str(side.program), f"--listen=unix:{socket}", f"--ports_file={listening}",
            *side.flags,
        ]  # fmt: skip
        with open(Path(folder) / "log", "w+") as log:
            process = subprocess.Popen(command, stdout=log, stderr=log)
            try:
                _await(listening, process, log.name)
                yield process.pid, f"unix:{socket}"
            finally:
                process.terminate()
                process.wait(_PATIENCE)


def _await(listening: Path, process: subprocess.Popen[bytes], log: str) -> None:
    end = time.monotonic() + _PATIENCE
    while not listening.exists():
        if process.poll() is not None or time.monotonic() > end:
            raise RuntimeError(f"{process.args!r} does not listen:\n{Path(log).read_text()}")
        time.sleep(0.01)


@contextlib.contextmanager
def caller(side: Side, target: str, reply_bytes: int) -> Iterator[Caller]:
    """Makes a call at each call, one at a time, warm."""
    body = floor_request(reply_bytes) if side.name == "floor" else request()
    with grpc.insecure_channel(target) as channel:
        method = channel.unary_unary(METHOD)

        def call() -> bytes:
            reply: bytes = method(body, timeout=_PATIENCE, wait_for_ready=True)
            return reply

        for _ in range(WARM_UP):
            call()
        yield call
