"""Our own API as the Connect protocol has it, in JSON and protobuf."""

from __future__ import annotations

import base64
import http.client
import json
import math
import struct
import subprocess
from pathlib import Path
from typing import Any

import pytest
from rectifierd_process import RectifierdProcess
from web import JSON, SERVICE, ask, call

import rectifier

# What the README shows.
EIGHT_LINES = """{
  "tensors": [{"values": [-1, 0, 1]}],
  "evaluations": [
    {
      "activation": {"name": "gelu"},
      "quantities": ["QUANTITY_VALUE", "QUANTITY_GRADIENT"]
    }]
}"""


def evaluate(values: list[Any], activation: str = "gelu", **more: Any) -> dict[str, Any]:
    return {
        "tensors": [{"values": values, **more}],
        "evaluations": [{"activation": {"name": activation}}],
    }


def value_of(answer: Any) -> list[Any]:
    assert answer.status == 200, answer.body
    values: list[Any] = answer.json["results"][0]["value"]["values"]
    return values


def test_curl_evaluates_gelu_with_its_gradient(server: RectifierdProcess) -> None:
    url = f"http://{server.http_address}{SERVICE}Evaluate"
    command = ["curl", "--silent", "--show-error", "--fail-with-body", "--json", EIGHT_LINES, url]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    (result,) = json.loads(printed)["results"]
    phi = 0.5 * math.erfc(-1 / math.sqrt(2))
    slope = phi + math.exp(-0.5) / math.sqrt(2 * math.pi)
    assert result["value"]["values"] == pytest.approx([phi - 1, 0, phi], abs=1e-15)
    assert result["gradients"][0]["values"] == pytest.approx([1 - slope, 0.5, slope], abs=1e-15)


@pytest.mark.parametrize("page", ["README.md", "server/http/README.md"])
def test_that_is_what_the_pages_show(page: str) -> None:
    root = Path(__file__).resolve().parents[2]
    assert f"curl --json '{EIGHT_LINES}' http://" in (root / page).read_text()


def test_numbers_are_those_of_grpc_to_the_last_bit(server: RectifierdProcess) -> None:
    inputs = [math.sin(i) * 10 ** (i % 40 - 20) for i in range(1000)]
    with rectifier.Client(server.tcp_target) as client:
        expected = client.evaluate("mish", inputs).value
    assert value_of(call(server, "Evaluate", evaluate(inputs, "mish"))) == list(expected)


def test_what_json_has_no_number_for_is_a_string_both_ways(server: RectifierdProcess) -> None:
    given = ["NaN", "Infinity", "-Infinity", "-0", -0.0, 5e-324, 1.7976931348623157e308]
    got = value_of(call(server, "Evaluate", evaluate(given, "hardtanh")))
    assert got == ["NaN", 1, -1, -0.0, -0.0, 5e-324, 1]
    assert math.copysign(1, got[3]) == -1
    got = value_of(call(server, "Evaluate", evaluate(["Infinity", "-Infinity"], "identity")))
    assert got == ["Infinity", "-Infinity"]


def test_bytes_are_base64(server: RectifierdProcess) -> None:
    data = struct.pack("<3f", -1, 0, 2)
    tensor = {
        "elementType": "ELEMENT_TYPE_FLOAT32",
        "shape": [3],
        "data": base64.b64encode(data).decode(),
    }
    request = {"tensors": [tensor], "evaluations": [{"activation": {"name": "relu"}}]}
    value = call(server, "Evaluate", request).json["results"][0]["value"]
    assert struct.unpack("<3f", base64.b64decode(value["data"])) == (0, 0, 2)
    assert value["shape"] == ["3"]


def field(number: int, content: bytes) -> bytes:
    return bytes([number << 3 | 2, len(content)]) + content


def test_protobuf_is_what_grpc_takes(server: RectifierdProcess) -> None:
    values = struct.pack("<3d", -1, 0, 2)
    message = field(2, field(14, values)) + field(1, field(2, field(1, b"relu")))
    answer = ask(server, SERVICE + "Evaluate", message, {"Content-Type": "application/proto"})
    assert answer.status == 200 and answer.headers["Content-Type"] == "application/proto"
    assert struct.pack("<3d", 0, 0, 2) in answer.body


@pytest.mark.parametrize("method", ["ListActivations", "GetServerInfo"])
def test_every_unary_method_is_there(server: RectifierdProcess, method: str) -> None:
    answer = call(server, method, {})
    assert answer.status == 200
    if method == "GetServerInfo":
        assert answer.json["limits"]["maxElements"] == str(1 << 27)
    else:
        assert "gelu" in [activation["name"] for activation in answer.json["activations"]]


def test_an_error_names_the_field(server: RectifierdProcess) -> None:
    answer = call(server, "Evaluate", evaluate([1], "glue"))
    assert answer.status == 400
    error = answer.json
    assert error["code"] == "invalid_argument"
    assert error["message"].startswith("evaluations[0].activation.name: ")
    details = {detail["type"]: detail for detail in error["details"]}
    assert set(details) == {"google.rpc.BadRequest", "google.rpc.ErrorInfo"}
    assert details["google.rpc.ErrorInfo"]["debug"]["reason"] == "UNKNOWN_ACTIVATION"
    value = details["google.rpc.BadRequest"]["value"]
    assert b"evaluations[0].activation.name" in base64.b64decode(value + "=" * (-len(value) % 4))


BAD_JSON = {
    "no JSON": ("{", "request: "),
    "two values": ("{} {}", "goes on after its value"),
    "no object": ("[]", "request: an object is expected"),
    "nothing": ("", "request: "),
    "an unknown field": ('{"tensor": []}', '"tensor" is no field of EvaluateRequest; it has'),
    "a field twice": ('{"tensors": [], "tensors": []}', "tensors: it comes twice"),
    "a field by both names": (
        '{"tensors": [{"elementType": 4, "element_type": 4}]}',
        "tensors[0].element_type: it comes twice",
    ),
    "a word for a number": ('{"tensors": [{"values": [1, "one"]}]}', "tensors[0].values[1]: "),
    "a number too large": ('{"tensors": [{"values": [1e400]}]}', "tensors[0].values[0]: "),
    "an enum that is none": (
        '{"evaluations": [{"quantities": ["VALUE"]}]}',
        'evaluations[0].quantities[0]: "VALUE" is none of QUANTITY_UNSPECIFIED',
    ),
    "half a number": ('{"tensors": [{"shape": [1.5]}]}', "tensors[0].shape[0]: "),
    "two of a oneof": (
        '{"evaluations": [{"activation": {"arguments": {"a": {"number": 1, "word": "w"}}}}]}',
        'evaluations[0].activation.arguments["a"].word: ',
    ),
    "a key twice": (
        '{"evaluations": [{"activation": {"arguments": {"a": {}, "a": {}}}}]}',
        'evaluations[0].activation.arguments["a"]: it comes twice',
    ),
    "no base64": ('{"tensors": [{"data": "%"}]}', "tensors[0].data: "),
    "bytes that are no UTF-8": (b'{"\xff": 1}', "UTF-8"),
    "half a surrogate": (r'{"\ud800": 1}', "half of a character"),
    "nesting": ('{"tensors": ' + "[" * 10_000, "tensors[0]: an object is expected"),
}


@pytest.mark.parametrize("name", BAD_JSON)
def test_bad_json_is_told_where_it_is_bad(server: RectifierdProcess, name: str) -> None:
    body, message = BAD_JSON[name]
    answer = ask(server, SERVICE + "Evaluate", body, JSON)
    assert answer.status == 400
    assert message in answer.json["message"]


@pytest.mark.parametrize("charset", ["utf-8", "UTF-8", '"utf-8"'])
def test_utf8_may_be_named(server: RectifierdProcess, charset: str) -> None:
    types = {"Content-Type": f"Application/JSON ; v=1; Charset={charset}"}
    assert ask(server, SERVICE + "GetServerInfo", "{}", types).status == 200


def test_names_and_nulls_are_those_of_protobufs_json(server: RectifierdProcess) -> None:
    tensor = {
        "element_type": "ELEMENT_TYPE_FLOAT64",
        "shape": ["2"],
        "values": [1, 2],
        "region": None,
    }
    request = {
        "tensors": [tensor],
        "evaluations": [
            {"inputs": [0], "activation": {"name": "elu", "arguments": {"alpha": {"number": "2"}}}}
        ],
    }
    assert value_of(call(server, "Evaluate", request)) == [1, 2]


def test_a_deadline_that_has_passed(server: RectifierdProcess) -> None:
    answer = call(server, "Evaluate", evaluate([1]), Connect_Timeout_Ms="0")
    assert answer.status == 504 and answer.json["code"] == "deadline_exceeded"


@pytest.mark.parametrize("given", ["-1", "1s", "12345678901", ""])
def test_a_deadline_that_is_none(server: RectifierdProcess, given: str) -> None:
    answer = call(server, "Evaluate", evaluate([1]), Connect_Timeout_Ms=given)
    assert answer.status == 400 and "Connect-Timeout-Ms" in answer.json["message"]


def test_the_protocols_version(server: RectifierdProcess) -> None:
    assert call(server, "GetServerInfo", {}, Connect_Protocol_Version="1").status == 200
    answer = call(server, "GetServerInfo", {}, Connect_Protocol_Version="2")
    assert answer.status == 400 and "version 1" in answer.json["message"]


REFUSED = {
    "another method of HTTP": ("Evaluate", None, {}, 405, "POST"),
    "another type": ("Evaluate", "{}", {"Content-Type": "text/plain"}, 415, "application/json"),
    "no type": ("Evaluate", "{}", {}, 415, "application/json"),
    "another charset": (
        "Evaluate",
        "{}",
        {"Content-Type": "application/json; charset=latin1"},
        415,
        "UTF-8",
    ),
    "a compressed body": ("Evaluate", "{}", JSON | {"Content-Encoding": "gzip"}, 415, "compressed"),
    "an unknown method": ("Evaluat", "{}", JSON, 404, "it has Evaluate, "),
    "a stream": ("EvaluateStream", "{}", JSON, 501, "is a stream"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused(server: RectifierdProcess, name: str) -> None:
    method, body, headers, status, message = REFUSED[name]
    answer = ask(server, SERVICE + method, body, headers)
    assert answer.status == status
    assert message in answer.json["message"]


def test_a_stream_is_refused_in_the_form_of_streams(server: RectifierdProcess) -> None:
    types = {"Content-Type": "application/connect+json"}
    answer = ask(server, SERVICE + "EvaluateStream", b"\0\0\0\0\2{}", types)
    assert answer.status == 200 and answer.headers["Content-Type"] == types["Content-Type"]
    flags, length = struct.unpack(">BI", answer.body[:5])
    assert flags == 2 and length == len(answer.body) - 5
    error = json.loads(answer.body[5:])["error"]
    assert error["code"] == "unimplemented" and "is a stream" in error["message"]


def test_a_connection_serves_many_requests(server: RectifierdProcess) -> None:
    connection = http.client.HTTPConnection(server.http_address, timeout=30)
    connection.connect()
    socket = connection.sock
    for i in range(20):
        connection.request("POST", SERVICE + "Evaluate", json.dumps(evaluate([i], "relu")), JSON)
        response = connection.getresponse()
        assert json.load(response)["results"][0]["value"]["values"] == [i]
        assert connection.sock is socket
    connection.close()


def test_a_body_in_chunks(server: RectifierdProcess) -> None:
    connection = http.client.HTTPConnection(server.http_address, timeout=30)
    parts = [
        b'{"tensors": [{"val',
        b'ues": [-3]}], "evaluations": [{"activation": ',
        b'{"name": "relu"}}]}',
    ]
    connection.request("POST", SERVICE + "Evaluate", iter(parts), JSON, encode_chunked=True)
    assert json.load(connection.getresponse())["results"][0]["value"]["values"] == [0]
    connection.close()


def test_large_messages_come_and_go(server: RectifierdProcess) -> None:
    values = [i / 7 for i in range(200_000)]
    assert value_of(call(server, "Evaluate", evaluate(values, "identity"))) == values


def test_what_is_too_large_is_refused_before_it_is_read(server: RectifierdProcess) -> None:
    connection = http.client.HTTPConnection(server.http_address, timeout=30)
    connection.putrequest("POST", SERVICE + "Evaluate")
    connection.putheader("Content-Type", "application/json")
    connection.putheader("Content-Length", str(33 << 20))
    connection.endheaders()
    response = connection.getresponse()
    assert response.status == 413
    assert json.load(response)["code"] == "resource_exhausted"
    connection.close()
