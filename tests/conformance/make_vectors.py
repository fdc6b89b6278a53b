#!/usr/bin/env python3
"""Writes tests/conformance/vectors: requests, and the results or errors that clients must give.

    PYTHONPATH=tests/support:tests/numerics/oracle:client/python \
      tests/conformance/make_vectors.py RECTIFIERD

Each result is the server's, and the oracle holds each element of it to the bound that the catalogue
states. Each error is written down in these scripts, and the server must give it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace

import grpc

import elementwise_cases
import error_cases
import form_cases
import large_cases
import pair_cases
import raw_error_cases
import row_cases
import server_cases
from calls import call, connected
from drafts import Draft
from servers import serving
from summary import write_summary
from vectors import DIRECTORY, Case, Error, VectorFile, paths
from verdicts import Tally, hold

TOPICS = {
    "elementwise": ("Every elementwise activation in every type.", elementwise_cases.drafts),
    "rows": (
        "Every activation of rows: axes, temperature, masks, biases, draws.",
        row_cases.drafts,
    ),
    "pairs": ("Every gated pair, in one tensor and in two.", pair_cases.drafts),
    "forms": ("Names, presets, shapes, broadcasting, a batch.", form_cases.drafts),
}


class VectorError(Exception):
    """The server, the oracle and these scripts do not agree."""


def answered(channel: grpc.Channel, draft: Draft, tally: Tally) -> Case:
    """The case with the server's results, each of which the oracle has seen."""
    case = draft.case()
    results = call(channel, case)
    if isinstance(results, Error):
        raise VectorError(f"{case.name}: {results}")
    faults: list[str] = []
    for triple in zip(case.evaluations, draft.answers, results, strict=True):
        faults += hold(*triple, tally)
    if faults:
        raise VectorError("\n  ".join([f"{case.name}:", *faults]))
    return replace(case, results=results)


def refused(channel: grpc.Channel, case: Case) -> Case:
    """The case, where the server gives the error that it expects; or with the results it gives."""
    outcome = call(channel, case)
    if case.error is None and not isinstance(outcome, Error):
        return replace(case, results=outcome)
    if case.error is None or not case.error.is_met_by(outcome):
        raise VectorError(f"{case.name}:\n  expected {case.error}\n  given {outcome}")
    return case


def tiled(channel: grpc.Channel, draft: Draft, times: int, tally: Tally) -> Case:
    """The case whose inputs and upstream are those of the draft, so many times.

    So are its results, which the oracle sees of the draft; gradients of parameters are as many
    times the draft's.
    """
    case = answered(channel, draft, tally)
    repeated = {i for e in case.evaluations for i in (*e.inputs, e.upstream) if i is not None}
    tensors = (t.tiled(times) if i in repeated else t for i, t in enumerate(case.tensors))
    large = replace(case, name=f"{case.name}, {times} times", tensors=tuple(tensors), results=())
    results = call(channel, large)
    if isinstance(results, Error):
        raise VectorError(f"{large.name}: {results}")
    expected = tuple(large_cases.result_of(result, times) for result in case.results)
    if results != expected:
        raise VectorError(f"{large.name}: its results are not {times} times those of the draft")
    return replace(large, results=expected)


def large(channel: grpc.Channel, tally: Tally) -> Iterator[Case]:
    """Cases that fail are the server's to explain, where it takes them."""
    for draft, times in large_cases.drafts():
        yield tiled(channel, draft, times, tally)
    for case in large_cases.faults():
        yield refused(channel, case)


def results(rectifierd: str, tally: Tally) -> Iterator[tuple[str, VectorFile]]:
    empty = VectorFile("", ())
    with serving(rectifierd, empty) as server, connected(server.unix_target) as channel:
        for name, (about, drafts) in TOPICS.items():
            cases = tuple(answered(channel, draft, tally) for draft in drafts())
            yield name, VectorFile(about, cases)
        yield "large", VectorFile(large_cases.ABOUT, tuple(large(channel, tally)))


def errors(rectifierd: str) -> Iterator[tuple[str, VectorFile]]:
    files = {
        "errors": VectorFile(
            "Errors of requests that a client can make.", tuple(error_cases.cases())
        ),
        "errors_raw": VectorFile("Errors of requests as bytes.", tuple(raw_error_cases.cases())),
        **server_cases.files(),
    }
    for name, file in files.items():
        with (
            serving(rectifierd, file) as server,
            connected(server.unix_target) as channel,
        ):
            yield name, replace(file, cases=tuple(refused(channel, c) for c in file.cases))


def make(rectifierd: str) -> tuple[dict[str, str], Tally]:
    """The files' texts by name, and what the oracle has seen."""
    tally = Tally()
    made = [*results(rectifierd, tally), *errors(rectifierd)]
    for name, file in made:
        names = [case.name for case in file.cases]
        twice = {found for found in names if names.count(found) > 1}
        if twice:
            raise VectorError(f"{name}: two cases are called {twice}")
    return {f"{name}.json": file.text() for name, file in made}, tally


def main(rectifierd: str) -> None:
    texts, tally = make(rectifierd)
    for path in paths():
        if path.name not in texts:
            path.unlink()
    for name, text in texts.items():
        (DIRECTORY / name).write_text(text)
    write_summary(tally)


if __name__ == "__main__":
    main(sys.argv[1])
