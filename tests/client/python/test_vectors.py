"""The vectors that all clients share (tests/conformance/vectors), to the last bit.

Each way that a client has is tried: one message, and with shared memory and streams for all sizes.
"""

import json
import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rectifierd_process import RectifierdProcess

from rectifier import (
    BFloat16Bits,
    Client,
    Evaluation,
    PerChannel,
    Security,
    errors,
    methods,
    routes,
)
from rectifier.exchange import Call, Stream
from rectifier.shared_memory import placement
from rectifier.tensor import Array

VECTORS = Path(__file__).parents[2] / "conformance/vectors"
FILES = sorted(path.stem for path in VECTORS.glob("*.json"))

# An array of rank 0 is a number to this client, whose gradient is float64 and not the array's type.
OF_NUMBERS = {"prelu, float32, slope of float32[]": np.float32}


def load(name: str) -> dict[str, Any]:
    text = (VECTORS / f"{name}.json").read_text()
    content: dict[str, Any] = json.loads(text, object_hook=repeated)
    return content


def repeated(entry: dict[str, Any]) -> dict[str, Any]:
    """A tensor's data as often as it stands in the tensor."""
    if "repeat" in entry:
        entry["data"] *= entry.pop("repeat")
    return entry


def test_there_are_vectors() -> None:
    assert len(FILES) >= 9
    assert sum(len(load(name)["cases"]) for name in FILES) > 500


@pytest.fixture(name="file", scope="module", params=FILES)
def _file(request: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Any, str]]:
    """A file's name and content, and the target of a server with its flags."""
    content = load(request.param)
    paths = {}
    for name, text in content["server_files"].items():
        paths[name] = tmp_path_factory.mktemp("files") / name
        paths[name].write_text(text)
    flags = [flag.format(**paths) for flag in content["server_flags"]]
    with RectifierdProcess(os.environ["RECTIFIERD"], *flags) as server:
        yield request.param, content, server.unix_target


def tensor_of(vector: dict[str, Any]) -> Any:
    data = bytes.fromhex(vector["data"])
    is_bits = vector["type"] == "bfloat16"
    dtype = np.dtype(np.uint16 if is_bits else vector["type"])
    array = np.frombuffer(data, dtype).reshape(vector["shape"])
    return BFloat16Bits(array) if is_bits else array


def argument_of(given: dict[str, Any], tensors: list[Any]) -> Any:
    if "number" in given:
        return np.frombuffer(bytes.fromhex(given["number"]), "<f8")[0]
    if "word" in given:
        return given["word"]
    tensor = tensors[given["tensor"]]
    return PerChannel(tensor, given["axis"]) if "axis" in given else tensor


def evaluations_of(case: dict[str, Any]) -> list[Evaluation]:
    tensors = [tensor_of(tensor) for tensor in case["tensors"]]
    return [
        Evaluation(
            given["activation"],
            tuple(tensors[i] for i in given["inputs"]),
            {
                name: argument_of(argument, tensors)
                for name, argument in given.get("arguments", {}).items()
            },
            preset=given.get("preset", ""),
            upstream=tensors[given["upstream"]] if "upstream" in given else None,
            value="value" in given["quantities"],
            gradient="gradient" in given["quantities"],
            second_derivative="second_derivative" in given["quantities"],
            parameter_gradients="parameter_gradient" in given["quantities"],
        )
        for given in case["evaluations"]
    ]


def expected_arrays(result: dict[str, Any]) -> dict[str, dict[str, Any]]:
    arrays = {name: result[name] for name in ("value", "second_derivative") if name in result}
    for i, gradient in enumerate(result.get("gradients", [])):
        arrays[f"gradients[{i}]"] = gradient
    for name, gradient in result.get("parameter_gradients", {}).items():
        arrays[f"parameter_gradients[{name!r}]"] = gradient
    return arrays


def as_vector(array: Array) -> dict[str, Any]:
    name = "bfloat16" if array.dtype == np.uint16 else array.dtype.name
    return {"type": name, "shape": list(array.shape), "data": array.tobytes().hex()}


def outcome(call: Any) -> Any:
    """The results as vectors, or the error as the vectors describe it."""
    try:
        results = call()
    except errors.RectifierError as error:
        described: dict[str, Any] = {
            "code": error.code.name,
            "reason": error.reason,
            "fields": [violation.field for violation in error.violations],
            "retry": error.retry_delay is not None,
            "says": str(error),
        }
        if "element" in error.metadata:
            described["element"] = error.metadata["element"]
        return described
    return [{name: as_vector(a) for name, a in r.arrays().items()} for r in results]


def expected_outcome(case: dict[str, Any]) -> Any:
    if "error" not in case:
        return [expected_arrays(result) for result in case["results"]]
    error = dict(case["error"])
    error.pop("says", None)
    if "element" in error:
        error["element"] = str(error["element"])
    return error


def client_of(case: dict[str, Any], target: str, stack: ExitStack, clients: Any) -> Client:
    token = case.get("token", "")
    if token not in clients:
        clients[token] = stack.enter_context(Client(target, security=Security(token=token)))
    found: Client = clients[token]
    return found


def check(name: str, case: dict[str, Any], actual: Any) -> None:
    if case["name"] in OF_NUMBERS:
        (gradient,) = [key for key in actual[0] if key.startswith("parameter")]
        number = np.frombuffer(bytes.fromhex(actual[0][gradient]["data"]), np.float64)[0]
        actual[0][gradient] = as_vector(np.array(number, OF_NUMBERS[case["name"]]))
    if "error" in case and isinstance(actual, dict):
        text = actual.pop("says")
        for part in case["error"].get("says", []):
            assert part in text, f"{name}: {case['name']}"
    assert actual == expected_outcome(case), f"{name}: {case['name']}"


def test_every_case_agrees_to_the_last_bit(file: tuple[str, Any, str]) -> None:
    name, content, target = file
    clients: dict[str, Client] = {}
    with ExitStack() as stack:
        for case in content["cases"]:
            client = client_of(case, target, stack, clients)
            timeout = case.get("timeout", 60)
            if "evaluations" not in case:
                check(name, case, outcome(lambda: raw(client, case)))  # noqa: B023
            else:
                batch = evaluations_of(case)
                check(name, case, outcome(lambda: client.evaluate_batch(batch, timeout=timeout)))  # noqa: B023


def raw(client: Client, case: dict[str, Any]) -> Any:
    """Requests that no client makes, by its methods below the making of requests."""
    step: Any
    if "request" in case:
        step = Call(methods.EVALUATE, bytes.fromhex(case["request"]))
    else:
        messages = [bytes.fromhex(message) for message in case["stream"]]
        step = Stream(methods.EVALUATE_STREAM, messages, lambda response: None)
    return step.run(client._caller(60, ()))


@pytest.mark.parametrize("way", ["shared memory", "stream"])
@pytest.mark.parametrize("name", ["elementwise", "rows", "pairs", "forms", "large"])
def test_results_by_other_ways_agree_to_the_last_bit(
    name: str, way: str, rectifierd: RectifierdProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(routes, "_LITTLE", -1)
    monkeypatch.setattr(routes, "_MESSAGE", -1)
    monkeypatch.setattr(placement, "_SMALL_BYTES", 1)
    with Client(rectifierd.unix_target, shared_memory=way == "shared memory") as client:
        for case in load(name)["cases"]:
            batch = evaluations_of(case)
            check(name, case, outcome(lambda: client.evaluate_batch(batch)))  # noqa: B023
