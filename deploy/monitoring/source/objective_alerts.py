"""The alerts on objectives: how fast the budget of errors, or of slow calls, is used up.

Each compares a long window, which tells that much of the budget is gone, with a short one, which
tells that it goes on. (The method is that of B. Beyer et al., "The Site Reliability Workbook",
chapter 5, with its factors, for a budget of 30 days.)
"""

from __future__ import annotations

from collections.abc import Callable

from alert import CRITICAL, WARNING, Alert
from recording_rules import calls, failed, slow
from server_series import AVAILABLE, IN_TIME, SECONDS

# A long window, a short one, and how many times faster than in 30 days the budget goes.
FAST = (("1h", "5m", 14.4), ("6h", "30m", 6.0))
SLOW = (("3d", "6h", 1.0),)
# One failure of a handful of calls at night wakes nobody.
LEAST_CALLS = 100

_SECONDS_OF = {"1h": 3600, "6h": 21600, "3d": 259200}


def _burning(
    ratio: Callable[[str], str], objective: float, pairs: tuple[tuple[str, str, float], ...]
) -> str:
    cases = []
    for long, short, factor in pairs:
        most = f"{factor * (1 - objective):.6g}"
        enough = f"{calls(long)} * {_SECONDS_OF[long]} > {LEAST_CALLS}"
        cases.append(f"({ratio(long)} > {most} and {ratio(short)} > {most} and {enough})")
    return "\nor ".join(cases)


_FAILED = "Calls fail with `DeadlineExceeded`, `Internal`, `ResourceExhausted` or `Unavailable`"
_FAST = "so many that the budget of 30 days would be used up within five days, or sooner"
_SLOW = "more than the objective allows in the long run"
_SLOW_CALLS = f"Evaluates take longer than {SECONDS} s"

OBJECTIVE_ALERTS = [
    Alert(
        name="RectifierFailsManyCalls",
        severity=CRITICAL,
        expression=_burning(failed, AVAILABLE, FAST),
        after="2m",
        summary="{{ $labels.job }} fails {{ $value | humanizePercentage }} of its calls",
        description=(
            f"{_FAILED}, {_FAST}. The objective is that {AVAILABLE:.1%} of all calls do not."
        ),
        meaning=(
            f"{_FAILED}, {_FAST}. Those are the codes that a caller who does nothing wrong can "
            f"get; the objective is that {AVAILABLE:.1%} of all calls end with another one."
        ),
        remedy=(
            "The panel *Calls by code, but for OK* tells the code. Of `ResourceExhausted`, *Calls "
            "turned away* tells which budget is used up: add replicas, or raise that limit where "
            "memory allows it. `DeadlineExceeded` beside many calls in *Wait for the engine* "
            "means too few CPUs. `Unavailable` comes from servers that stop: look for restarts "
            "and rollouts. `Internal` is a defect: look at "
            "[RectifierInternalErrors](#rectifierinternalerrors)."
        ),
    ),
    Alert(
        name="RectifierFailsCalls",
        severity=WARNING,
        expression=_burning(failed, AVAILABLE, SLOW),
        after="15m",
        summary="In 3 days {{ $labels.job }} failed {{ $value | humanizePercentage }} of its calls",
        description=f"{_FAILED}, {_SLOW}: {AVAILABLE:.1%} of all calls should not.",
        meaning=f"{_FAILED}, a few at a time, but {_SLOW}. Nobody need get up for it.",
        remedy=(
            "The remedies are those of [RectifierFailsManyCalls](#rectifierfailsmanycalls); look "
            "at the last three days."
        ),
    ),
    Alert(
        name="RectifierSlowForMany",
        severity=CRITICAL,
        expression=_burning(slow, IN_TIME, FAST),
        after="2m",
        summary=(
            f"{{{{ $value | humanizePercentage }}}} of the Evaluates of {{{{ $labels.job }}}} take "
            f"longer than {SECONDS} s"
        ),
        description=f"{_SLOW_CALLS}, {_FAST}. The objective is that {IN_TIME:.0%} take less.",
        meaning=(
            f"{_SLOW_CALLS}, {_FAST}. The objective, {IN_TIME:.0%} of them within {SECONDS} s, is "
            "right for requests of up to some MiB; whoever sends larger ones sets another (see "
            "the [README](README.md#objectives))."
        ),
        remedy=(
            "The panel *Where an Evaluate spends its time* tells the phase. A long `compute` "
            "beside many calls in *Wait for the engine* means too few CPUs: add replicas, or "
            "CPUs. Beside few calls it means that callers send more, or dearer activations (*Time "
            "for each element*). Where all phases are short, replies wait for callers who do not "
            "read, or a quota throttles the process: compare it with *CPU*."
        ),
    ),
    Alert(
        name="RectifierSlow",
        severity=WARNING,
        expression=_burning(slow, IN_TIME, SLOW),
        after="15m",
        summary=(
            f"{{{{ $value | humanizePercentage }}}} of the Evaluates of {{{{ $labels.job }}}} took "
            f"longer than {SECONDS} s in 3 days"
        ),
        description=f"{_SLOW_CALLS}, {_SLOW}: {IN_TIME:.0%} should take less.",
        meaning=f"{_SLOW_CALLS}, a few at a time, but {_SLOW}.",
        remedy=(
            "The remedies are those of [RectifierSlowForMany](#rectifierslowformany); look at the "
            "last three days."
        ),
    ),
]
