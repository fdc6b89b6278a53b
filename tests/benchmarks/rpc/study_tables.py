"""The small studies as tables of their own: shared buffers beside the kernel, and a long stream."""

from __future__ import annotations

from markdown_table import table
from quantities import digits, duration, size
from turns import KERNEL, MIB, RECTIFIER, Figures, Place, Turn, Turns

BUFFERS_LEGEND = """\
Shared buffers are measured with `relu`, whose kernel is bound by memory. The side kernel is core
alone, in the client's process, on the same kind of memory and with as many threads as the server;
with it, xN means N sets of tensors, one after the other. MB/s is as above, and ratios are those of
MB/s within rounds."""

STREAM_LEGEND = """\
One tensor goes through EvaluateStream in chunks of 1 MiB, from a client process of its own; the row
"pieces" has the same bytes as calls of 16 MiB over the same transport, one after the other. Memory
is the most that a side held beyond idle."""


def all_of(turns: Turns) -> list[str]:
    """A text for each study that was measured."""
    return [text for text in (_buffers(turns), _stream(turns)) if text]


def _buffers(turns: Turns) -> str:
    top = ["", "p50", "MB/s", "of the kernel", "of bytes", "CPU"]
    rows = [
        [
            f"{size(place.payload)} x{place.inflight} {side}",
            duration(figures.p50),
            _megabytes(place, figures),
            *(_ratio(turns, place, side, other) for other in (KERNEL, RECTIFIER)),
            duration(figures.cpu) if side != KERNEL else "",
        ]
        for place in turns.places("buffers")
        for side in turns.sides("buffers")
        if (figures := turns.find(place, side))
    ]
    return f"{BUFFERS_LEGEND}\n\n{table(top, rows)}" if rows else ""


def _stream(turns: Turns) -> str:
    top = ["", "time", "MB/s", "server memory", "client memory"]
    rows = [
        [
            f"{size(place.payload)} {side}",
            duration(figures.p50),
            _megabytes(place, figures),
            f"{figures.server_bytes / MIB:.1f} MiB",
            f"{figures.client_bytes / MIB:.1f} MiB" if figures.client_bytes else "",
        ]
        for place in turns.places("stream")
        for side in turns.sides("stream")
        if (figures := turns.find(place, side))
    ]
    return f"{STREAM_LEGEND}\n\n{table(top, rows)}" if rows else ""


def _megabytes(place: Place, figures: Figures) -> str:
    return digits(figures.rate * place.payload / 1e6)


def _ratio(turns: Turns, place: Place, side: str, other: str) -> str:
    def rate(turn: Turn) -> float:
        return turn.rate

    measured = turns.ratio(place, side, other, rate)
    return f"{measured:.2f}" if measured is not None else ""
