"""results.json: what a whole run of `./dev compare --write` found, one comparison in a line."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from comparison import Comparison, Example, Peer, Subject
from report import Setting
from ulp import Worst

NOWHERE = Path()  # the arrays of a run that is over are gone


@dataclass(frozen=True)
class Run:
    """Everything that the pages and the picture are made of."""

    setting: Setting
    peers: list[Peer]
    comparisons: list[Comparison]


def text_of(run: Run) -> str:
    setting = run.setting
    lines = [
        f'"command": {json.dumps(setting.command)},',
        f'"date": {json.dumps(setting.date)},',
        f'"machine": {json.dumps(setting.machine)},',
        f'"points": {json.dumps(setting.points)},',
        f'"peers": {json.dumps({peer.name: peer.version for peer in run.peers})},',
        '"comparisons": [',
        ",\n".join(json.dumps(_entry(each)) for each in run.comparisons),
        "]",
    ]
    return "{\n" + "\n".join(lines) + "\n}\n"


def read(path: Path) -> Run:
    whole = json.loads(path.read_text())
    setting = Setting(whole["command"], whole["machine"], whole["date"], whole["points"])
    peers = [Peer(name, version, NOWHERE) for name, version in whole["peers"].items()]
    return Run(setting, peers, [_comparison(entry) for entry in whole["comparisons"]])


def _entry(comparison: Comparison) -> dict[str, Any]:
    subject, example = comparison.subject, comparison.example
    return {
        "activation": subject.activation,
        "quantity": subject.quantity,
        "type": subject.element_type,
        "ours": _worst_entry(comparison.ours),
        "peers": {name: _worst_entry(worst) for name, worst in comparison.peers.items()},
        "example": _example_entry(example) if example else None,
    }


def _comparison(entry: Mapping[str, Any]) -> Comparison:
    return Comparison(
        Subject(entry["activation"], entry["quantity"], entry["type"]),
        _worst(entry["ours"]),
        {name: _worst(worst) for name, worst in entry["peers"].items()},
        _example(entry["example"]) if entry["example"] else None,
    )


def _worst_entry(worst: Worst) -> dict[str, Any]:
    """A NaN that stands for a finite result is an infinite error, and stated as NaN."""
    wrong = math.isinf(worst.ulp) and math.isnan(worst.computed)
    return {"ulp": "nan" if wrong else _number(worst.ulp), "x": _number(worst.x)}


def _worst(entry: Mapping[str, Any]) -> Worst:
    ulp, x = float(entry["ulp"]), float(entry["x"])
    return Worst(math.inf if math.isnan(ulp) else ulp, x, computed=ulp, exact=math.nan)


def _example_entry(example: Example) -> dict[str, Any]:
    return {
        "x": _number(example.x),
        "exact": _number(example.exact),
        "ours": _number(example.ours),
        "peers": {name: _number(result) for name, result in example.peers.items()},
    }


def _example(entry: Mapping[str, Any]) -> Example:
    x, exact, ours = (float(entry[key]) for key in ("x", "exact", "ours"))
    return Example(x, exact, ours, {name: float(y) for name, y in entry["peers"].items()})


def _number(value: float) -> float | str:
    """JSON has no infinity and no NaN: these are words, which float() reads."""
    return float(value) if math.isfinite(value) else str(float(value))
