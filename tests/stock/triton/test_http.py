"""tritonclient.http as it is, against the real server's HTTP."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tritonclient.grpc
import tritonclient.http as triton
import tritonclient.http.aio
from rectifierd_process import RectifierdProcess
from tritonclient.utils import InferenceServerException

X = np.array([[-3, -1.5, -0.25], [0, 1, 2.75]], np.float32)
UPSTREAM = np.array([[1, 2, 3], [4, 5, 6]], np.float32)
NAMES = ("value", "gradient", "second_derivative")


def serve(*flags: str) -> RectifierdProcess:
    return RectifierdProcess(os.environ["RECTIFIERD"], "--http_listen=127.0.0.1:0", *flags)


@pytest.fixture(scope="module")
def server() -> Iterator[RectifierdProcess]:
    with serve() as running:
        yield running


@pytest.fixture
def client(server: RectifierdProcess) -> Iterator[Any]:
    with triton.InferenceServerClient(server.http_address) as made:
        yield made


def tensor(
    name: str, array: np.ndarray, datatype: str = "FP32", binary: bool = True
) -> triton.InferInput:
    made = triton.InferInput(name, list(array.shape), datatype)
    made.set_data_from_numpy(array, binary_data=binary)
    return made


def wanted(*names: str, binary: bool = True) -> list[triton.InferRequestedOutput]:
    return [triton.InferRequestedOutput(name, binary_data=binary) for name in names]


def of_grpc(server: RectifierdProcess, model: str) -> dict[str, np.ndarray]:
    inputs = []
    for name, array in (("x", X), ("upstream", UPSTREAM)):
        made = tritonclient.grpc.InferInput(name, list(array.shape), "FP32")
        made.set_data_from_numpy(array)
        inputs.append(made)
    outputs = [tritonclient.grpc.InferRequestedOutput(name) for name in NAMES]
    with tritonclient.grpc.InferenceServerClient(server.tcp_target) as client:
        result = client.infer(model, inputs, outputs=outputs)
    return {name: result.as_numpy(name) for name in NAMES}


@pytest.mark.parametrize("inputs_binary", [False, True])
@pytest.mark.parametrize("outputs_binary", [False, True])
@pytest.mark.parametrize("model", ["gelu", "mish", "torch.nn.SiLU"])
def test_results_are_those_of_grpc_bit_for_bit(
    server: RectifierdProcess, client: Any, model: str, inputs_binary: bool, outputs_binary: bool
) -> None:
    inputs = [
        tensor("x", X, binary=inputs_binary),
        tensor("upstream", UPSTREAM, binary=inputs_binary),
    ]
    result = client.infer(
        model, inputs, outputs=wanted(*NAMES, binary=outputs_binary), request_id="7"
    )
    assert result.get_response()["id"] == "7"
    for name, expected in of_grpc(server, model).items():
        got = result.as_numpy(name)
        assert got.dtype == np.float32 and got.tobytes() == expected.tobytes()


def test_without_outputs_the_value_comes_in_binary(client: Any) -> None:
    result = client.infer("relu", [tensor("x", X)])
    assert result.as_numpy("value").tolist() == np.maximum(X, 0).tolist()
    assert "binary_data_size" in result.get_output("value")["parameters"]


def test_every_datatype(client: Any) -> None:
    for datatype, dtype in (("FP16", np.float16), ("FP32", np.float32), ("FP64", np.float64)):
        result = client.infer("relu", [tensor("x", X.astype(dtype), datatype)])
        assert result.as_numpy("value").dtype == dtype
        assert result.as_numpy("value").tolist() == np.maximum(X, 0).tolist()


def test_large_tensors(client: Any) -> None:
    array = np.linspace(-9, 9, 1 << 22, dtype=np.float32)
    result = client.infer("relu", [tensor("x", array)])
    assert result.as_numpy("value").tobytes() == np.maximum(array, 0).tobytes()


def test_parameters(client: Any) -> None:
    result = client.infer("elu", [tensor("x", X)], parameters={"alpha": 2.5, "preset": "pytorch"})
    expected = np.where(X > 0, X, 2.5 * np.expm1(X.astype(np.float64)))
    assert result.as_numpy("value") == pytest.approx(expected, rel=1e-6)


def test_what_there_is(client: Any) -> None:
    assert client.is_server_live() and client.is_server_ready()
    assert client.is_model_ready("gelu") and not client.is_model_ready("glue")
    assert client.get_server_metadata()["name"] == "rectifier"
    assert client.get_model_metadata("gelu", "1")["inputs"][0]["name"] == "x"
    assert client.get_model_config("gelu")["max_batch_size"] == 0
    assert {"gelu", "softmax"} <= {model["name"] for model in client.get_model_repository_index()}
    client.infer("tanh", [tensor("x", X)])
    (statistics,) = client.get_inference_statistics("tanh")["model_stats"]
    assert statistics["inference_count"] > 0
    client.unregister_system_shared_memory()
    client.unregister_cuda_shared_memory()
    assert client.get_system_shared_memory_status() == []


def test_an_error_names_the_field(client: Any) -> None:
    with pytest.raises(InferenceServerException) as refused:
        client.infer("gelu", [tensor("x", X)], outputs=wanted("y"))
    assert refused.value.status() == "400"
    assert 'outputs[0].name: gelu has no output "y"' in refused.value.message()
    with pytest.raises(InferenceServerException) as unknown:
        client.infer("glue", [tensor("x", X)])
    assert unknown.value.status() == "404" and "did you mean" in unknown.value.message()


def test_compressed_requests_are_refused(client: Any) -> None:
    with pytest.raises(InferenceServerException) as refused:
        client.infer("gelu", [tensor("x", X)], request_compression_algorithm="gzip")
    assert refused.value.status() == "415"
    client.infer("gelu", [tensor("x", X)], response_compression_algorithm="gzip")


def test_calls_at_once(server: RectifierdProcess) -> None:
    with triton.InferenceServerClient(server.http_address, concurrency=8) as client:
        requests = [client.async_infer("relu", [tensor("x", X * i)]) for i in range(64)]
        for i, request in enumerate(requests):
            value = request.get_result().as_numpy("value")
            assert value.tolist() == np.maximum(X * i, 0).tolist()


def test_asyncio(server: RectifierdProcess) -> None:
    async def infer() -> np.ndarray:
        async with tritonclient.http.aio.InferenceServerClient(server.http_address) as client:
            result = await client.infer("relu", [tensor("x", X)])
            return result.as_numpy("value")

    assert asyncio.run(infer()).tolist() == np.maximum(X, 0).tolist()


def test_a_token(tmp_path: Path) -> None:
    (tmp_path / "tokens").write_text("alice plain:a-token-of-the-test-0123456789\n")
    with (
        serve(f"--tokens_file={tmp_path}/tokens") as server,
        triton.InferenceServerClient(server.http_address) as client,
    ):
        with pytest.raises(InferenceServerException) as refused:
            client.infer("relu", [tensor("x", X)])
        assert refused.value.status() == "401"
        headers = {"Authorization": "Bearer a-token-of-the-test-0123456789"}
        assert client.infer("relu", [tensor("x", X)], headers=headers).as_numpy("value").size == 6
