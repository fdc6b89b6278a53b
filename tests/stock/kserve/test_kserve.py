"""KServe's Python clients as they are, against the real server: over gRPC and over HTTP."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterator
from typing import Any

import grpc
import httpx
import numpy as np
import pytest
from kserve import InferenceGRPCClient, InferenceRESTClient, InferInput, InferRequest
from kserve.inference_client import RESTConfig
from kserve.protocol.infer_type import RequestedOutput
from rectifierd_process import RectifierdProcess

X = np.array([[-3, -1.5, -0.25], [0, 1, 2.75]], np.float32)
Infer = Callable[[InferRequest], Any]


@pytest.fixture(scope="module")
def server() -> Iterator[RectifierdProcess]:
    with RectifierdProcess(os.environ["RECTIFIERD"], "--http_listen=127.0.0.1:0") as running:
        yield running


def rest_client() -> InferenceRESTClient:
    return InferenceRESTClient(RESTConfig(protocol="v2", retries=0))


@pytest.fixture(params=["gRPC", "HTTP"])
def infer(request: pytest.FixtureRequest, server: RectifierdProcess) -> Infer:
    async def infer_over_grpc(asked: InferRequest) -> Any:
        async with InferenceGRPCClient(server.tcp_target, retries=0) as client:
            return await client.infer(asked)

    async def infer_over_http(asked: InferRequest) -> Any:
        async with rest_client() as client:
            url = f"http://{server.http_address}"
            return await client.infer(url, asked, model_name=asked.model_name)

    way = infer_over_grpc if request.param == "gRPC" else infer_over_http
    return lambda asked: asyncio.run(way(asked))


def of_model(model: str, *, binary: bool = True, **options: Any) -> InferRequest:
    x = InferInput("x", list(X.shape), "FP32")
    x.set_data_from_numpy(X, binary_data=binary)
    return InferRequest(model_name=model, infer_inputs=[x], **options)


def test_it_finds_the_server_and_its_models_ready(server: RectifierdProcess) -> None:
    async def ask() -> None:
        async with InferenceGRPCClient(server.tcp_target, retries=0) as client:
            assert await client.is_server_live()
            assert await client.is_server_ready()
            assert await client.is_model_ready("gelu")
        url = f"http://{server.http_address}"
        async with rest_client() as client:
            assert await client.is_server_live(url)
            assert await client.is_server_ready(url)
            assert await client.is_model_ready(url, "gelu")

    asyncio.run(ask())


@pytest.mark.parametrize("binary", [True, False])
def test_binary_and_typed_contents(infer: Infer, binary: bool) -> None:
    outputs = [RequestedOutput("gradient"), RequestedOutput("value")]
    response = infer(of_model("relu", binary=binary, request_id="seven", request_outputs=outputs))
    assert (response.id, response.model_name) == ("seven", "relu")
    gradient, value = (response.get_output_by_name(name) for name in ("gradient", "value"))
    np.testing.assert_array_equal(value.as_numpy(), np.maximum(X, 0))
    np.testing.assert_array_equal(gradient.as_numpy()[X != 0], (X > 0)[X != 0])


def test_an_error_names_the_field(infer: Infer) -> None:
    with pytest.raises((grpc.RpcError, httpx.HTTPStatusError), match=r"model_name|rleu"):
        infer(of_model("rleu"))
