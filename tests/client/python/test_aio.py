"""AsyncClient: the ways, errors and cancellation of Client, in asyncio."""

import asyncio
import threading
from collections.abc import Coroutine
from typing import Any

import grpc
import numpy as np
import pytest
from fake_service import FakeService, echo
from rectifierd_process import RectifierdProcess

import rectifier
from rectifier import AsyncClient, Client, Evaluation
from rectifier.v1 import activation_pb2 as pb

X = np.array([-1.0, 0.5, 2.0], np.float32)
LARGE = np.linspace(-3, 3, 6 << 20, dtype=np.float32)


def run(coroutine: Coroutine[Any, Any, None]) -> None:
    asyncio.run(asyncio.wait_for(coroutine, timeout=60))


def test_every_method_gives_what_that_of_client_gives(
    rectifierd: RectifierdProcess, client: Client
) -> None:
    async def calls() -> None:
        async with AsyncClient(rectifierd.unix_target) as other:
            result = await other.evaluate("gelu", X, gradient=True, metadata={"x-request-id": "1"})
            expected = client.evaluate("gelu", X, gradient=True)
            assert result.value.tolist() == expected.value.tolist()
            assert result.gradient.tolist() == expected.gradient.tolist()
            batch = await other.evaluate_batch([Evaluation("relu", (X,)), Evaluation("elu", (X,))])
            assert batch[0].value.tolist() == [0, 0.5, 2]
            assert await other.list_activations() == client.list_activations()
            assert await other.describe("gelu") == client.describe("gelu")
            assert await other.server_info() == client.server_info()
            assert await other.is_healthy()
            shared = await other.empty(5, np.float32)
            assert shared.shape == (5,)

    run(calls())


def test_large_arrays_take_the_same_ways(rectifierd: RectifierdProcess, client: Client) -> None:
    expected = client.evaluate("gelu", LARGE, gradient=True)

    async def calls() -> None:
        for target in (rectifierd.unix_target, rectifierd.tcp_target):
            async with AsyncClient(target) as other:
                out = np.empty_like(LARGE)
                result = await other.evaluate("gelu", LARGE, gradient=True, out={"gradient": out})
                assert result.gradient is out
                assert result.value.tobytes() == expected.value.tobytes()
                assert out.tobytes() == expected.gradient.tobytes()

    run(calls())


def test_calls_run_side_by_side(fake: FakeService) -> None:
    together = threading.Barrier(4, timeout=30)

    def wait_for_the_others(request: pb.EvaluateRequest, context: Any) -> pb.EvaluateResponse:
        together.wait()
        return echo(request, context)

    fake.evaluate = wait_for_the_others

    async def calls() -> None:
        async with AsyncClient(fake.target) as client:
            results = await asyncio.gather(*(client.evaluate("relu", X + i) for i in range(4)))
        for i, result in enumerate(results):
            assert result.value.tolist() == (X + i).tolist()

    run(calls())


def test_a_task_that_is_cancelled_ends_its_call(fake: FakeService) -> None:
    arrived, ended = threading.Event(), threading.Event()

    def wait(request: pb.EvaluateRequest, context: Any) -> pb.EvaluateResponse:
        context.add_callback(ended.set)
        arrived.set()
        ended.wait(timeout=30)
        return echo(request, context)

    fake.evaluate = wait

    async def calls() -> None:
        async with AsyncClient(fake.target) as client:
            task = asyncio.create_task(client.evaluate("relu", X))
            await asyncio.to_thread(arrived.wait)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            assert await asyncio.to_thread(ended.wait, 30)

    run(calls())


def test_a_stream_that_is_cancelled_leaves_the_client_usable(
    rectifierd: RectifierdProcess,
) -> None:
    async def calls() -> None:
        async with AsyncClient(rectifierd.tcp_target) as client:
            begun = asyncio.Event()
            task = asyncio.create_task(
                client.evaluate("gelu", LARGE, progress=lambda done, total: begun.set())
            )
            await begun.wait()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            assert (await client.evaluate("relu", X)).value.tolist() == [0, 0.5, 2]

    run(calls())


def test_a_server_that_ends_a_stream_early_says_why(rectifierd: RectifierdProcess) -> None:
    """While chunks are being sent, to which the newest grpc.aio gives an error of its own."""

    async def calls() -> None:
        async with AsyncClient(rectifierd.tcp_target) as client:
            for _ in range(20):
                with pytest.raises(rectifier.InvalidArgument) as raised:
                    await client.evaluate("gellu", LARGE)
                assert raised.value.reason == "UNKNOWN_ACTIVATION"

    run(calls())


def test_failed_calls_raise_the_same_errors(rectifierd: RectifierdProcess) -> None:
    async def calls() -> None:
        async with AsyncClient(rectifierd.tcp_target) as client:
            for x in (X, LARGE):
                with pytest.raises(rectifier.InvalidArgument, match="gelu") as raised:
                    await client.evaluate("gellu", x)
                assert [v.field for v in raised.value.violations] == [
                    "evaluations[0].activation.name"
                ]
            with pytest.raises(TypeError, match=r"inputs\[0\]: dtype"):
                await client.evaluate("relu", np.arange(3))
            with pytest.raises(rectifier.DeadlineExceeded):
                await client.evaluate("relu", X, timeout=1e-9)
        async with AsyncClient("unix:/no/such/socket") as client:
            with pytest.raises(rectifier.Unavailable, match="/no/such/socket"):
                await client.server_info()

    run(calls())


def test_a_channel_of_ones_own_is_used(fake: FakeService) -> None:
    async def calls() -> None:
        async with grpc.aio.insecure_channel(fake.target) as channel:
            async with AsyncClient(channel=channel) as client:
                await client.evaluate("relu", X)
            async with AsyncClient(channel=channel) as client:
                await client.evaluate("relu", X)

    run(calls())
    assert len(fake.requests) == 2


def test_a_client_serves_one_event_loop_after_another(rectifierd: RectifierdProcess) -> None:
    client = AsyncClient(rectifierd.unix_target)

    async def call() -> None:
        assert (await client.evaluate("relu", X)).value.tolist() == [0, 0.5, 2]

    run(call())
    run(call())
