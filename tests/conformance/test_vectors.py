"""Runs every vector against the real server, and makes all files again."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cache

import grpc
import pytest

import make_vectors
import summary
from calls import call, connected
from servers import serving
from vectors import DIRECTORY, Case, Error, VectorFile, paths

RECTIFIERD = os.environ["RECTIFIERD"]
STALE = "stale: run ./dev generate and commit the result"
FILES = {path.name: VectorFile.read(path) for path in paths()}


@pytest.fixture(scope="module", params=FILES)
def served(request: pytest.FixtureRequest) -> Iterator[tuple[VectorFile, grpc.Channel]]:
    file = FILES[request.param]
    with serving(RECTIFIERD, file) as server, connected(server.unix_target) as channel:
        yield file, channel


def test_the_server_gives_what_the_vectors_say(served: tuple[VectorFile, grpc.Channel]) -> None:
    file, channel = served
    assert file.cases
    wrong = [case.name for case in file.cases if not _agrees_with(channel, case)]
    assert not wrong


def _agrees_with(channel: grpc.Channel, case: Case) -> bool:
    """gRPC's timer may be late on a busy machine, and the reply there before it."""
    attempts = 1 if case.timeout is None else 10
    return any(_agrees(case, call(channel, case)) for _ in range(attempts))


def _agrees(case: Case, outcome: object) -> bool:
    return outcome == case.results if case.error is None else case.error.is_met_by(outcome)


def test_a_wrong_bit_is_seen(served: tuple[VectorFile, grpc.Channel]) -> None:
    """That the comparison above can fail: of each file, with its last case spoilt."""
    file, channel = served
    case = file.cases[-1]
    outcome = call(channel, case)
    spoilt = Error("OK") if isinstance(outcome, Error) else outcome[:-1]
    assert not _agrees(case, spoilt)


def test_a_text_that_suggests_nothing_is_seen() -> None:
    expected = Error("OK", says=("did you mean",))
    assert expected.is_met_by(Error("OK", text='did you mean "gelu"?'))
    assert not expected.is_met_by(Error("OK", text="no"))


@cache
def made() -> tuple[dict[str, str], str]:
    texts, tally = make_vectors.make(RECTIFIERD)
    return texts, summary.page(summary.PAGE.read_text(), tally)


def test_the_files_are_fresh() -> None:
    texts, _ = made()
    assert {path.name for path in paths()} == set(texts), STALE
    stale = [name for name, text in texts.items() if (DIRECTORY / name).read_text() != text]
    assert not stale, STALE


def test_the_page_is_fresh() -> None:
    assert summary.PAGE.read_text() == made()[1], STALE


def test_the_files_are_small() -> None:
    assert sum(path.stat().st_size for path in paths()) < 1_500_000
