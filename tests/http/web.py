"""Requests to the real server, as Python's own HTTP client sends them."""

from __future__ import annotations

import http.client
import json
import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rectifierd_process import RectifierdProcess

SERVICE = "/rectifier.v1.ActivationService/"
JSON = {"Content-Type": "application/json"}
LISTEN = "--http_listen=127.0.0.1:0"


def serve(*flags: str) -> RectifierdProcess:
    return RectifierdProcess(os.environ["RECTIFIERD"], LISTEN, *flags)


@dataclass
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


def ask(
    server: RectifierdProcess,
    path: str,
    body: bytes | str | None = None,
    headers: Mapping[str, str] | None = None,
    method: str | None = None,
) -> Answer:
    """One request, on a connection of its own."""
    connection = http.client.HTTPConnection(server.http_address, timeout=30)
    try:
        verb = method or ("GET" if body is None else "POST")
        connection.request(verb, path, body, dict(headers or {}))
        response = connection.getresponse()
        return Answer(response.status, response.headers, response.read())
    finally:
        connection.close()


def call(server: RectifierdProcess, method: str, request: object, **headers: str) -> Answer:
    """A call of our own API in JSON; underscores in names of headers stand for hyphens."""
    fields = {name.replace("_", "-"): value for name, value in headers.items()}
    return ask(server, SERVICE + method, json.dumps(request), JSON | fields)


def raw(server: RectifierdProcess, sent: bytes, timeout: float = 30) -> bytes:
    """What comes back, until the server hangs up."""
    host, port = server.http_address.rsplit(":", 1)
    with socket.create_connection((host, int(port)), timeout=timeout) as connection:
        connection.sendall(sent)
        received = b""
        while part := connection.recv(65536):
            received += part
        return received
