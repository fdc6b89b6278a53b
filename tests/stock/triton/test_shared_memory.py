"""System shared memory with tritonclient as it is, and what Triton's own tests ask of it."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tritonclient.grpc as triton
from rectifierd_process import RectifierdProcess
from tritonclient.utils import InferenceServerException
from tritonclient.utils import shared_memory as shm

X = np.linspace(-3, 3, 16, dtype=np.float32)
SIZE = X.nbytes
OWNERS = f"--system_shared_memory_owners={os.geteuid()}"


@pytest.fixture(scope="module")
def server() -> Iterator[RectifierdProcess]:
    with RectifierdProcess(os.environ["RECTIFIERD"], OWNERS) as running:
        yield running


@pytest.fixture
def client(server: RectifierdProcess) -> Iterator[Any]:
    with triton.InferenceServerClient(server.tcp_target) as made:
        yield made
        made.unregister_system_shared_memory()


@contextmanager
def region(name: str, size: int = SIZE) -> Iterator[Any]:
    key = f"/rectifier-stock-{os.getpid()}-{name}"
    handle = shm.create_shared_memory_region(name, key, size)
    try:
        yield handle
    finally:
        shm.destroy_shared_memory_region(handle)


def key_of(name: str) -> str:
    return f"/rectifier-stock-{os.getpid()}-{name}"


def register(client: Any, name: str, size: int = SIZE, offset: int = 0) -> None:
    client.register_system_shared_memory(name, key_of(name), size, offset)


def shared_input(name: str, region_name: str, size: int = SIZE, offset: int = 0) -> Any:
    made = triton.InferInput(name, [size // 4], "FP32")
    made.set_shared_memory(region_name, size, offset)
    return made


def shared_output(name: str, region_name: str, size: int = SIZE, offset: int = 0) -> Any:
    made = triton.InferRequestedOutput(name)
    made.set_shared_memory(region_name, size, offset)
    return made


def refused(code: str, message: str) -> Any:
    """The status is part of what pytest matches: "[StatusCode.CODE] message"."""
    return pytest.raises(InferenceServerException, match=rf"StatusCode\.{code}\] .*{message}")


def test_tensors_and_results_in_shared_memory(client: Any) -> None:
    with region("in") as given, region("out", 2 * SIZE) as results:
        register(client, "in")
        register(client, "out", 2 * SIZE)
        shm.set_shared_memory_region(given, [X])
        result = client.infer(
            "relu",
            [shared_input("x", "in")],
            outputs=[
                shared_output("value", "out"),
                shared_output("gradient", "out", SIZE, offset=SIZE),
            ],
        )
        np.testing.assert_array_equal(
            shm.get_contents_as_numpy(results, np.float32, [16]), np.maximum(X, 0)
        )
        np.testing.assert_array_equal(
            shm.get_contents_as_numpy(results, np.float32, [16], offset=SIZE),
            (X > 0).astype(np.float32),
        )
        described = result.get_output("gradient").parameters
        assert described["shared_memory_region"].string_param == "out"
        assert described["shared_memory_offset"].int64_param == SIZE
        assert described["shared_memory_byte_size"].int64_param == SIZE


def test_some_are_shared_and_others_not(client: Any) -> None:
    with region("in") as given, region("out") as results:
        register(client, "in")
        register(client, "out")
        shm.set_shared_memory_region(given, [X])
        upstream = triton.InferInput("upstream", [16], "FP32")
        upstream.set_data_from_numpy(np.full(16, 2, np.float32))
        result = client.infer(
            "relu",
            [upstream, shared_input("x", "in")],
            outputs=[shared_output("value", "out"), triton.InferRequestedOutput("gradient")],
        )
        np.testing.assert_array_equal(result.as_numpy("gradient"), 2 * (X > 0))
        np.testing.assert_array_equal(
            shm.get_contents_as_numpy(results, np.float32, [16]), np.maximum(X, 0)
        )


def test_a_region_is_listed_until_it_is_unregistered(client: Any) -> None:
    with region("one"), region("two"):
        register(client, "one", SIZE - 8, offset=8)
        register(client, "two")
        (listed,) = client.get_system_shared_memory_status("one").regions.values()
        assert (listed.key, listed.offset, listed.byte_size) == (key_of("one"), 8, SIZE - 8)
        assert set(client.get_system_shared_memory_status().regions) == {"one", "two"}
        client.unregister_system_shared_memory("one")
        with refused("NOT_FOUND", "one"):
            client.get_system_shared_memory_status("one")
        client.unregister_system_shared_memory("one")  # again, which is no error
        client.unregister_system_shared_memory()
        assert not client.get_system_shared_memory_status().regions
        with refused("NOT_FOUND", 'no region \\\\?"two'):
            client.infer("relu", [shared_input("x", "two")])


def test_a_name_is_registered_once(client: Any) -> None:
    with region("in"):
        register(client, "in")
        with refused("INVALID_ARGUMENT", "name: .* already registered"):
            register(client, "in")
        client.unregister_system_shared_memory("in")
        register(client, "in")


@pytest.mark.parametrize(
    ("size", "offset"),
    [(SIZE + 1, 0), (SIZE, 1), (1, SIZE), (0, 0), (2**63, 2**63), (2**64 - 1, 1), (1, 2**64 - 1)],
)
def test_a_region_beyond_its_memory_is_refused(client: Any, size: int, offset: int) -> None:
    with region("in"), refused("INVALID_ARGUMENT", "(offset|byte_size)"):
        register(client, "in", size, offset)


@pytest.mark.parametrize(
    ("key", "code"),
    [
        ("", "INVALID_ARGUMENT"),
        ("/", "INVALID_ARGUMENT"),
        ("/../../etc/passwd", "INVALID_ARGUMENT"),
        ("..", "INVALID_ARGUMENT"),
        ("/sem.lock", "INVALID_ARGUMENT"),
        ("/triton_python_backend_shm_region_1", "INVALID_ARGUMENT"),
        ("/" + "k" * 300, "INVALID_ARGUMENT"),
        ("/rectifier-stock-no-such-memory", "NOT_FOUND"),
    ],
)
def test_what_is_no_shared_memory_is_refused(client: Any, key: str, code: str) -> None:
    with refused(code, "key"):
        client.register_system_shared_memory("in", key, 1)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (shared_input("x", "in", SIZE, 4), "the region has 64"),
        (shared_input("x", "in", SIZE, 2**62), "the region has 64"),
        (shared_input("x", "in", 2**62, 4), "shape|the region has 64"),
        (shared_input("x", "in", SIZE, SIZE + 1), "the region has 64"),
    ],
)
def test_an_input_beyond_its_region_is_refused(client: Any, given: Any, message: str) -> None:
    with region("in"):
        register(client, "in")
        with refused("INVALID_ARGUMENT", message):
            client.infer("relu", [given])


def test_a_tensor_of_another_size_than_its_bytes_is_refused(client: Any) -> None:
    with region("in", 2 * SIZE):
        register(client, "in", 2 * SIZE)
        for size in (SIZE - 4, SIZE + 4):
            given = triton.InferInput("x", [16], "FP32")
            given.set_shared_memory("in", size)
            with refused("INVALID_ARGUMENT", "needs? 64|need 64"):
                client.infer("relu", [given])
        with refused("INVALID_ARGUMENT", "the result takes 64"):
            client.infer(
                "relu",
                [shared_input("x", "in")],
                outputs=[shared_output("value", "in", SIZE - 4)],
            )
        with refused("INVALID_ARGUMENT", "overlap"):
            client.infer(
                "relu",
                [shared_input("x", "in")],
                outputs=[
                    shared_output("value", "in"),
                    shared_output("gradient", "in", SIZE, offset=SIZE - 4),
                ],
            )


def test_a_stream_takes_it_too(client: Any) -> None:
    answers: list[tuple[Any, Any]] = []
    with region("in") as given, region("out") as results:
        register(client, "in")
        register(client, "out")
        shm.set_shared_memory_region(given, [X])
        client.start_stream(lambda result, error: answers.append((result, error)))
        client.async_stream_infer(
            "relu", [shared_input("x", "in")], outputs=[shared_output("value", "out")]
        )
        client.stop_stream()
        ((_, error),) = answers
        assert error is None
        np.testing.assert_array_equal(
            shm.get_contents_as_numpy(results, np.float32, [16]), np.maximum(X, 0)
        )


def test_callers_with_tokens_have_regions_of_their_own(tmp_path: Path) -> None:
    tokens = {name: f"{name}-0123456789abcdef" for name in ("alice", "bob")}
    file = tmp_path / "tokens"
    file.write_text(
        "".join(
            f"{name} sha256:{hashlib.sha256(token.encode()).hexdigest()}\n"
            for name, token in tokens.items()
        )
    )
    alice, bob = ({"authorization": f"Bearer {token}"} for token in tokens.values())
    with (
        RectifierdProcess(os.environ["RECTIFIERD"], OWNERS, f"--tokens_file={file}") as guarded,
        triton.InferenceServerClient(guarded.tcp_target) as client,
        region("in") as given,
    ):
        shm.set_shared_memory_region(given, [X])
        client.register_system_shared_memory("in", key_of("in"), SIZE, headers=alice)
        with refused("UNAUTHENTICATED", "token"):
            client.register_system_shared_memory("in", key_of("in"), SIZE)
        assert not client.get_system_shared_memory_status(headers=bob).regions
        with refused("NOT_FOUND", "this caller has registered no region"):
            client.infer("relu", [shared_input("x", "in")], headers=bob)
        client.unregister_system_shared_memory(headers=bob)
        result = client.infer("relu", [shared_input("x", "in")], headers=alice)
        np.testing.assert_array_equal(result.as_numpy("value"), np.maximum(X, 0))
