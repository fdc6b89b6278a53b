"""Evaluates over HTTP at 127.0.0.1:8080, and in POSIX shared memory that the caller has made."""

import json
import struct
import urllib.request
from pathlib import Path

REGION = "/v2/systemsharedmemory/region/r"


def post(path: str, body: object) -> dict:
    request = urllib.request.Request(
        "http://127.0.0.1:8080" + path,
        json.dumps(body).encode(),
        {"Content-Type": "application/json"},
    )
    return json.loads(urllib.request.urlopen(request).read() or "{}")


def place(offset: int) -> dict:
    return {
        "shared_memory_region": "r",
        "shared_memory_offset": offset,
        "shared_memory_byte_size": 8,
    }


evaluation = {"activation": {"name": "relu"}}
reply = post(
    "/rectifier.v1.ActivationService/Evaluate",
    {"tensors": [{"values": [-1, 2]}], "evaluations": [evaluation]},
)
assert reply["results"][0]["value"]["values"] == [0, 2], reply

memory = Path("/dev/shm/http_call")
memory.touch(0o600)
try:
    memory.write_bytes(struct.pack("<4f", -1, 2, 0, 0))
    post(REGION + "/register", {"key": "/http_call", "offset": 0, "byte_size": 16})
    x = {"name": "x", "shape": [2], "datatype": "FP32", "parameters": place(0)}
    post(
        "/v2/models/relu/infer",
        {"inputs": [x], "outputs": [{"name": "value", "parameters": place(8)}]},
    )
    assert struct.unpack("<4f", memory.read_bytes()) == (-1, 2, 0, 2)
    post(REGION + "/unregister", {})
finally:
    memory.unlink()
