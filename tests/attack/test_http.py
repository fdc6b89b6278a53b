"""HTTP: peers that are slow or greedy, and requests that two servers read differently."""

from __future__ import annotations

import http.client
import json
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any

import grpc
import pytest
from http2 import dial
from rectifierd_process import RectifierdProcess
from victim import MIB, forget_peak, polite_caller, resident, series, serve, wait_until

LISTEN = "--http_listen=127.0.0.1:0"
EVALUATE = "/rectifier.v1.ActivationService/Evaluate"
JSON = {"Content-Type": "application/json"}
RELU = '{"tensors": [{"values": [-1, 2]}], "evaluations": [{"activation": {"name": "relu"}}]}'
HEAD = f"POST {EVALUATE} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n".encode()
WEIGHT = 16 * MIB


def post(server: RectifierdProcess, body: str | bytes, path: str = EVALUATE) -> tuple[int, Any]:
    connection = http.client.HTTPConnection(server.http_address, timeout=60)
    try:
        connection.request("POST", path, body, JSON)
        response = connection.getresponse()
        return response.status, json.load(response)
    finally:
        connection.close()


def is_served(server: RectifierdProcess) -> bool:
    status, reply = post(server, RELU)
    return status == 200 and reply["results"][0]["value"]["values"] == [0, 2]


def exchange(server: RectifierdProcess, sent: bytes) -> bytes:
    """What comes back until the server hangs up."""
    with dial(server.http_address) as peer:
        peer.settimeout(30)
        peer.sendall(sent)
        received = b""
        while part := peer.recv(65536):
            received += part
        return received


def is_hung_up_on(peer: socket.socket) -> bool:
    peer.settimeout(30)
    try:
        while peer.recv(65536):
            pass
    except ConnectionResetError:
        pass
    return True


SECOND = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
SMUGGLED = {
    "two lengths": b"Content-Length: 4\r\nContent-Length: 2\r\n\r\n{}" + SECOND,
    "the same length twice": b"Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}" + SECOND,
    "a list of lengths": b"Content-Length: 2, 2\r\n\r\n{}" + SECOND,
    "a length with a sign": b"Content-Length: +2\r\n\r\n{}" + SECOND,
    "a length in hexadecimal": b"Content-Length: 0x2\r\n\r\n{}" + SECOND,
    "a negative length": b"Content-Length: -2\r\n\r\n{}" + SECOND,
    "a length that overflows": b"Content-Length: 18446744073709551618\r\n\r\n{}" + SECOND,
    "a length and chunks": b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
    + SECOND,
    "chunks and a length": b"Transfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n0\r\n\r\n"
    + SECOND,
    "a coding nobody knows": b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + SECOND,
    "chunked, but not last": b"Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n" + SECOND,
    "gzip before chunked": b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n" + SECOND,
    "chunked twice": b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
    + SECOND,
    "a space before the colon": b"Content-Length : 2\r\n\r\n{}" + SECOND,
    "a space before the name": b" Content-Length: 2\r\n\r\n{}" + SECOND,
    "a vertical tab": b"Transfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n" + SECOND,
    "a line that ends early": b"X: y\nContent-Length: 2\r\n\r\n{}" + SECOND,
    "a nul": b"X: \x00\r\nContent-Length: 2\r\n\r\n{}" + SECOND,
    "a chunk size that is none": b"Transfer-Encoding: chunked\r\n\r\nxyz\r\n{}\r\n0\r\n\r\n"
    + SECOND,
    "a chunk size with a sign": b"Transfer-Encoding: chunked\r\n\r\n+2\r\n{}\r\n0\r\n\r\n" + SECOND,
    "a chunk size that overflows": b"Transfer-Encoding: chunked\r\n\r\n"
    b"10000000000000002\r\n{}\r\n0\r\n\r\n" + SECOND,
    "a chunk without its end": b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}0\r\n\r\n" + SECOND,
    "two hosts": b"Host: evil.example\r\nContent-Length: 2\r\n\r\n{}" + SECOND,
}


@pytest.fixture(scope="module")
def server() -> Any:
    with serve(LISTEN) as running:
        yield running
        assert is_served(running)


@pytest.mark.parametrize("name", SMUGGLED)
def test_what_could_be_read_in_two_ways_ends_the_connection(
    server: RectifierdProcess, name: str
) -> None:
    received = exchange(server, HEAD + SMUGGLED[name])
    assert received.count(b"HTTP/1.1 ") == 1, received
    assert received.startswith((b"HTTP/1.1 400 ", b"HTTP/1.1 501 ")), received
    assert b"Connection: close\r\n" in received


def test_empty_lines_before_a_request_are_passed_over(server: RectifierdProcess) -> None:
    body = RELU.encode()
    one = HEAD + b"Content-Length: %d\r\n\r\n" % len(body) + body
    last = HEAD + b"Connection: close\r\nContent-Length: 2\r\n\r\n{}"
    received = exchange(server, b"\r\n" + one + b"\r\n\r\n" + last)
    assert received.count(b"HTTP/1.1 200 ") == 1
    assert received.count(b"HTTP/1.1 400 ") == 1  # {} asks for nothing
    assert b"is no HTTP" not in received


def test_an_expectation_that_is_not_met_is_refused(server: RectifierdProcess) -> None:
    length = b"Content-Length: 2\r\n\r\n{}"
    received = exchange(server, HEAD + b"Expect: 200-maybe\r\n" + length + SECOND)
    assert received.startswith(b"HTTP/1.1 417 ") and received.count(b"HTTP/1.1 ") == 1
    asked = b"Expect: 100-Continue\r\nConnection: close\r\n"
    received = exchange(server, HEAD + asked + length)
    assert received.startswith(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 400 ")
    old = HEAD.replace(b"HTTP/1.1", b"HTTP/1.0")
    received = exchange(server, old + b"Expect: 100-continue\r\n" + length)
    assert received.startswith(b"HTTP/1.1 400 ")


def test_requests_that_follow_at_once_are_answered_in_turn(server: RectifierdProcess) -> None:
    body = RELU.encode()
    one = HEAD + b"Content-Length: %d\r\n\r\n" % len(body) + body
    last = HEAD + b"Connection: close\r\nContent-Length: 2\r\n\r\n{}"
    received = exchange(server, one * 50 + last)
    assert received.count(b"HTTP/1.1 200 ") == 50
    assert received.count(b'"values":[0,2]') == 50


BROKEN = {
    "no HTTP": b"\x16\x03\x01\x02\x00" * 100 + b"\r\n\r\n",
    "HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "an endless head": HEAD + b"X: " + b"x" * 100_000,
    "many fields": HEAD + b"X: y\r\n" * 10_000,
    "a target that is no path": b"GET http://localhost/v2 HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "a tunnel": b"CONNECT localhost:22 HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "HTTP/3.7": b"GET /v2 HTTP/3.7\r\nHost: localhost\r\n\r\n",
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_no_request_is_told_so(server: RectifierdProcess, name: str) -> None:
    received = exchange(server, BROKEN[name])
    assert received.startswith((b"HTTP/1.1 400 ", b"HTTP/1.1 431 ", b"HTTP/1.1 505 ")), received


REBOUND = b"POST " + EVALUATE.encode() + b" HTTP/1.1\r\nContent-Type: application/json\r\n"


@pytest.mark.parametrize("host", [b"", b"Host: evil.example\r\n", b"Host: localhost.evil:80\r\n"])
def test_a_name_that_points_here_is_none_of_its_hosts(
    server: RectifierdProcess, host: bytes
) -> None:
    end = b"Connection: close\r\nContent-Length: 2\r\n\r\n{}"
    received = exchange(server, REBOUND + host + end)
    assert received.startswith(b"HTTP/1.1 421 "), received


def test_a_page_of_another_origin_may_not_call(server: RectifierdProcess) -> None:
    end = b"Origin: https://evil.example\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}"
    received = exchange(server, HEAD + end)
    assert received.startswith(b"HTTP/1.1 403 "), received
    assert b"Access-Control" not in received


def test_slow_peers_are_hung_up_on_and_hold_up_nobody() -> None:
    with serve(LISTEN, "--receive_timeout=1s") as server, ExitStack() as peers:
        silent = [peers.enter_context(dial(server.http_address)) for _ in range(40)]
        for i, peer in enumerate(silent):
            peer.sendall([b"", b"P", HEAD, HEAD + b"Content-Length: 100\r\n\r\n{"][i % 4])
        with polite_caller(server.tcp_target) as latencies:
            assert is_served(server)
            assert all(is_hung_up_on(peer) for peer in silent)
        print(f"polite: {max(latencies) * 1e3:.0f} ms")
        wait_until(lambda: series(server, "rectifier_connections", transport="http") == 0)


def test_a_response_that_nobody_reads_is_given_up() -> None:
    count = 4 * MIB
    head = json.dumps(
        {
            "inputs": [
                {
                    "name": "x",
                    "shape": [count],
                    "datatype": "FP32",
                    "parameters": {"binary_data_size": 4 * count},
                }
            ],
            "parameters": {"binary_data_output": True},
        }
    ).encode()
    request = (
        b"POST /v2/models/relu/infer HTTP/1.1\r\nHost: localhost\r\n"
        + b"Inference-Header-Content-Length: %d\r\n" % len(head)
        + b"Content-Length: %d\r\n\r\n" % (len(head) + 4 * count)
        + head
        + bytes(4 * count)
    )
    with serve(LISTEN, "--send_timeout=1s") as server, dial(server.http_address) as peer:
        peer.sendall(request)
        wait_until(lambda: series(server, "rectifier_http_responses_total", status="200") == 1)
        wait_until(lambda: series(server, "rectifier_connections", transport="http") == 0)
        wait_until(lambda: series(server, "rectifier_http_bytes") == 0)
        assert is_served(server)


def test_claims_take_no_memory_and_what_is_sent_has_a_bound() -> None:
    flags = ["--max_message_bytes=32MiB", "--max_inflight_bytes=64MiB", "--max_json_bytes=32MiB"]
    with serve(LISTEN, *flags) as server, ExitStack() as peers:
        assert is_served(server)
        before = resident(server)
        head = HEAD + b"Content-Length: %d\r\n\r\n" % (32 * MIB)
        greedy = [peers.enter_context(dial(server.http_address)) for _ in range(24)]
        for peer in greedy:
            peer.sendall(head)
        assert resident(server) - before < 16 * MIB
        refused = 0
        for peer in greedy:
            try:
                peer.sendall(b" " * (24 * MIB))
            except OSError:
                refused += 1
        more = resident(server) - before
        print(f"{more / MIB:.0f} MiB more, {refused} of 24 refused while they sent")
        assert more < 112 * MIB
        assert series(server, "rectifier_http_responses_total", status="503") > 0
        assert is_served(server)
    # Whoever is left at the end is no reason to stay.


HEAVY = {
    "objects": '{"tensors": [' + "{}," * (WEIGHT // 3) + "{}]}",
    "keys": '{"evaluations": [{"activation": {"arguments": {'
    + ",".join(f'"{i:07}":{{}}' for i in range(WEIGHT // 13))
    + "}}}]}",
    "numbers": '{"tensors": [{"values": [' + "1," * (WEIGHT // 2) + "1]}]}",
    "dimensions": '{"tensors": [{"shape": [' + "1," * (WEIGHT // 2) + "1]}]}",
    "a string": '{"tensors": [{"data": "' + "A" * WEIGHT + '"}]}',
    "escapes": '{"evaluations": [{"activation": {"name": "' + r"\u00e9" * (WEIGHT // 6) + '"}}]}',
    "spaces": " " * WEIGHT,
}
HEAVY_INFER = {
    "inputs": '{"inputs": [' + "{}," * (WEIGHT // 3) + "{}]}",
    "outputs": '{"inputs": [], "outputs": [' + "{}," * (WEIGHT // 3) + "{}]}",
    "members": "{" + ",".join(f'"{i:07}":0' for i in range(WEIGHT // 12)) + "}",
    "parameters": '{"parameters": {' + ",".join(f'"{i:07}":0' for i in range(WEIGHT // 12)) + "}}",
    "numbers": '{"inputs": [{"name": "x", "shape": [1], "datatype": "FP64", "data": ['
    + "1," * (WEIGHT // 2)
    + "1]}]}",
    "nested numbers": '{"inputs": [{"name": "x", "shape": [1], "datatype": "FP64", "data": ['
    + "[]," * (WEIGHT // 3)
    + "[]]}]}",
}


def peak_of(body: str, path: str) -> float:
    with serve(LISTEN) as server:
        assert is_served(server)
        before = resident(server)
        forget_peak(server)
        with polite_caller(server.tcp_target) as latencies:
            status, reply = post(server, body, path)
        assert 400 <= status < 430, reply
        assert is_served(server)
        more = resident(server, "VmHWM") - before
    print(f"{more / MIB:.0f} MiB more, polite: {max(latencies) * 1e3:.0f} ms, {str(reply)[:120]}")
    return more


@pytest.mark.parametrize("name", HEAVY)
def test_heavy_json_is_refused_at_a_small_multiple_of_its_weight(name: str) -> None:
    assert peak_of(HEAVY[name], EVALUATE) < 5 * WEIGHT


@pytest.mark.parametrize("name", HEAVY_INFER)
def test_heavy_inference_requests_are_too(name: str) -> None:
    assert peak_of(HEAVY_INFER[name], "/v2/models/relu/infer") < 5 * WEIGHT


def test_more_connections_than_there_may_be() -> None:
    with serve(LISTEN, "--max_connections=20") as server, ExitStack() as peers:
        for _ in range(40):
            peers.enter_context(dial(server.http_address))
        wait_until(lambda: series(server, "rectifier_connections", transport="http") == 20)
        refused = {"transport": "http", "reason": "connections"}
        wait_until(lambda: series(server, "rectifier_connections_refused_total", **refused) == 20)
        peers.close()
        wait_until(lambda: series(server, "rectifier_connections", transport="http") == 0)
        assert is_served(server)


def test_whoever_goes_takes_their_call_along() -> None:
    long = json.dumps(
        {
            "tensors": [{"values": [0.5] * 200_000}],
            "evaluations": [{"activation": {"name": "logsumexp"}}] * 1000,
        }
    ).encode()
    with serve(LISTEN) as server:
        with dial(server.http_address) as peer:
            peer.sendall(HEAD + b"Content-Length: %d\r\n\r\n" % len(long) + long)
            wait_until(lambda: series(server, "rectifier_inflight_calls") == 1)
        wait_until(lambda: series(server, "rectifier_inflight_calls") == 0, seconds=5)
        handled = {"grpc_method": "Evaluate", "grpc_code": "Canceled"}
        wait_until(lambda: series(server, "grpc_server_handled_total", **handled) == 1)


def test_the_secret_metadata_of_the_door_is_nobody_elses() -> None:
    with serve(LISTEN) as server, grpc.insecure_channel(server.unix_target) as channel:
        call = channel.unary_unary("/rectifier.v1.ActivationService/Evaluate")
        forged = [("rectifier-origin-bin", b"\0" * 32 + b"ipv4:203.0.113.7:1\0admin")]
        with pytest.raises(grpc.RpcError):
            call(b"\xff", metadata=forged, timeout=30)
        assert server.wait_for_event("call failed")["peer"].startswith("unix")
        assert series(server, "rectifier_payload_bytes_total", transport="http") == 0


LONG = json.dumps(
    {
        "tensors": [{"values": [0.5] * 2000}],
        "evaluations": [{"activation": {"name": "logsumexp"}}] * 50,
    }
).encode()


def test_the_log_names_the_peer_of_calls_that_were_cancelled_or_late() -> None:
    late = HEAD + b"Connection: close\r\nConnect-Timeout-Ms: %d\r\nContent-Length: %d\r\n\r\n"
    messages = set()
    with serve(LISTEN) as server:
        for i in range(60):
            received = exchange(server, late % (1 + i % 3, len(LONG)) + LONG)
            _, _, answer = received.partition(b"\r\n\r\n")
            if received.startswith(b"HTTP/1.1 504 "):
                messages.add(json.loads(answer)["message"])
            with dial(server.http_address) as peer:
                peer.sendall(HEAD + b"Content-Length: %d\r\n\r\n" % len(LONG) + LONG)
        wait_until(lambda: series(server, "rectifier_inflight_calls") == 0)
        server.wait_for_event("call failed")
    failed = [json.loads(line) for line in server.log_lines() if "call failed" in line]
    assert {line["peer"].rsplit(":", 1)[0] for line in failed} == {"ipv4:127.0.0.1"}
    assert messages == {"the deadline has passed"}


def read_response(peer: socket.socket) -> bytes:
    peer.settimeout(30)
    received = b""
    while part := peer.recv(65536):
        received += part
    return received


def test_a_drain_answers_what_had_begun_to_arrive() -> None:
    request = HEAD + b"Content-Length: %d\r\n\r\n" % len(RELU) + RELU.encode()
    with serve(LISTEN) as server, ExitStack() as peers:
        halves = [peers.enter_context(dial(server.http_address)) for _ in range(12)]
        for i, peer in enumerate(halves):
            peer.sendall(request[: 1 + i * (len(request) - 2) // len(halves)])
        wait_until(lambda: series(server, "rectifier_connections", transport="http") == 12)
        server.begin_stop()
        server.wait_for_event("draining")
        for i, peer in enumerate(halves):
            peer.sendall(request[1 + i * (len(request) - 2) // len(halves) :])
        for peer in halves:
            received = read_response(peer)
            assert received.startswith((b"HTTP/1.1 200 ", b"HTTP/1.1 503 ")), received
            assert b"Connection: close\r\n" in received
            if received.startswith(b"HTTP/1.1 503 "):
                assert b"Retry-After: " in received


def call_until_told_to_go(server: RectifierdProcess, has_begun: threading.Event) -> int:
    """Requests on one connection, one after the other, until a response is its last one."""
    connection = http.client.HTTPConnection(server.http_address, timeout=30)
    calls = 0
    while True:
        connection.request("POST", EVALUATE, RELU, JSON)
        response = connection.getresponse()
        assert response.read() and response.status in (200, 503)
        calls += 1
        has_begun.set()
        if response.headers.get("Connection") == "close":
            return calls


def test_a_drain_under_load_cuts_nobody_off() -> None:
    for _ in range(3):
        with serve(LISTEN) as server, ThreadPoolExecutor(8) as threads:
            begun = [threading.Event() for _ in range(8)]
            callers = [threads.submit(call_until_told_to_go, server, each) for each in begun]
            for each in begun:
                assert each.wait(30)
            server.begin_stop()
            assert all(caller.result() > 0 for caller in callers)


def test_a_drain_answers_what_was_asked() -> None:
    with serve(LISTEN) as server, ExitStack() as peers:
        for _ in range(20):
            peers.enter_context(dial(server.http_address))
        kept = http.client.HTTPConnection(server.http_address, timeout=30)
        kept.request("POST", EVALUATE, RELU, JSON)
        assert kept.getresponse().read()
        server.begin_stop()
        kept.close()
