"""The Open Inference Protocol over HTTP: JSON, and the binary extension."""

from __future__ import annotations

import http.client
import json
import math
import os
import struct
from pathlib import Path
from typing import Any

import pytest
from rectifierd_process import RectifierdProcess
from web import JSON, Answer, ask, call, serve

GELU = "/v2/models/gelu"


def tensor(data: Any, name: str = "x", datatype: str = "FP32", **more: Any) -> dict[str, Any]:
    return {"name": name, "shape": [len(data)], "datatype": datatype, "data": data} | more


def infer(server: RectifierdProcess, request: object, model: str = "gelu") -> Answer:
    return ask(server, f"/v2/models/{model}/infer", json.dumps(request), JSON)


def outputs(answer: Answer) -> dict[str, Any]:
    assert answer.status == 200, answer.body
    return {output["name"]: output for output in answer.json["outputs"]}


def binary(
    server: RectifierdProcess, request: object, contents: bytes = b"", path: str = GELU + "/infer"
) -> Answer:
    head = json.dumps(request).encode()
    length = {"Inference-Header-Content-Length": str(len(head))}
    return ask(server, path, head + contents, length)


def test_health_metadata_and_config(server: RectifierdProcess) -> None:
    assert ask(server, "/v2/health/live").json == {"live": True}
    assert ask(server, "/v2/health/ready").json == {"ready": True}
    assert ask(server, "/healthz").body == b"ok\n"
    assert ask(server, "/v2").json["name"] == "rectifier"
    assert ask(server, "/v2/").status == 200
    for path in (GELU, GELU + "/versions/1"):
        metadata = ask(server, path).json
        assert metadata["versions"] == ["1"]
        assert metadata["inputs"][0] == {"name": "x", "datatype": "FP32", "shape": [-1]}
    assert ask(server, GELU + "/ready").json == {"ready": True}
    config = ask(server, GELU + "/config").json
    assert config["max_batch_size"] == 0
    assert config["input"][0]["data_type"] == "TYPE_FP32" and config["input"][0]["dims"] == [-1]
    index = ask(server, "/v2/repository/index", "{}").json
    assert {"name": "gelu", "version": "1", "state": "READY"}.items() <= next(
        model for model in index if model["name"] == "gelu"
    ).items()


def test_statistics_are_numbers(server: RectifierdProcess) -> None:
    before = ask(server, "/v2/models/tanh/stats").json["model_stats"][0]
    outputs(infer(server, {"inputs": [tensor([1])]}, "tanh"))
    after = ask(server, "/v2/models/tanh/versions/1/stats").json["model_stats"][0]
    assert after["inference_count"] == before["inference_count"] + 1
    assert after["inference_stats"]["success"]["count"] == after["inference_count"]
    names = [model["name"] for model in ask(server, "/v2/models/stats").json["model_stats"]]
    assert "tanh" in names


def test_names_may_be_escaped(server: RectifierdProcess) -> None:
    assert ask(server, "/v2/models/torch.nn.GEL%55").json["name"] == "torch.nn.GELU"
    assert ask(server, "/v2/models/torch.nn.GEL%5").status == 404


def test_json_gives_value_and_gradient(server: RectifierdProcess) -> None:
    request = {
        "id": "seven",
        "inputs": [tensor([-1, 0, 1], datatype="FP64")],
        "outputs": [{"name": "gradient"}, {"name": "value"}],
    }
    answer = infer(server, request)
    got = answer.json
    assert (got["model_name"], got["model_version"], got["id"]) == ("gelu", "1", "seven")
    assert [output["name"] for output in got["outputs"]] == ["gradient", "value"]
    phi = 0.5 * math.erfc(-1 / math.sqrt(2))
    assert outputs(answer)["value"]["data"] == pytest.approx([phi - 1, 0, phi], abs=1e-15)
    assert outputs(answer)["value"]["shape"] == [3]


def test_the_body_may_name_the_model_of_the_path(server: RectifierdProcess) -> None:
    request = {"model_name": "relu", "inputs": [tensor([-1, 2])]}
    assert outputs(infer(server, request, "relu"))["value"]["data"] == [0, 2]
    answer = infer(server, request, "gelu")
    assert answer.status == 400
    said = 'model_name: it differs from what the request\'s path says, "gelu"'
    assert said in answer.json["error"]


def test_arrays_may_be_nested_and_members_in_any_order(server: RectifierdProcess) -> None:
    request = {
        "inputs": [{"data": [[-1, 2], [3, -4]], "datatype": "FP32", "shape": [2, 2], "name": "x"}]
    }
    got = outputs(infer(server, request, "relu"))["value"]
    assert got["data"] == [0, 2, 3, 0] and got["shape"] == [2, 2]


def test_float32_is_rounded_once_and_comes_back_whole(server: RectifierdProcess) -> None:
    given = [0.1, 1e-45, 3.4028234663852886e38, 16777217, -0.0]
    data = outputs(infer(server, {"inputs": [tensor(given)]}, "identity"))["value"]["data"]
    for sent, got in zip(given, data, strict=True):
        (rounded,) = struct.unpack("<f", struct.pack("<f", sent))
        assert struct.pack("<f", got) == struct.pack("<f", rounded)
    assert data[0] == 0.1


def test_what_json_has_no_number_for_is_a_string_both_ways(server: RectifierdProcess) -> None:
    given = ["NaN", "Infinity", "-Infinity"]
    assert outputs(infer(server, {"inputs": [tensor(given)]}, "identity"))["value"]["data"] == given


def test_parameters_and_arguments(server: RectifierdProcess) -> None:
    request = {"inputs": [tensor([-2, 2])], "parameters": {"alpha": 3, "preset": "pytorch"}}
    data = outputs(infer(server, request, "elu"))["value"]["data"]
    assert data == pytest.approx([3 * math.expm1(-2), 2])
    request = {"inputs": [tensor([-2, -3]), tensor([0.5, 0.25], "weight")]}
    assert outputs(infer(server, request, "prelu"))["value"]["data"] == [-1, -0.75]


def test_binary_both_ways(server: RectifierdProcess) -> None:
    x, upstream = struct.pack("<3f", -1, 0, 2), struct.pack("<3f", 1, 2, 3)
    request = {
        "inputs": [
            {"name": "x", "shape": [3], "datatype": "FP32", "parameters": {"binary_data_size": 12}},
            {
                "name": "upstream",
                "shape": [3],
                "datatype": "FP32",
                "parameters": {"binary_data_size": 12},
            },
        ],
        "outputs": [
            {"name": "value", "parameters": {"binary_data": True}},
            {"name": "gradient", "parameters": {"binary_data": False}},
        ],
    }
    answer = binary(server, request, x + upstream, "/v2/models/relu/infer")
    length = int(answer.headers["Inference-Header-Content-Length"])
    value, gradient = json.loads(answer.body[:length])["outputs"]
    assert value["parameters"] == {"binary_data_size": 12} and "data" not in value
    assert struct.unpack("<3f", answer.body[length:]) == (0, 0, 2)
    assert gradient["data"] == [0, 0, 3]


def test_all_outputs_in_binary(server: RectifierdProcess) -> None:
    request = {"inputs": [tensor([-1, 2])], "parameters": {"binary_data_output": True}}
    answer = binary(server, request, path="/v2/models/relu/infer")
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.body.endswith(struct.pack("<2f", 0, 2))


def test_half_floats_come_as_numbers(server: RectifierdProcess) -> None:
    contents = struct.pack("<5e", 0.1, -2, 65504, 6e-8, float("inf"))
    head = {"name": "x", "shape": [5], "datatype": "FP16", "parameters": {"binary_data_size": 10}}
    answer = binary(server, {"inputs": [head]}, contents, "/v2/models/identity/infer")
    data = json.loads(answer.body)["outputs"][0]["data"]
    assert struct.pack("<5e", *map(float, data)) == contents


BAD = {
    "an unknown model": ("glue", {"inputs": []}, 404, 'no model "glue"; did you mean "glu"?'),
    "no inputs": ("gelu", {}, 400, "inputs"),
    "an unknown member": ("gelu", {"input": []}, 400, "input: it is none of id,"),
    "a member of a tensor": (
        "gelu",
        {"inputs": [tensor([1], contents=[])]},
        400,
        "inputs[0].contents: it is none of",
    ),
    "too few numbers": (
        "gelu",
        {"inputs": [tensor([1, 2], shape=[3])]},
        400,
        'inputs["x"].data: it has 2 numbers, and the shape has 3 elements',
    ),
    "too many numbers": ("gelu", {"inputs": [tensor([1, 2], shape=[1])]}, 400, "1 elements"),
    "a negative dimension": ("gelu", {"inputs": [tensor([1], shape=[-1])]}, 400, "shape"),
    "a huge shape": ("gelu", {"inputs": [tensor([1], shape=[2**40, 2**40])]}, 400, "shape"),
    "an unknown datatype": ("gelu", {"inputs": [tensor([1], datatype="FP8")]}, 400, "datatype"),
    "half floats": (
        "gelu",
        {"inputs": [tensor([1], datatype="FP16")]},
        400,
        "FP16 has no form in JSON; send it as binary data",
    ),
    "a word": ("gelu", {"inputs": [tensor([1, "one"])]}, 400, 'inputs["x"].data[1]: '),
    "beyond the largest": ("gelu", {"inputs": [tensor([1e39])]}, 400, 'inputs["x"].data[0]: '),
    "neither data nor binary": (
        "gelu",
        {"inputs": [{"name": "x", "shape": [1], "datatype": "FP32"}]},
        400,
        "neither data nor binary_data_size",
    ),
    "an output twice": (
        "gelu",
        {"inputs": [tensor([1])], "outputs": [{"name": "value"}, {"name": "value"}]},
        400,
        "outputs",
    ),
    "an unknown output": (
        "gelu",
        {"inputs": [tensor([1])], "outputs": [{"name": "y"}]},
        400,
        'outputs[0].name: gelu has no output "y"',
    ),
    "an unknown parameter": (
        "gelu",
        {"inputs": [tensor([1])], "parameters": {"sharpness": 2}},
        400,
        'parameters["sharpness"]',
    ),
    "a parameter that is an array": (
        "elu",
        {"inputs": [tensor([1])], "parameters": {"alpha": []}},
        400,
        'parameters["alpha"]: a number, a string, true or false is expected',
    ),
    "nesting": ("gelu", {"inputs": [tensor([[[[[[1]]]]]] * 1)] * 2000}, 400, "inputs: it has more"),
}


@pytest.mark.parametrize("name", BAD)
def test_an_error_names_the_field(server: RectifierdProcess, name: str) -> None:
    model, request, status, message = BAD[name]
    answer = infer(server, request, model)
    assert answer.status == status, answer.body
    assert message in answer.json["error"]


X = {"name": "x", "shape": [1], "datatype": "FP32", "parameters": {"binary_data_size": 4}}
BAD_BINARY = {
    "less than it says": (
        {"inputs": [X]},
        b"\0\0\0",
        "it is 4, and 3 bytes of binary data are left",
    ),
    "more than it says": ({"inputs": [X]}, b"\0" * 5, "1 bytes of binary data belong to no input"),
    "both": ({"inputs": [X | {"data": [1]}]}, b"\0\0\0\0", "both data and binary_data_size"),
    "a size that is none": (
        {"inputs": [X | {"parameters": {"binary_data_size": -4}}]},
        b"\0\0\0\0",
        'inputs[0].parameters["binary_data_size"]: "-4" is not a whole number',
    ),
    "a size that wraps": (
        {"inputs": [X | {"parameters": {"binary_data_size": 2**64 - 1}}]},
        b"\0\0\0\0",
        "bytes of binary data are left",
    ),
    "not the size of the shape": ({"inputs": [X | {"shape": [2]}]}, b"\0\0\0\0", "8"),
}


@pytest.mark.parametrize("name", BAD_BINARY)
def test_binary_data_that_do_not_fit(server: RectifierdProcess, name: str) -> None:
    request, contents, message = BAD_BINARY[name]
    answer = binary(server, request, contents)
    assert answer.status == 400
    assert message in answer.json["error"]


@pytest.mark.parametrize(
    "length", ["-1", "3", "99999999999999999999", "x", "", "+2", " 2 2", "2, 2"]
)
def test_a_header_length_out_of_range(server: RectifierdProcess, length: str) -> None:
    answer = ask(server, GELU + "/infer", b"{}", {"Inference-Header-Content-Length": length})
    assert answer.status == 400
    assert "Inference-Header-Content-Length" in answer.json["error"]


def test_a_request_that_is_only_nested(server: RectifierdProcess) -> None:
    body = '{"inputs": [{"data": ' + "[" * 100_000
    answer = ask(server, GELU + "/infer", body, JSON)
    assert answer.status == 400 and "within one another" in answer.json["error"]


def test_a_response_in_json_has_a_bound(server: RectifierdProcess) -> None:
    count = (1 << 20) + 1
    head = {
        "name": "x",
        "shape": [count],
        "datatype": "FP32",
        "parameters": {"binary_data_size": 4 * count},
    }
    answer = binary(server, {"inputs": [head]}, bytes(4 * count))
    assert answer.status == 400 and "ask for them with binary_data" in answer.json["error"]
    answer = binary(
        server,
        {"inputs": [head], "parameters": {"binary_data_output": True}},
        bytes(4 * count),
    )
    assert answer.status == 200 and answer.body.endswith(bytes(4 * count))


def test_paths_and_verbs(server: RectifierdProcess) -> None:
    assert ask(server, GELU + "/infer").status == 405
    assert ask(server, GELU, "{}").headers["Allow"] == "GET, HEAD, OPTIONS"
    for path in ("/v2/nothing", "/v2/models", "/v2/models//ready", "/v3", "/v2/models/a/b/c"):
        assert ask(server, path).status == 404
    assert ask(server, GELU + "/versions/2").status == 404


def test_what_the_server_does_not_offer(server: RectifierdProcess) -> None:
    answer = ask(server, "/v2/repository/models/gelu/load", "{}")
    assert answer.status == 501 and "from the start" in answer.json["error"]
    assert ask(server, "/v2/cudasharedmemory/unregister", "").status == 200
    assert ask(server, "/v2/systemsharedmemory/status").json == []


def test_system_shared_memory() -> None:
    name = f"rectifier-http-test-{os.getpid()}"
    path = Path("/dev/shm") / name
    path.touch(0o600)
    path.write_bytes(struct.pack("<4f", -1, 2, 0, 0))

    def place(offset: int) -> dict[str, Any]:
        return {
            "shared_memory_region": "r",
            "shared_memory_offset": offset,
            "shared_memory_byte_size": 8,
        }

    x = {"name": "x", "shape": [2], "datatype": "FP32", "parameters": place(0)}
    region = "/v2/systemsharedmemory/region/r"
    key = {"key": f"/{name}", "offset": 0, "byte_size": 16}
    owner = f"--system_shared_memory_owners={path.owner()}"
    try:
        with serve(owner) as server:
            assert ask(server, region + "/register", json.dumps(key), JSON).status == 200
            assert ask(server, "/v2/systemsharedmemory/status").json == [{"name": "r"} | key]
            request = {"inputs": [x], "outputs": [{"name": "value", "parameters": place(8)}]}
            value = outputs(infer(server, request, "relu"))["value"]
            assert struct.unpack("<4f", path.read_bytes()) == (-1, 2, 0, 2)
            assert value["parameters"] == place(8) and "data" not in value
            assert ask(server, region + "/unregister", "").status == 200
    finally:
        path.unlink()


def test_head_has_no_content(server: RectifierdProcess) -> None:
    connection = http.client.HTTPConnection(server.http_address, timeout=30)
    connection.request("HEAD", GELU)
    response = connection.getresponse()
    assert response.status == 200 and response.read() == b""
    connection.request("GET", GELU)
    assert connection.getresponse().status == 200
    connection.close()


def test_calls_are_counted_as_those_of_grpc(server: RectifierdProcess) -> None:
    outputs(infer(server, {"inputs": [tensor([1])]}))
    call(server, "Evaluate", {})
    host, port = server.metrics_address.rsplit(":", 1)
    connection = http.client.HTTPConnection(host, int(port))
    connection.request("GET", "/metrics")
    text = connection.getresponse().read().decode()
    connection.close()
    series = dict(line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))
    assert float(series['rectifier_connections_accepted_total{transport="http"}']) > 1
    assert float(series['rectifier_payload_bytes_total{direction="sent",transport="http"}']) > 0
    assert float(series['rectifier_http_responses_total{status="200"}']) > 0
    assert float(series["rectifier_http_bytes"]) == 0
    started = 'grpc_server_started_total{grpc_method="ModelInfer"'
    assert sum(float(value) for key, value in series.items() if key.startswith(started)) > 0
