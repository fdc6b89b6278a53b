"""Traffic that no polite caller makes: each class is one kind, and a call of its object a round."""

from __future__ import annotations

import random
import signal
import socket
import struct
import subprocess
import sys
from pathlib import Path

import grpc
from hog import STREAM, Hog, header, relu
from http2 import (
    CONTINUATION,
    DATA,
    END_HEADERS,
    EVALUATE,
    HEADERS,
    PING,
    RST_STREAM,
    Connection,
    call_headers,
    dial,
    frame,
    message_head,
)
from polite import TIMEOUT, numbers, open_channel, request_of

CANCEL = struct.pack(">I", 8)  # the code of a RST_STREAM
CODES = grpc.StatusCode
DOOMED_CALLER = Path(__file__).with_name("doomed_caller.py")


class WrongAnswer(Exception):
    """A call that must fail has succeeded, or failed with another code."""


def expect(code: grpc.StatusCode, channel: grpc.Channel, message: bytes) -> None:
    got = code_of(channel, message)
    if got != code:
        raise WrongAnswer(f"{got} in the place of {code}")


def code_of(channel: grpc.Channel, message: bytes, **more: object) -> grpc.StatusCode:
    try:
        channel.unary_unary(EVALUATE)(message, **({"timeout": TIMEOUT} | more))
    except grpc.RpcError as error:
        return error.code()
    return grpc.StatusCode.OK


class BadCalls:
    """Requests that cannot be right; each has its code."""

    def __init__(self, target: str) -> None:
        self._target = target
        self._channel = open_channel(target)
        self._unknown = request_of("no_such_function", numbers(16, 0)).SerializeToString()
        self._good = request_of("relu", numbers(16, 0)).SerializeToString()

    def __call__(self) -> None:
        expect(CODES.INVALID_ARGUMENT, self._channel, self._unknown)
        expect(CODES.INVALID_ARGUMENT, self._channel, self._good[:-1])
        expect(CODES.INVALID_ARGUMENT, self._channel, b"\xff" * 100)
        expect(CODES.INVALID_ARGUMENT, self._channel, not_utf8())
        with open_channel(self._target) as channel:  # of its own, because gRPC ends it, too
            code = code_of(channel, self._good, metadata=[("x-large", "x" * (64 << 10))])
        if code not in (CODES.RESOURCE_EXHAUSTED, CODES.UNAVAILABLE):
            raise WrongAnswer(f"{code} of metadata that is too large")


def not_utf8() -> bytes:
    """A request whose activation has a name that is no UTF-8."""
    request = request_of("????????", numbers(16, 0)).SerializeToString()
    return request.replace(b"????????", b"\xff\xfe\xfd\xfc????")


class Cancelled:
    """Long calls that are given up at any moment, or whose time is too short."""

    def __init__(self, target: str) -> None:
        self._channel = open_channel(target)
        request = request_of("logsumexp", numbers(1 << 16, 0))
        for _ in range(200):
            request.evaluations.add().CopyFrom(request.evaluations[0])
        self._message = request.SerializeToString()

    def __call__(self) -> None:
        call = self._channel.unary_unary(EVALUATE).future(self._message, timeout=TIMEOUT)
        try:
            call.result(timeout=random.uniform(0, 0.02))
        except grpc.FutureTimeoutError:
            call.cancel()
        code = code_of(self._channel, self._message, timeout=0.002)
        # It may be turned away because it would have to wait, for the call that was given up.
        if code not in (CODES.DEADLINE_EXCEEDED, CODES.RESOURCE_EXHAUSTED):
            raise WrongAnswer(f"{code} of a call whose time is too short")
        stream = self._channel.stream_stream(STREAM)(iter([header(1 << 20)]), timeout=TIMEOUT)
        stream.cancel()


class Killed:
    """A process with buffers, calls and a stream under way, killed with SIGKILL."""

    def __init__(self, target: str, buffers: str) -> None:
        self._command = [sys.executable, str(DOOMED_CALLER), target, buffers]

    def __call__(self) -> None:
        with subprocess.Popen(self._command, stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            ready = process.stdout.readline()
            process.send_signal(signal.SIGKILL)
        if ready != b"ready\n":
            raise WrongAnswer("the caller to be killed ended by itself")


class Hostile:
    """Peers that say half of what they should, or too much, and vanish without a word."""

    def __init__(self, target: str) -> None:
        self._target = target

    def __call__(self) -> None:
        self._take_no_reply()
        self._send_half()
        self._reset_at_once()
        self._flood()
        self._talk_nonsense()

    def _take_no_reply(self) -> None:
        with Hog(self._target) as hog:
            for _ in range(16):
                hog.open(EVALUATE, relu(1 << 14))
                hog.open(STREAM, header(1000), last=False)
            hog.ping()
            vanish(hog.socket)

    def _send_half(self) -> None:
        with Connection(self._target) as peer:
            peer.settings()
            half = message_head(1 << 20) + bytes(10_000)
            for stream in range(1, 40, 2):
                peer.send(frame(HEADERS, END_HEADERS, stream, call_headers(EVALUATE)))
                peer.send(frame(DATA, 0, stream, half))
            vanish(peer.socket)

    def _reset_at_once(self) -> None:
        with Connection(self._target) as peer:
            peer.settings()
            headers = call_headers(EVALUATE)
            peer.send(
                b"".join(
                    frame(HEADERS, END_HEADERS, stream, headers)
                    + frame(RST_STREAM, 0, stream, CANCEL)
                    for stream in range(1, 400, 2)
                )
            )
            peer.ping()

    def _flood(self) -> None:
        with Connection(self._target) as peer:
            peer.settings()
            try:
                peer.send(frame(PING, 0, 0, bytes(8)) * 1000)
                peer.send(frame(HEADERS, 0, 1, call_headers(EVALUATE)))
                peer.send(frame(CONTINUATION, 0, 1, b"") * 1000)
            except OSError:
                pass  # it has been hung up on

    def _talk_nonsense(self) -> None:
        with dial(self._target) as peer:
            peer.sendall(random.randbytes(1000))
            vanish(peer)


class HalfHttp:
    """Requests of /metrics that are half sent, or whose answer is not read."""

    def __init__(self, address: str) -> None:
        self._address = address

    def __call__(self) -> None:
        with dial(self._address) as half, dial(self._address) as deaf:
            half.sendall(b"GET /met")
            deaf.sendall(b"GET /metrics HTTP/1.1\r\n\r\n")


def vanish(peer: socket.socket) -> None:
    """Closes with a reset where the transport has one, as when the process is killed."""
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    peer.close()
