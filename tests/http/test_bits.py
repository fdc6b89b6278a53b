"""The same tensors give the same bits by every way there is to ask."""

from __future__ import annotations

import base64
import importlib
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import grpc
import numpy as np
import pytest
from rectifierd_process import RectifierdProcess
from web import JSON, SERVICE, ask

from rectifier.v1 import activation_pb2 as api

PROTO = Path(__file__).resolve().parents[2] / "proto"
RESULTS = ("value", "gradient")


@dataclass(frozen=True)
class Type:
    """A datatype, by the names of both APIs, and how many bits of it are fraction."""

    name: str
    element: str
    bits: Any
    fraction: int

    @property
    def exponent(self) -> int:
        """That of NaN and infinities, in place."""
        width = np.dtype(self.bits).itemsize * 8 - 1 - self.fraction
        return ((1 << width) - 1) << self.fraction


TYPES = {
    "FP16": Type("FP16", "FLOAT16", np.uint16, 10),
    "BF16": Type("BF16", "BFLOAT16", np.uint16, 7),
    "FP32": Type("FP32", "FLOAT32", np.uint32, 23),
    "FP64": Type("FP64", "FLOAT64", np.uint64, 52),
}
ACTIVATIONS = ("identity", "gelu", "relu", "softplus", "tanh")


def inputs_of(kind: Type) -> np.ndarray:
    """All that is special, NaN with payloads and both signs among it, and numbers at random."""
    size = np.dtype(kind.bits).itemsize * 8
    sign, infinity, one = 1 << (size - 1), kind.exponent, 1 << kind.fraction
    quiet = infinity | one >> 1
    special = [0, 1, one - 1, one, one + 1, infinity - 1, infinity, quiet, quiet | 0x15, quiet | 1]
    random = np.random.default_rng(17)
    bits = [each | half for half in (0, sign) for each in special]
    some = random.normal(0, 4, 200)
    if kind.name == "BF16":
        drawn = (some.astype(np.float32).view(np.uint32) >> 16).astype(np.uint16)
    else:
        drawn = some.astype({16: np.float16, 32: np.float32, 64: np.float64}[size])
        drawn = drawn.view(kind.bits)
    return np.concatenate([np.array(bits, dtype=kind.bits), drawn])


def numbers(kind: Type, bits: np.ndarray) -> list[float]:
    """What the bits stand for: exact as doubles."""
    if kind.name == "BF16":
        return [float(x) for x in (bits.astype(np.uint32) << 16).view(np.float32)]
    width = bits.dtype.itemsize * 8
    return [float(x) for x in bits.view({16: np.float16, 32: np.float32, 64: np.float64}[width])]


def words(values: list[float]) -> list[Any]:
    """Numbers as JSON has them."""
    special = {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}
    return [special.get(str(value), value) for value in values]


class Server:
    """One server, and how it is asked for value and gradient."""

    def __init__(self, server: RectifierdProcess, channel: grpc.Channel, inference: Any) -> None:
        self._server = server
        self._channel = channel
        self._inference = inference

    def request(self, activation: str, tensor: Any) -> Any:
        quantities = [api.QUANTITY_VALUE, api.QUANTITY_GRADIENT]
        return api.EvaluateRequest(
            tensors=[tensor],
            evaluations=[
                api.Evaluation(
                    activation=api.Activation(name=activation), quantities=quantities, inputs=[0]
                )
            ],
        )

    def tensor(self, kind: Type, bits: np.ndarray) -> Any:
        return api.Tensor(
            element_type=f"ELEMENT_TYPE_{kind.element}", shape=[bits.size], data=bits.tobytes()
        )

    def evaluate(self, activation: str, kind: Type, bits: np.ndarray) -> list[bytes]:
        request = self.request(activation, self.tensor(kind, bits)).SerializeToString()
        reply = self._channel.unary_unary(SERVICE + "Evaluate")(request, timeout=30)
        return results(api.EvaluateResponse.FromString(reply))

    def connect_protobuf(self, activation: str, kind: Type, bits: np.ndarray) -> list[bytes]:
        request = self.request(activation, self.tensor(kind, bits)).SerializeToString()
        types = {"Content-Type": "application/proto"}
        answer = ask(self._server, SERVICE + "Evaluate", request, types)
        assert answer.status == 200
        return results(api.EvaluateResponse.FromString(answer.body))

    def connect_json(self, activation: str, kind: Type, bits: np.ndarray) -> list[bytes]:
        data = base64.b64encode(bits.tobytes()).decode()
        result = self._connect(activation, {"data": data}, kind, bits)
        tensors = [result["value"], result["gradients"][0]]
        return [base64.b64decode(tensor["data"]) for tensor in tensors]

    def connect_numbers(self, activation: str, kind: Type, bits: np.ndarray) -> list[Any]:
        result = self._connect(activation, {"values": words(numbers(kind, bits))}, kind, bits)
        return [result["value"]["values"], result["gradients"][0]["values"]]

    def _connect(self, activation: str, payload: Any, kind: Type, bits: np.ndarray) -> Any:
        shape = {"elementType": f"ELEMENT_TYPE_{kind.element}", "shape": [bits.size]}
        evaluation = {
            "activation": {"name": activation},
            "quantities": ["QUANTITY_VALUE", "QUANTITY_GRADIENT"],
        }
        request = json.dumps({"tensors": [shape | payload], "evaluations": [evaluation]})
        answer = ask(self._server, SERVICE + "Evaluate", request, JSON)
        assert answer.status == 200, answer.body
        return answer.json["results"][0]

    def http_binary(self, activation: str, kind: Type, bits: np.ndarray) -> list[bytes]:
        x = {"parameters": {"binary_data_size": bits.nbytes}}
        request = self._infer_request(x, kind, bits) | {"parameters": {"binary_data_output": True}}
        head = json.dumps(request).encode()
        length = {"Inference-Header-Content-Length": str(len(head))}
        path = f"/v2/models/{activation}/infer"
        answer = ask(self._server, path, head + bits.tobytes(), length)
        assert answer.status == 200, answer.body
        raw = answer.body[int(answer.headers["Inference-Header-Content-Length"]) :]
        return [raw[: bits.nbytes], raw[bits.nbytes :]]

    def http_json(self, activation: str, kind: Type, bits: np.ndarray) -> list[Any]:
        request = self._infer_request({"data": words(numbers(kind, bits))}, kind, bits)
        return self._infer(activation, json.dumps(request).encode(), {})

    def http_binary_to_json(self, activation: str, kind: Type, bits: np.ndarray) -> list[Any]:
        x = {"parameters": {"binary_data_size": bits.nbytes}}
        head = json.dumps(self._infer_request(x, kind, bits)).encode()
        length = {"Inference-Header-Content-Length": str(len(head))}
        return self._infer(activation, head + bits.tobytes(), length)

    def _infer(self, activation: str, body: bytes, headers: dict[str, str]) -> list[Any]:
        answer = ask(self._server, f"/v2/models/{activation}/infer", body, headers)
        assert answer.status == 200, answer.body
        return [output["data"] for output in answer.json["outputs"]]

    @staticmethod
    def _infer_request(x: Any, kind: Type, bits: np.ndarray) -> dict[str, Any]:
        tensor = {"name": "x", "shape": [bits.size], "datatype": kind.name}
        return {"inputs": [tensor | x], "outputs": [{"name": name} for name in RESULTS]}

    def model_infer(self, activation: str, kind: Type, bits: np.ndarray) -> list[bytes]:
        request = self._message(activation, kind, bits)
        request.raw_input_contents.append(bits.tobytes())
        return self._call(request)

    def model_infer_typed(self, activation: str, kind: Type, bits: np.ndarray) -> list[bytes]:
        """As numbers, which cost a NaN its payload in Python, and so are sent as bytes."""
        request = self._message(activation, kind, bits)
        field = {"FP32": 6, "FP64": 7}[kind.name]
        packed = bytes([field << 3 | 2]) + varint(bits.nbytes) + bits.tobytes()
        request.inputs[0].contents.ParseFromString(packed)
        return self._call(request)

    def _message(self, activation: str, kind: Type, bits: np.ndarray) -> Any:
        request = self._inference.ModelInferRequest(model_name=activation)
        request.inputs.add(name="x", datatype=kind.name, shape=[bits.size])
        for name in RESULTS:
            request.outputs.add(name=name)
        return request

    def _call(self, request: Any) -> list[bytes]:
        call = self._channel.unary_unary("/inference.GRPCInferenceService/ModelInfer")
        reply = call(request.SerializeToString(), timeout=30)
        return list(self._inference.ModelInferResponse.FromString(reply).raw_output_contents)


def varint(number: int) -> bytes:
    head = b""
    while number > 127:
        head += bytes([number & 127 | 128])
        number >>= 7
    return head + bytes([number])


def results(reply: Any) -> list[bytes]:
    (result,) = reply.results
    return [result.value.data, result.gradients[0].data]


@pytest.fixture(scope="module")
def inference(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The messages of the Open Inference Protocol, as protoc makes them."""
    folder = tmp_path_factory.mktemp("inference")
    files = ["inference/model_config.proto", "inference/inference_service.proto"]
    command = ["protoc", f"-I{PROTO}", f"--python_out={folder}", *files]
    subprocess.run(command, check=True)
    sys.path.insert(0, str(folder))
    try:
        return importlib.import_module("inference.inference_service_pb2")
    finally:
        sys.path.remove(str(folder))


@pytest.fixture(scope="module")
def ways(server: RectifierdProcess, inference: Any) -> Iterator[Server]:
    with grpc.insecure_channel(server.tcp_target) as channel:
        yield Server(server, channel, inference)


Way = Callable[[Server, str, Type, np.ndarray], list[Any]]
ALL = tuple(TYPES)
AS_BYTES: dict[str, tuple[Way, tuple[str, ...]]] = {
    "Connect, protobuf": (Server.connect_protobuf, ALL),
    "Connect, JSON with base64": (Server.connect_json, ALL),
    "HTTP, binary": (Server.http_binary, ALL),
    "ModelInfer, raw": (Server.model_infer, ALL),
    "ModelInfer, typed": (Server.model_infer_typed, ("FP32", "FP64")),
}
AS_NUMBERS: dict[str, tuple[Way, tuple[str, ...]]] = {
    "Connect, JSON": (Server.connect_numbers, ALL),
    "HTTP, JSON": (Server.http_json, ("FP32", "FP64")),
    "HTTP, JSON of binary": (Server.http_binary_to_json, ALL),
}


def cases(table: dict[str, tuple[Way, tuple[str, ...]]]) -> list[tuple[str, str]]:
    return [(way, kind) for way, (_, kinds) in table.items() for kind in kinds]


@pytest.mark.parametrize(("way", "name"), cases(AS_BYTES))
def test_bytes_are_those_of_evaluate(ways: Server, way: str, name: str) -> None:
    ask_for, kind = AS_BYTES[way][0], TYPES[name]
    bits = inputs_of(kind)
    for activation in ACTIVATIONS:
        expected = ways.evaluate(activation, kind, bits)
        assert [len(each) for each in expected] == [bits.nbytes] * 2
        assert ask_for(ways, activation, kind, bits) == expected, activation


@pytest.mark.parametrize(("way", "name"), cases(AS_NUMBERS))
def test_numbers_are_those_of_evaluate(ways: Server, way: str, name: str) -> None:
    """JSON has one NaN; all else keeps its bits. Text is the shortest that means the float."""
    ask_for, kind = AS_NUMBERS[way][0], TYPES[name]
    float_type = np.float64 if name == "FP64" else np.float32
    bits = inputs_of(kind)
    for activation in ACTIVATIONS:
        found = ask_for(ways, activation, kind, bits)
        expected = ways.evaluate(activation, kind, bits)
        for got, raw in zip(found, expected, strict=True):
            exact = np.array(numbers(kind, np.frombuffer(raw, dtype=kind.bits)), dtype=float_type)
            read = np.array([float(each) for each in got], dtype=float_type)
            assert np.array_equal(np.isnan(read), np.isnan(exact)), activation
            known = ~np.isnan(exact)
            assert read[known].tobytes() == exact[known].tobytes(), activation


def test_the_kinds_of_datatypes_that_one_way_lacks_are_refused(ways: Server) -> None:
    """FP16 and BF16 have no numbers in JSON's requests, nor in typed contents."""
    for name in ("FP16", "BF16"):
        kind = TYPES[name]
        with pytest.raises(AssertionError, match="has no form in JSON"):
            ways.http_json("relu", kind, inputs_of(kind))
