"""Clients in other processes: pickled, and after a fork."""

import multiprocessing
import pickle
import signal
import subprocess
import sys
import threading
from typing import Any

import grpc
import numpy as np
import pytest
from fake_service import FakeService, echo
from rectifierd_process import RectifierdProcess

from rectifier import AsyncClient, Client, Security
from rectifier.v1 import activation_pb2 as pb

X = np.array([-1.0, 2.0])
LARGE = np.linspace(-1, 1, 1 << 20, dtype=np.float32)


def evaluate(client: Client) -> list[Any]:
    value = client.evaluate("relu", LARGE).value
    return [client.evaluate("relu", X).value.tolist(), float(value.sum())]


EXPECTED: list[Any] = [[0.0, 2.0], float(np.maximum(LARGE, 0).sum())]


@pytest.mark.parametrize("method", ["spawn", "forkserver"])
def test_a_client_is_sent_to_other_processes(method: str, rectifierd: RectifierdProcess) -> None:
    with Client(rectifierd.unix_target, timeout=30) as client:
        assert evaluate(client) == EXPECTED
        with multiprocessing.get_context(method).Pool(2) as pool:
            results = pool.map_async(evaluate, [client] * 4).get(timeout=60)
        assert results == [EXPECTED] * 4
        assert evaluate(client) == EXPECTED


FORKS = """
import multiprocessing, sys
import numpy as np
from rectifier import Client

X = np.linspace(-1, 1, 1 << 20, dtype=np.float32)
client = Client(sys.argv[1], timeout=30)
kept = client.evaluate("relu", X).value  # in shared memory, of the parent's

def total(given):
    results = [(given or client).evaluate("relu", x).value for x in (X, X[:9] * -1)]
    return [float(value.sum()) for value in results]

expected = total(client)
for _ in range(3):
    with multiprocessing.get_context("fork").Pool(2) as pool:
        given = [None, client, None, client]  # as it was inherited, and sent
        assert pool.map_async(total, given).get(timeout=60) == [expected] * 4
    assert total(client) == expected
assert np.array_equal(kept, np.maximum(X, 0))
"""


def test_a_client_survives_a_fork_after_its_first_call(rectifierd: RectifierdProcess) -> None:
    # In a process of its own, since the servers in this one have threads that survive no fork.
    command = [sys.executable, "-c", FORKS, rectifierd.unix_target]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert ended.returncode == 0, ended.stderr


CALL = "import sys, rectifier; rectifier.Client(sys.argv[1]).evaluate('relu', [1.0])"


def test_an_interrupt_ends_a_call(fake: FakeService) -> None:
    arrived, ended = threading.Event(), threading.Event()

    def wait(request: pb.EvaluateRequest, context: Any) -> pb.EvaluateResponse:
        context.add_callback(ended.set)
        arrived.set()
        ended.wait(timeout=60)
        return echo(request, context)

    fake.evaluate = wait
    with subprocess.Popen(
        [sys.executable, "-c", CALL, fake.target], stderr=subprocess.PIPE, text=True
    ) as process:
        assert arrived.wait(timeout=60)
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=30)
    assert "KeyboardInterrupt" in errors
    assert ended.wait(timeout=30)


def test_a_copy_has_the_arguments_of_its_original(monkeypatch: pytest.MonkeyPatch) -> None:
    security = Security(token="0123456789abcdef")
    client = Client(
        "localhost:1", timeout=5, security=security, metadata={"a": "b"}, shared_memory=False
    )
    copy = pickle.loads(pickle.dumps(client))
    assert repr(copy) == "Client('localhost:1', timeout=5)"
    assert copy._arguments == client._arguments
    monkeypatch.setenv("RECTIFIER_TARGET", "localhost:2")
    by_environment = pickle.dumps(Client())
    monkeypatch.setenv("RECTIFIER_TARGET", "localhost:3")  # as on another machine
    assert pickle.loads(by_environment).target == "localhost:3"
    assert isinstance(pickle.loads(pickle.dumps(AsyncClient("localhost:1"))), AsyncClient)


def test_a_client_of_a_channel_cannot_be_sent(fake: FakeService) -> None:
    with (
        grpc.insecure_channel(fake.target) as channel,
        pytest.raises(TypeError, match="with a channel of its own cannot be pickled"),
    ):
        pickle.dumps(Client(channel=channel))
