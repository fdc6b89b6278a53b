"""--load_reports: what the trailers of calls tell of the server's load.

gRPC keeps the report from who calls, for whoever balances; so bytes of trailers are looked at.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from pathlib import Path

import pytest
from http2 import DATA, END_HEADERS, END_STREAM, HEADERS, Connection, call_headers, frame
from http2 import message_head as head
from rectifierd_process import RectifierdProcess

SERVICE = "/rectifier.v1.ActivationService/"
KEY = b"endpoint-load-metrics-bin"
ALLOW_TRUE_BINARY = 0xFE03  # gRPC's setting: binary metadata come as they are, after a zero
# Of xds.data.orca.v3.OrcaLoadReport, as clients know them; all are doubles.
FIELDS = {
    1: "cpu_utilization",
    2: "mem_utilization",
    6: "rps_fractional",
    7: "eps",
    9: "application_utilization",
}
DOUBLE = 1  # the wire type, in eight bytes after a tag of one


def server(*flags: str) -> RectifierdProcess:
    return RectifierdProcess(str(Path(os.environ["BINARIES"]) / "rectifierd"), *flags)


@pytest.fixture(scope="module")
def target() -> Iterator[str]:
    with server("--load_reports") as running:
        yield running.unix_target


def trailers(target: str, method: str, message: bytes = b"") -> bytes:
    """Of a call on a connection of its own, which has no table of fields yet."""
    with Connection(target, {ALLOW_TRUE_BINARY: 1}) as peer:
        peer.settings()
        peer.send(
            frame(HEADERS, END_HEADERS, 1, call_headers(SERVICE + method))
            + frame(DATA, END_STREAM, 1, head(len(message)) + message)
        )
        while got := peer.receive():
            if got.kind == HEADERS and got.flags & END_STREAM:
                return got.payload
    raise AssertionError("the server has hung up")


def report_in(payload: bytes) -> dict[str, float]:
    """Key and value stand with a byte of length before each."""
    start = payload.index(KEY) + len(KEY)
    report = payload[start + 1 : start + 1 + payload[start]]
    assert report[0] == 0
    values = {}
    for tag, value in struct.iter_unpack("<Bd", report[1:]):
        assert tag & 7 == DOUBLE
        values[FIELDS[tag >> 3]] = value
    return values


def test_a_call_tells_of_the_load(target: str) -> None:
    report = report_in(trailers(target, "GetServerInfo"))
    assert 0 < report["mem_utilization"] < 1
    assert report["rps_fractional"] > 0
    assert report["cpu_utilization"] > 0
    assert "eps" not in report, "no call has failed"


def test_a_call_that_fails_counts_as_one(target: str) -> None:
    report: dict[str, float] = {}
    while "eps" not in report:  # it is made anew four times a second
        report = report_in(trailers(target, "Evaluate", b"\xff"))
    assert 0 < report["eps"] <= report["rps_fractional"]


def test_without_the_flag_there_is_none() -> None:
    with server() as running:
        assert KEY not in trailers(running.unix_target, "GetServerInfo")
