"""tritonclient as it is, against the real server."""

from __future__ import annotations

import asyncio
import hashlib
import math
import os
import queue
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import grpc
import ml_dtypes
import numpy as np
import pytest
import tritonclient.grpc as triton
import tritonclient.grpc.aio
from rectifierd_process import RectifierdProcess
from tritonclient.grpc import service_pb2, service_pb2_grpc
from tritonclient.utils import InferenceServerException

X = np.array([[-3, -1.5, -0.25], [0, 1, 2.75]], np.float32)
UPSTREAM = np.array([[1, 2, 3], [4, 5, 6]], np.float32)


def serve(*flags: str) -> RectifierdProcess:
    return RectifierdProcess(os.environ["RECTIFIERD"], *flags)


@pytest.fixture(scope="module")
def server() -> Iterator[RectifierdProcess]:
    with serve() as running:
        yield running


@pytest.fixture
def client(server: RectifierdProcess) -> Iterator[Any]:
    with triton.InferenceServerClient(server.tcp_target) as made:
        yield made


def tensor(name: str, array: np.ndarray, datatype: str = "FP32") -> triton.InferInput:
    made = triton.InferInput(name, list(array.shape), datatype)
    made.set_data_from_numpy(array)
    return made


def wanted(*names: str) -> list[triton.InferRequestedOutput]:
    return [triton.InferRequestedOutput(name) for name in names]


def gelu(x: float) -> tuple[float, float]:
    phi = 0.5 * math.erfc(-x / math.sqrt(2))
    return x * phi, phi + x * math.exp(-x * x / 2) / math.sqrt(2 * math.pi)


def test_value_and_gradient(client: Any) -> None:
    result = client.infer(
        "gelu", [tensor("x", X)], outputs=wanted("gradient", "value"), request_id="seven"
    )
    exact = np.array([gelu(float(x)) for x in X.flat])
    for place, name in enumerate(("value", "gradient")):
        got = result.as_numpy(name)
        assert got.shape == X.shape and got.dtype == np.float32
        np.testing.assert_array_max_ulp(got.ravel(), exact[:, place].astype(np.float32), 1)
    response = result.get_response()
    assert (response.id, response.model_name, response.model_version) == ("seven", "gelu", "1")
    assert [output.name for output in response.outputs] == ["gradient", "value"]


@pytest.mark.parametrize(("datatype", "dtype"), [("FP16", np.float16), ("FP64", np.float64)])
def test_other_datatypes(client: Any, datatype: str, dtype: type) -> None:
    result = client.infer("relu", [tensor("x", X.astype(dtype), datatype)])
    np.testing.assert_array_equal(result.as_numpy("value"), np.maximum(X.astype(dtype), 0))


def test_bfloat16(client: Any) -> None:
    x = X.astype(ml_dtypes.bfloat16)
    result = client.infer("relu", [tensor("x", x, "BF16")])
    assert result.get_output("value").datatype == "BF16"
    np.testing.assert_array_equal(result.as_numpy("value").astype(np.float32), np.maximum(X, 0))


def test_gradients_with_upstream_and_parameters(client: Any) -> None:
    alpha = np.array([0.5, 0.25, 2], np.float32)
    result = client.infer(
        "prelu",
        [tensor("x", X), tensor("upstream", UPSTREAM), tensor("alpha", alpha)],
        outputs=wanted("gradient", "parameter_gradient.alpha"),
        parameters={"preset": "jax"},
    )
    slope = np.where(X > 0, 1, np.broadcast_to(alpha, X.shape))
    by_alpha = (np.minimum(X, 0) * UPSTREAM).sum(axis=0)
    nonzero = X != 0  # at the kink it is the preset's convention
    np.testing.assert_array_equal(result.as_numpy("gradient")[nonzero], (UPSTREAM * slope)[nonzero])
    np.testing.assert_array_equal(result.as_numpy("parameter_gradient.alpha"), by_alpha)


def test_a_pair_in_two_tensors_and_in_one(client: Any) -> None:
    gate, value = X, UPSTREAM
    two = client.infer("reglu", [tensor("value", value), tensor("gate", gate)])
    one = client.infer(
        "reglu",
        [tensor("x", np.concatenate([gate, value], axis=1))],
        parameters={"axis": 1, "gate": "first"},
    )
    np.testing.assert_array_equal(two.as_numpy("value"), np.maximum(gate, 0) * value)
    np.testing.assert_array_equal(one.as_numpy("value"), two.as_numpy("value"))


def test_a_mask_and_axes_as_whole_numbers(client: Any) -> None:
    mask = np.array([[True, True, False], [True, False, False]])
    axes = np.array([1], np.int64)
    result = client.infer(
        "softmax",
        [tensor("x", X), tensor("mask", mask, "BOOL"), tensor("axis", axes, "INT64")],
    )
    value = result.as_numpy("value")
    assert (value[~mask] == 0).all()
    np.testing.assert_allclose(value.sum(axis=1), 1, rtol=1e-6)


def test_typed_contents(server: RectifierdProcess) -> None:
    with grpc.insecure_channel(server.tcp_target) as channel:
        stub = service_pb2_grpc.GRPCInferenceServiceStub(channel)
        request = service_pb2.ModelInferRequest(model_name="relu")
        x = request.inputs.add(name="x", datatype="FP32", shape=X.shape)
        x.contents.fp32_contents.extend(X.flat)
        response = stub.ModelInfer(request)
        assert response.raw_output_contents[0] == np.maximum(X, 0).tobytes()
        request.raw_input_contents.append(X.tobytes())
        with pytest.raises(grpc.RpcError, match="beside raw_input_contents"):
            stub.ModelInfer(request)


def test_large_tensors(client: Any) -> None:
    large = np.arange(-(2**20), 2**20, dtype=np.float32)
    result = client.infer("relu", [tensor("x", large)], outputs=wanted("value", "gradient"))
    np.testing.assert_array_equal(result.as_numpy("value"), np.maximum(large, 0))
    np.testing.assert_array_equal(result.as_numpy("gradient"), (large > 0).astype(np.float32))


@pytest.mark.parametrize(
    ("model", "inputs", "options", "code", "message"),
    [
        ("gelo", [tensor("x", X)], {}, "NOT_FOUND", 'model_name: .*"gelu"'),
        ("gelu", [tensor("x", X)], {"model_version": "7"}, "NOT_FOUND", "model_version"),
        ("gelu", [tensor("y", X)], {}, "INVALID_ARGUMENT", r"inputs\[0\].name: .*allowed: x"),
        ("gelu", [], {}, "INVALID_ARGUMENT", "inputs: gelu needs x"),
        (
            "gelu",
            [tensor("x", X), tensor("upstream", X.T)],
            {},
            "INVALID_ARGUMENT",
            r'inputs\["upstream"\]: shape \[3, 2\]; must be .*\[2, 3\]',
        ),
        (
            "gelu",
            [tensor("x", X)],
            {"outputs": wanted("gradients")},
            "INVALID_ARGUMENT",
            r"outputs\[0\].name: .*allowed: value, gradient",
        ),
        (
            "gelu",
            [tensor("x", X)],
            {"outputs": wanted("value", "value")},
            "INVALID_ARGUMENT",
            "asked for twice",
        ),
        (
            "leaky_relu",
            [tensor("x", X)],
            {"parameters": {"slope_": 1.0}},
            "INVALID_ARGUMENT",
            r'parameters\["slope_"\]',
        ),
    ],
)
def test_errors(
    client: Any, model: str, inputs: list[Any], options: dict[str, Any], code: str, message: str
) -> None:
    with pytest.raises(InferenceServerException, match=message) as raised:
        client.infer(model, inputs, **options)
    assert raised.value.status() == f"StatusCode.{code}"


def test_a_stream(client: Any) -> None:
    answers: queue.Queue[tuple[Any, Any]] = queue.Queue()
    client.start_stream(lambda result, error: answers.put((result, error)))
    for number in range(20):
        model = "relu" if number % 5 else "rleu"
        client.async_stream_infer(
            model,
            [tensor("x", X + np.float32(number))],
            request_id=str(number),
            enable_empty_final_response=True,
        )
    for number in range(20):
        result, error = answers.get(timeout=30)
        if number % 5 == 0:
            assert "model_name" in error.message()
            continue
        assert error is None
        response = result.get_response()
        assert response.id == str(number)
        assert response.parameters["triton_final_response"].bool_param
        np.testing.assert_array_equal(
            result.as_numpy("value"), np.maximum(X + np.float32(number), 0)
        )
    client.stop_stream()


def test_asynchronous_calls(server: RectifierdProcess, client: Any) -> None:
    answers: queue.Queue[tuple[Any, Any]] = queue.Queue()
    client.async_infer("relu", [tensor("x", X)], lambda result, error: answers.put((result, error)))
    result, error = answers.get(timeout=30)
    assert error is None
    np.testing.assert_array_equal(result.as_numpy("value"), np.maximum(X, 0))

    async def call() -> np.ndarray:
        async with tritonclient.grpc.aio.InferenceServerClient(server.tcp_target) as other:
            return (await other.infer("relu", [tensor("x", X)])).as_numpy("value")

    np.testing.assert_array_equal(asyncio.run(call()), np.maximum(X, 0))


def test_what_the_server_says_about_itself(client: Any) -> None:
    assert client.is_server_live() and client.is_server_ready()
    assert client.is_model_ready("gelu") and client.is_model_ready("gelu", "1")
    assert client.get_server_metadata().name == "rectifier"
    metadata = client.get_model_metadata("gelu", as_json=True)
    assert metadata["inputs"][0] == {"name": "x", "datatype": "FP32", "shape": ["-1"]}
    config = client.get_model_config("gelu", as_json=True)["config"]
    assert "max_batch_size" not in config  # which is 0
    assert [output["name"] for output in config["output"]][:2] == ["value", "gradient"]
    index = client.get_model_repository_index().models
    assert {"gelu", "swiglu", "softmax"} <= {model.name for model in index}
    client.infer("gelu", [tensor("x", X)])
    (statistics,) = client.get_inference_statistics("gelu").model_stats
    counts = statistics.inference_stats
    assert counts.success.count == counts.queue.count == counts.compute_infer.count > 0
    with pytest.raises(InferenceServerException, match="no model"):
        client.get_model_metadata("no")


def test_shared_memory_is_not_offered(client: Any) -> None:
    client.unregister_system_shared_memory()
    client.unregister_cuda_shared_memory()
    assert not client.get_system_shared_memory_status().regions
    with pytest.raises(InferenceServerException, match="does not offer") as raised:
        client.register_system_shared_memory("r", "/r", 64)
    assert raised.value.status() == "StatusCode.UNIMPLEMENTED"
    shared = triton.InferInput("x", [2, 3], "FP32")
    shared.set_shared_memory("r", 24)
    with pytest.raises(InferenceServerException, match="no shared memory is registered"):
        client.infer("relu", [shared])


def test_tokens_hold_for_it_too(tmp_path: Path) -> None:
    token = "alice-0123456789abcdef"
    file = tmp_path / "tokens"
    file.write_text(f"alice sha256:{hashlib.sha256(token.encode()).hexdigest()}\n")
    with (
        serve(f"--tokens_file={file}") as guarded,
        triton.InferenceServerClient(guarded.tcp_target) as client,
    ):
        for ask in (
            lambda headers: client.infer("relu", [tensor("x", X)], headers=headers),
            lambda headers: client.get_model_metadata("relu", headers=headers),
            lambda headers: client.is_server_live(headers=headers),
        ):
            ask({"authorization": f"Bearer {token}"})
            with pytest.raises(InferenceServerException, match="token") as raised:
                ask({})
            assert raised.value.status() == "StatusCode.UNAUTHENTICATED"
