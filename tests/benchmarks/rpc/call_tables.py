"""The turns as Markdown: where they were taken, one table of figures, and the bars."""

from __future__ import annotations

from dataclasses import dataclass

import bar
import study_tables
from call_bars import all_bars
from markdown_table import table
from quantities import digits, duration, size
from turns import BESIDE, Figures, Place, Turns

BARS = "These are the bars that the figures are held to:"

LEGEND = """\
Every call evaluates value and gradient of float32, so a reply is twice its request. A size is that
of the payload in one direction, and xN means N calls in flight. The side floor answers raw bytes of
the same sizes over completion queues and does no work; protobuf is a plain synchronous C++ service,
and numpy is a service in Python. The side inference asks the same server by the Open Inference
Protocol, with raw contents, and the side http asks a further one by its paths of HTTP/1.1, with binary
data, and with up to 1 MiB of numbers as JSON. The side buffers is Evaluate with input and results in
shared buffers, which are part of its server's peak; the side stream opens an EvaluateStream for each
call.
The same client calls all of them and looks at no reply; server and client share the CPUs.

All sides take turns within each round; figures are medians over the rounds, and ratios are medians
of the rounds' ratios. MB/s counts 1e6 bytes of request payload. CPU time and faults (minor page
faults) are the server's, for each call; peak is the most memory that its process held. p99 is left
out where a turn has fewer than 100 calls. Spread says how far the best round lies above the median.
Rows named "beside" were measured while another client makes 64 MiB calls, whose CPU time and faults
are counted with those of the small ones."""

HEADER = ["", "p50", "p99", "MB/s", "calls/s", "CPU", "faults", "peak", "spread"]


@dataclass(frozen=True)
class Setting:
    """What the figures depend on."""

    command: str
    machine: str
    date: str
    grpc: str | None  # version


def text(turns: Turns, setting: Setting) -> str:
    bars = f"{BARS}\n\n{bar.table_of(all_bars(turns))}"
    parts = [header(turns, setting), bars, LEGEND, _calls(turns), *study_tables.all_of(turns)]
    return "\n\n".join(parts) + "\n"


def header(turns: Turns, setting: Setting) -> str:
    run = turns.run
    notes = [f"Only sides that match `{run['sides']}`."] if run["sides"] else []
    return " ".join(
        [
            f"`{setting.command}`, {setting.date}, {setting.machine};",
            f"gRPC {setting.grpc or 'of unknown version'}; `{run['activation']}`,",
            f"{run['rounds']} rounds, turns of {duration(run['turn'])}.",
            *notes,
        ]
    )


def _calls(turns: Turns) -> str:
    rows = [
        [_name(place, side), *_cells(place.payload, figures)]
        for study in ("calls", "beside")
        for place in turns.places(study)
        for side in turns.sides(study)
        if (figures := turns.find(place, side))
    ]
    return table(HEADER, rows)


def _name(place: Place, side: str) -> str:
    """The sides that are compared with themselves beside big calls are "alone" without these."""
    alone = " alone" if place.study == "beside" and not side.endswith(BESIDE) else ""
    return f"{size(place.payload)} x{place.inflight} {side}{alone}"


def _cells(payload: int, figures: Figures) -> list[str]:
    return [
        duration(figures.p50),
        duration(figures.p99) if figures.p99 is not None else "",
        digits(figures.rate * payload / 1e6),
        digits(figures.rate),
        duration(figures.cpu),
        digits(figures.faults),
        f"{figures.peak_bytes / 1e6:.0f} MB",
        f"{100 * (figures.best_rate / figures.rate - 1):.0f}%",
    ]
