"""KServe's Python client as it is, against the real server."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import grpc
import numpy as np
import pytest
from kserve import InferenceGRPCClient, InferInput, InferRequest
from kserve.protocol.infer_type import RequestedOutput
from rectifierd_process import RectifierdProcess

X = np.array([[-3, -1.5, -0.25], [0, 1, 2.75]], np.float32)


@pytest.fixture(scope="module")
def server() -> Iterator[RectifierdProcess]:
    with RectifierdProcess(os.environ["RECTIFIERD"]) as running:
        yield running


def ask(server: RectifierdProcess, question: Callable[[Any], Awaitable[Any]]) -> Any:
    async def connect() -> Any:
        async with InferenceGRPCClient(server.tcp_target, retries=0) as client:
            return await question(client)

    return asyncio.run(connect())


def request(model: str, *, binary: bool, **options: Any) -> InferRequest:
    x = InferInput("x", list(X.shape), "FP32")
    x.set_data_from_numpy(X, binary_data=binary)
    return InferRequest(model_name=model, infer_inputs=[x], **options)


def test_it_finds_the_server_and_its_models_ready(server: RectifierdProcess) -> None:
    assert ask(server, lambda client: client.is_server_live())
    assert ask(server, lambda client: client.is_server_ready())
    assert ask(server, lambda client: client.is_model_ready("gelu"))


@pytest.mark.parametrize("binary", [True, False])
def test_raw_and_typed_contents(server: RectifierdProcess, binary: bool) -> None:
    response = ask(
        server,
        lambda client: client.infer(
            request(
                "relu",
                binary=binary,
                request_id="seven",
                request_outputs=[RequestedOutput("gradient"), RequestedOutput("value")],
            )
        ),
    )
    assert (response.id, response.model_name) == ("seven", "relu")
    gradient, value = (response.get_output_by_name(name) for name in ("gradient", "value"))
    np.testing.assert_array_equal(value.as_numpy(), np.maximum(X, 0))
    np.testing.assert_array_equal(gradient.as_numpy()[X != 0], (X > 0)[X != 0])


def test_an_error_names_the_field(server: RectifierdProcess) -> None:
    with pytest.raises(grpc.RpcError) as refused:
        ask(server, lambda client: client.infer(request("rleu", binary=True)))
    assert refused.value.code() == grpc.StatusCode.NOT_FOUND
    assert "model_name" in refused.value.details()
