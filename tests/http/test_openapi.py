"""GET /openapi.json: that it describes what the server does, and does what it describes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from rectifierd_process import RectifierdProcess
from test_connect import EIGHT_LINES, evaluate
from web import JSON, SERVICE, Answer, ask, call, serve

PROTO = Path(__file__).resolve().parents[2] / "proto"
# Over HTTP these are paths of health; a stream is for gRPC.
ELSEWHERE = {"ServerLive", "ServerReady", "ModelStreamInfer"}
WORDS = {"name": "gelu", "model_name": "gelu", "version": "1"}


@pytest.fixture(scope="module")
def document(server: RectifierdProcess) -> Any:
    answer = ask(server, "/openapi.json")
    assert answer.status == 200 and answer.headers["Content-Type"] == "application/json"
    return answer.json


def unary_methods(file: str) -> set[str]:
    """Of a service, by its file."""
    rpc = re.compile(r"^  rpc (\w+)\((stream )?\w+\) returns \((stream )?\w+\);", re.MULTILINE)
    found = rpc.findall((PROTO / file).read_text())
    assert found
    return {name for name, *streams in found if not any(streams)}


def operations(document: Any) -> Iterator[tuple[str, str, Any]]:
    for path, verbs in document["paths"].items():
        for verb, operation in verbs.items():
            yield path, verb, operation


def references(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        if isinstance(part.get("$ref"), str):
            yield part["$ref"]
        for each in part.values():
            yield from references(each)
    elif isinstance(part, list):
        for each in part:
            yield from references(each)


def resolve(document: Any, reference: str) -> Any:
    part = document
    for word in reference.removeprefix("#/").split("/"):
        part = part[word]
    return part


def check(document: Any, schema: Any, value: Any) -> None:
    """Raises where `value` is not what `schema` of the document says."""
    whole = {"$schema": "https://json-schema.org/draft/2020-12/schema", **document, **schema}
    jsonschema.Draft202012Validator(whole).validate(value)


def schema_of(document: Any, path: str, verb: str, status: str) -> Any:
    response = document["paths"][path][verb]["responses"][status]
    if "$ref" in response:
        response = resolve(document, response["$ref"])
    return response["content"]["application/json"]["schema"]


def test_it_is_openapi_whose_references_lead_somewhere(document: Any) -> None:
    assert document["openapi"] == "3.1.0"
    assert {"title", "version", "description", "license"} <= set(document["info"])
    for reference in references(document):
        assert resolve(document, reference), reference
    for name, schema in document["components"]["schemas"].items():
        jsonschema.Draft202012Validator.check_schema(schema)
        for part in schema.get("required", []):
            assert part in schema["properties"], name


def test_operations_are_told_apart_and_declare_what_their_paths_name(document: Any) -> None:
    seen = set()
    for path, _, operation in operations(document):
        assert operation["operationId"] not in seen
        seen.add(operation["operationId"])
        declared = [each for each in operation.get("parameters", []) if each["in"] == "path"]
        assert [each["name"] for each in declared] == re.findall(r"{(\w+)}", path)
        assert all(each["required"] for each in declared)
        assert operation["responses"]


def test_our_own_methods_are_those_of_the_proto(document: Any) -> None:
    described = {path for path in document["paths"] if path.startswith(SERVICE)}
    methods = unary_methods("rectifier/v1/activation.proto")
    assert described == {SERVICE + method for method in methods}
    evaluate = document["paths"][SERVICE + "Evaluate"]["post"]
    proto = (PROTO / "rectifier/v1/activation.proto").read_text()
    first = evaluate["description"].splitlines()[0]
    assert f"// {first}\n" in proto  # its comment


def test_messages_have_the_fields_of_the_proto(document: Any) -> None:
    tensor = document["components"]["schemas"]["rectifier.v1.Tensor"]["properties"]
    assert set(tensor) == {"elementType", "shape", "region", "values", "data"}
    assert tensor["data"]["contentEncoding"] == "base64"
    index = document["components"]["schemas"]["inference.RepositoryIndexResponse.ModelIndex"]
    assert set(index["properties"]) == {"name", "version", "state", "reason"}


def test_every_path_is_there_and_takes_its_verbs_alone(
    server: RectifierdProcess, document: Any
) -> None:
    verbs: dict[str, set[str]] = {}
    for path, verb, _ in operations(document):
        verbs.setdefault(path, set()).add(verb.upper())
    for path, known in verbs.items():
        target = path.format(**WORDS)
        for verb in ("GET", "POST", "PUT"):
            answer = ask(server, target, "{}" if verb != "GET" else None, JSON, verb)
            if verb in known:
                assert answer.status != 405, (path, verb)
                assert b"nothing is at this path" not in answer.body, (path, verb)
            else:
                assert answer.status == 405, (path, verb)
                assert known <= set(answer.headers["Allow"].split(", ")), (path, verb)


def test_every_method_of_the_inference_protocol_has_a_path(
    server: RectifierdProcess, document: Any
) -> None:
    """By its comment, or by what the server says of those that it has not."""
    methods = unary_methods("inference/inference_service.proto") - ELSEWHERE
    paths = [path for path in document["paths"] if path.startswith("/v2")]
    routes = (PROTO.parent / "server/http/inference_routes.cc").read_text()
    assert methods <= set(re.findall(r'"(\w+)",\s+Form', routes))
    assert len(paths) > 20
    for path, verb, operation in operations(document):
        answered = operation.get("x-unimplemented", False)
        status = ask(server, path.format(**WORDS), "{}", JSON, verb.upper()).status
        assert (status == 501) == answered or "systemsharedmemory" in path, path


REPLIES = {
    "/v2": "/v2",
    "/v2/models/gelu": "/v2/models/{name}",
    "/v2/models/gelu/ready": "/v2/models/{name}/ready",
    "/v2/models/swiglu/versions/1/config": "/v2/models/{name}/versions/{version}/config",
    "/v2/models/gelu/stats": "/v2/models/{name}/stats",
    "/v2/models/stats": "/v2/models/stats",
    "/v2/systemsharedmemory/status": "/v2/systemsharedmemory/status",
    "/v2/health/live": "/v2/health/live",
    "/v2/health/ready": "/v2/health/ready",
}


@pytest.mark.parametrize("target", REPLIES)
def test_replies_are_as_described(server: RectifierdProcess, document: Any, target: str) -> None:
    answer = ask(server, target)
    assert answer.status == 200
    check(document, schema_of(document, REPLIES[target], "get", "200"), answer.json)


def described(document: Any, answer: Answer, path: str) -> Any:
    """Checks a response to a POST, and gives it."""
    status = str(answer.status)
    known = document["paths"][path]["post"]["responses"]
    status = status if status in known else f"{status[0]}XX"
    check(document, schema_of(document, path, "post", status), answer.json)
    return answer.json


def test_calls_are_as_described(server: RectifierdProcess, document: Any) -> None:
    path = SERVICE + "Evaluate"
    body = document["paths"][path]["post"]["requestBody"]["content"]["application/json"]["schema"]
    special = evaluate(["NaN", "-Infinity", -0.0, "1e3"], "identity")
    for request in (json.loads(EIGHT_LINES), special):
        check(document, body, request)
        assert described(document, call(server, "Evaluate", request), path)["results"]
    assert described(document, call(server, "Evaluate", evaluate([1], "glue")), path)["details"]
    for method in ("ListActivations", "GetServerInfo"):
        assert described(document, call(server, method, {}), SERVICE + method)


BAD = {
    "a field that there is not": {"tensor": []},
    "no array": {"tensors": {}},
    "half a number": {"tensors": [{"shape": [1.5]}]},
    "no base64": {"tensors": [{"data": "%"}]},
    "a word for a number": {"tensors": [{"values": ["one"]}]},
    "an enum that is none": {"evaluations": [{"quantities": ["VALUE"]}]},
}


@pytest.mark.parametrize("name", BAD)
def test_what_the_document_forbids_is_refused(
    server: RectifierdProcess, document: Any, name: str
) -> None:
    schema = {"$ref": "#/components/schemas/rectifier.v1.EvaluateRequest"}
    with pytest.raises(jsonschema.ValidationError):
        check(document, schema, BAD[name])
    assert call(server, "Evaluate", BAD[name]).status == 400


def test_inference_is_as_described(server: RectifierdProcess, document: Any) -> None:
    path = "/v2/models/{name}/infer"
    body = document["paths"][path]["post"]["requestBody"]["content"]["application/json"]["schema"]
    x = {"name": "x", "shape": [2, 2], "datatype": "FP16", "data": [[1, 2], ["NaN", -0.0]]}
    request = {"id": "a", "inputs": [x | {"datatype": "FP32"}], "outputs": [{"name": "gradient"}]}
    check(document, body, request)
    answer = ask(server, "/v2/models/gelu/infer", json.dumps(request), JSON)
    assert described(document, answer, path)["outputs"]
    refused = ask(server, "/v2/models/glue/infer", json.dumps(request), JSON)
    assert described(document, refused, path)["error"]
    index = ask(server, "/v2/repository/index", "{}", JSON)
    assert len(described(document, index, "/v2/repository/index")) > 80
    with pytest.raises(jsonschema.ValidationError):
        check(document, body, {"inputs": [x | {"datatype": "FP8"}]})


def test_limits_are_those_of_the_server() -> None:
    with serve("--max_tensors=7", "--max_rank=3") as server:
        schemas = ask(server, "/openapi.json").json["components"]["schemas"]
    assert schemas["rectifier.v1.EvaluateRequest"]["properties"]["tensors"]["maxItems"] == 7
    assert schemas["rectifier.v1.Tensor"]["properties"]["shape"]["maxItems"] == 3
    assert schemas["InferRequest"]["properties"]["inputs"]["maxItems"] == 7


def test_who_may_have_it_is_who_may_call(tmp_path: Path) -> None:
    token = "a-token-of-the-test-0123456789"
    (tmp_path / "tokens").write_text(f"alice plain:{token}\n")
    with serve(f"--tokens_file={tmp_path}/tokens") as server:
        assert ask(server, "/openapi.json").status == 401
        bearer = {"Authorization": f"Bearer {token}"}
        assert ask(server, "/openapi.json", headers=bearer).status == 200
        assert ask(server, "/openapi.json", headers=bearer, method="HEAD").body == b""
        evil = bearer | {"Host": "evil.example"}
        assert ask(server, "/openapi.json", headers=evil).status == 421


@pytest.mark.parametrize("path", ["/healthz", "/v2/health/live", "/v2/health/ready"])
def test_health_is_read_alone(server: RectifierdProcess, path: str) -> None:
    answer = ask(server, path, "{}")
    assert answer.status == 405 and answer.headers["Allow"] == "GET, HEAD, OPTIONS"
    assert ask(server, path, method="HEAD").status == 200
