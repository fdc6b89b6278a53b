"""Calls that are tried again, or given up: shared memory must hold no wrong numbers afterwards."""

import asyncio
import gc
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import grpc
import numpy as np
import pytest
from fake_service import FakeService
from rectifierd_process import RectifierdProcess

from rectifier import AsyncClient, Client, Result, errors
from rectifier.shared_memory import connection
from rectifier.v1 import activation_pb2 as pb
from rectifier.v1.activation_pb2_grpc import ActivationServiceStub

X = np.linspace(-3, 3, 3 << 17, dtype=np.float32)  # by shared memory, or in a message


class Relay:
    """Hands calls on to the real server, whose shared memory its callers use, too."""

    def __init__(self, fake: FakeService, rectifierd: RectifierdProcess) -> None:
        self.fake = fake
        unlimited = [("grpc.max_receive_message_length", -1)]
        self._channel = grpc.insecure_channel(rectifierd.unix_target, unlimited)
        self._stub: Any = ActivationServiceStub(self._channel)  # type: ignore[no-untyped-call]
        fake.server_info = self._stub.GetServerInfo(pb.GetServerInfoRequest())
        fake.activations = self._stub.ListActivations(pb.ListActivationsRequest())
        fake.evaluate = self.evaluate

    def evaluate(self, request: pb.EvaluateRequest, context: Any = None) -> pb.EvaluateResponse:
        response: pb.EvaluateResponse = self._stub.Evaluate(request)
        return response

    def shared(self) -> list[bool]:
        """Of each request: whether its tensors were in shared memory."""
        return [request.tensors[0].HasField("region") for request in self.fake.requests]

    def close(self) -> None:
        self._channel.close()


@pytest.fixture(name="relay")
def _relay(fake: FakeService, rectifierd: RectifierdProcess) -> Iterator[Relay]:
    relay = Relay(fake, rectifierd)
    yield relay
    relay.close()


def fail_after_the_work(relay: Relay) -> None:
    """Has each first attempt end like a connection that breaks while its answer is on the way."""

    def evaluate(request: pb.EvaluateRequest, context: Any) -> pb.EvaluateResponse:
        response = relay.evaluate(request)
        if len(relay.fake.requests) % 2 == 1:
            context.abort(grpc.StatusCode.UNAVAILABLE, "the connection broke")
        return response

    relay.fake.evaluate = evaluate


def test_a_second_attempt_finds_the_inputs_of_the_first(
    relay: Relay, fake_client: Client, client: Client
) -> None:
    fail_after_the_work(relay)
    expected = client.evaluate("softplus", X, gradient=True)
    result = fake_client.evaluate("softplus", X, gradient=True)
    assert relay.shared() == [True, False]
    np.testing.assert_array_equal(result.value, expected.value)
    np.testing.assert_array_equal(result.gradient, expected.gradient)
    own = fake_client.empty(X.shape, np.float32)
    own[:] = X
    fake_client.evaluate("softplus", own, out=own)
    assert relay.shared()[2:] == [True, False]
    np.testing.assert_array_equal(own, expected.value)


def test_a_second_attempt_in_asyncio_finds_them_too(relay: Relay, client: Client) -> None:
    fail_after_the_work(relay)

    async def evaluate() -> Result:
        async with AsyncClient(relay.fake.target) as caller:
            return await caller.evaluate("softplus", X)

    result = asyncio.run(evaluate())
    assert relay.shared() == [True, False]
    np.testing.assert_array_equal(result.value, client.evaluate("softplus", X).value)


def work_late(relay: Relay, code: grpc.StatusCode) -> None:
    """Cuts the first attempt off; the server carries it out when the third has been, unanswered."""

    def evaluate(request: pb.EvaluateRequest, context: Any) -> pb.EvaluateResponse:
        if len(relay.fake.requests) == 1:
            context.abort(code, "the connection broke")
        response = relay.evaluate(request)
        if len(relay.fake.requests) == 3:
            with suppress(grpc.RpcError):  # its buffers have been released
                relay.evaluate(relay.fake.requests[0])
        return response

    relay.fake.evaluate = evaluate


def assert_same(result: Result, expected: Result) -> None:
    np.testing.assert_array_equal(result.value, expected.value)
    np.testing.assert_array_equal(result.gradient, expected.gradient)


@pytest.mark.parametrize("code", [grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.RESOURCE_EXHAUSTED])
def test_a_first_attempt_that_is_still_computed_does_not_write_to_later_results(
    code: grpc.StatusCode, relay: Relay, fake_client: Client, client: Client
) -> None:
    work_late(relay, code)
    fake_client.evaluate("softplus", X, gradient=True)
    gc.collect()
    result = fake_client.evaluate("relu", X, gradient=True)
    assert_same(result, client.evaluate("relu", X, gradient=True))
    assert relay.shared() == [True, False, True]


def test_nor_does_one_in_asyncio(relay: Relay, client: Client) -> None:
    work_late(relay, grpc.StatusCode.UNAVAILABLE)

    async def evaluate() -> Result:
        async with AsyncClient(relay.fake.target) as caller:
            await caller.evaluate("softplus", X, gradient=True)
            gc.collect()
            return await caller.evaluate("relu", X, gradient=True)

    assert_same(asyncio.run(evaluate()), client.evaluate("relu", X, gradient=True))
    assert relay.shared() == [True, False, True]


class LateFirstCall:
    """Carries the first call out when the second has been, but was not answered yet."""

    def __init__(self, relay: Relay) -> None:
        self._relay = relay
        self._second = threading.Event()
        self._first = threading.Event()
        relay.fake.evaluate = self._evaluate

    def _evaluate(self, request: pb.EvaluateRequest, context: Any) -> pb.EvaluateResponse:
        if len(self._relay.fake.requests) == 1:
            assert self._second.wait(30)
            try:
                return self._relay.evaluate(request)
            except grpc.RpcError:  # its buffers have been released
                return pb.EvaluateResponse()
            finally:
                self._first.set()
        response = self._relay.evaluate(request)
        self._second.set()
        assert self._first.wait(30)
        return response


def test_a_call_that_took_too_long_does_not_write_to_the_results_of_the_next(
    relay: Relay, fake_client: Client, client: Client
) -> None:
    LateFirstCall(relay)
    with pytest.raises(errors.DeadlineExceeded):
        fake_client.evaluate("softplus", X + 10, timeout=2)
    gc.collect()  # the error, whose traceback still has the arrays of the call
    result = fake_client.evaluate("softplus", X)
    assert len(relay.fake.requests) == 2
    np.testing.assert_array_equal(result.value, client.evaluate("softplus", X).value)


def test_a_task_that_was_cancelled_does_not_either(relay: Relay, client: Client) -> None:
    LateFirstCall(relay)

    async def evaluate() -> Result:
        async with AsyncClient(relay.fake.target) as caller:
            task = asyncio.create_task(caller.evaluate("softplus", X + 10))
            while not relay.fake.requests:
                await asyncio.sleep(0.01)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            del task
            gc.collect()
            return await caller.evaluate("softplus", X)

    result = asyncio.run(evaluate())
    assert len(relay.fake.requests) == 2
    np.testing.assert_array_equal(result.value, client.evaluate("softplus", X).value)


def test_a_server_that_does_not_answer_in_time_spoils_no_result(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(connection, "_PATIENCE", 0.3)
    with (
        RectifierdProcess(os.environ["RECTIFIERD"]) as process,
        Client(process.unix_target) as client,
    ):
        kept = client.evaluate("relu", X).value
        os.kill(process.pid, signal.SIGSTOP)
        try:
            client.empty((4 << 20,), np.float32)  # of this process's own, after a while
        finally:
            os.kill(process.pid, signal.SIGCONT)
        for _ in range(3):
            client.evaluate("relu", X + 1)
        np.testing.assert_array_equal(kept, np.maximum(X, 0))
