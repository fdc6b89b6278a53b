"""Comparisons as Markdown."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from comparison import Comparison, Example, Peer
from markdown_table import table
from ulp import Worst

OURS = "Rectifier"
TITLES = {"value": "Value", "gradient": "Gradient", "second_derivative": "Second derivative"}
PRIMES = {"value": "", "gradient": "\N{PRIME}", "second_derivative": "\N{DOUBLE PRIME}"}
WELL_KNOWN = ("gelu", "silu", "softplus", "mish", "elu", "tanh", "sigmoid")

LEGEND = """\
The worst error in units in the last place (ULP) of the exact result, and the input near which it
is, over {float32} float32 inputs and all {bfloat16} finite bfloat16 ones. 0.5 is correct rounding.
From about 1e7 on (bfloat16: 200) no digit is right; inf and NaN are such results where the exact
one is finite. All arguments are defaults, upstreams are ones. Left out: inputs and exact results
that are subnormal, which some flush to zero by design, and derivatives at kinks, where conventions
differ. Blank: the peer has no such function; ONNX Runtime has no derivatives, oneDNN no second
ones, and what is not for bfloat16 is blank there."""


@dataclass(frozen=True)
class Setting:
    """What the figures depend on."""

    command: str
    machine: str
    date: str
    points: Mapping[str, int]  # inputs by element type


def whole(comparisons: list[Comparison], peers: list[Peer], setting: Setting) -> str:
    points = {element_type: f"{count:,}" for element_type, count in setting.points.items()}
    parts = [header(peers, setting), LEGEND.format(**points)]
    for element_type in setting.points:
        for quantity, title in TITLES.items():
            chosen = _chosen(comparisons, element_type, quantity)
            if chosen:
                parts.append(f"**{title}, {element_type}**\n\n{_worst_table(chosen, peers)}")
    examples = [each for each in comparisons if each.subject.element_type == "float32"]
    parts.append("**What such errors look like**, in float32, at inputs of everyday size:")
    parts.append(_examples(examples, peers))
    return "\n\n".join(parts) + "\n"


def _chosen(comparisons: list[Comparison], element_type: str, quantity: str) -> list[Comparison]:
    return [
        each
        for each in comparisons
        if (each.subject.element_type, each.subject.quantity) == (element_type, quantity)
    ]


def header(peers: list[Peer], setting: Setting) -> str:
    """Command, date, machine, and the version of each peer."""
    versions = [f"{peer.name} {peer.version or 'absent'}" for peer in peers]
    return f"`{setting.command}`, {setting.date}, {setting.machine}; {', '.join(versions)}."


def _present(peers: list[Peer]) -> list[str]:
    return [peer.name for peer in peers if peer.version]


def _worst_table(comparisons: list[Comparison], peers: list[Peer]) -> str:
    names = [name for name in _present(peers) if any(name in each.peers for each in comparisons)]
    rows = [
        [symbol(each), ulp_text(each.ours), *(_cell(each.peers.get(name)) for name in names)]
        for each in comparisons
    ]
    return table(["worst ULP", OURS, *names], rows)


def _cell(worst: Worst | None) -> str:
    if worst is None:
        return ""
    place = worst.ulp >= 1 and not math.isnan(worst.x)
    return ulp_text(worst) + (f" near {worst.x:.4g}" if place else "")


def _examples(comparisons: list[Comparison], peers: list[Peer]) -> str:
    names = _present(peers)
    rows = [
        _example_row(each, each.example, names)
        for each in comparisons
        if each.example and _tells(each.example)
    ]
    return table(["", "exact", OURS, *names], rows)


def _tells(example: Example) -> bool:
    """Whether the peers' results differ so that one sees it."""
    if example.exact == 0:
        return False
    far = [abs(got / example.exact - 1) > 1e-3 for got in example.peers.values()]
    return any(far)


def _example_row(comparison: Comparison, example: Example, names: list[str]) -> list[str]:
    results = [f"{example.peers[name]:.6g}" if name in example.peers else "" for name in names]
    exact, ours = f"{example.exact:.7g}", f"{example.ours:.7g}"
    return [f"{symbol(comparison)}({example.x:.8g})", exact, ours, *results]


def symbol(comparison: Comparison) -> str:
    """With a prime for each derivative."""
    return f"`{comparison.subject.activation}`{PRIMES[comparison.subject.quantity]}"


def ulp_text(worst: Worst) -> str:
    if math.isinf(worst.ulp):
        return "NaN" if math.isnan(worst.computed) else "inf"
    if worst.ulp < 9.995:
        return f"{worst.ulp:.2f}"
    if worst.ulp < 9999.5:
        return f"{worst.ulp:.0f}"
    mantissa, exponent = f"{worst.ulp:.1e}".split("e")
    return f"{mantissa}e{int(exponent)}"
