"""The roots of derivatives, and the Taylor series around them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import mpmath as mp
import sympy

from coefficient_text import parts

Function = Callable[[mp.mpf], mp.mpf]

# Expansions around roots: see root_lines.
ROOT_RADIUS = mp.mpf(2) ** -7
ROOT_TERMS = 10


CATALOGUE = Path(__file__).resolve().parents[2] / "tests/numerics/oracle/catalogue.json"


def formula(name: str) -> Function:
    """The activation's formula, as the catalogue has it, with constants exact."""
    entries = json.loads(CATALOGUE.read_text())["activations"]
    (text,) = (entry["formula"] for entry in entries if entry["name"] == name)
    return sympy.lambdify("x", sympy.sympify(text, rational=True), "mpmath")


# Name, activation, order of the derivative, where its roots are about.
ROOTS = [
    ("kGelu1", "gelu", 1, [-0.7518]),
    ("kGelu2", "gelu", 2, [-1.41421, 1.41421]),
    ("kGeluTanh1", "gelu_tanh", 1, [-0.7525]),
    ("kGeluTanh2", "gelu_tanh", 2, [-1.41, 1.41]),
    ("kGeluMlx1", "gelu_mlx_approx", 1, [-0.75]),
    ("kGeluMlx2", "gelu_mlx_approx", 2, [-1.41, 1.41]),
    ("kSilu1", "silu", 1, [-1.2785]),
    ("kSilu2", "silu", 2, [-2.3994, 2.3994]),
    ("kMish1", "mish", 1, [-1.1924]),
    ("kMish2", "mish", 2, [-2.2564, 1.4906]),
    ("kLisht2", "lisht", 2, [-1.2, 1.2]),
    ("kTelu1", "telu", 1, [-1.08]),
    ("kTelu2", "telu", 2, [-2.066, 0.69]),
    ("kSerf1", "serf", 1, [-1.2]),
    ("kSerf2", "serf", 2, [-2.22, 1.09]),
]


def derivative(function: Function, order: int, x: mp.mpf, terms: int) -> list[mp.mpf]:
    """Taylor coefficients of the derivative of this order at x."""
    with mp.workdps(160):
        series = mp.taylor(function, x, terms + order)
        if order == 1:
            return [(k + 1) * series[k + 1] for k in range(terms)]
        return [(k + 1) * (k + 2) * series[k + 2] for k in range(terms)]


def find_root(function: Function, order: int, near: float) -> mp.mpf:
    x = mp.mpf(near)
    with mp.workdps(120):
        for _ in range(12):
            value, slope = derivative(function, order, x, 2)
            x -= value / slope
    return x


def root_lines() -> list[str]:
    lines = [
        "// A root of a derivative f and the Taylor series of f around it: f = d (c[0] + c[1] d + ...)",
        "// with d = x - root, for |d| < kRootRadius. The root has three parts, c[0] two.",
        f"inline constexpr double kRootRadius = {float(ROOT_RADIUS).hex()};",
        "struct Root {",
        "  double at[3];",
        "  double slope_low;",
        f"  double c[{ROOT_TERMS - 1}];",
        "};",
    ]
    for name, activation, order, places in ROOTS:
        function = formula(activation)
        lines.append(f"inline constexpr Root {name}[] = {{")
        for place in places:
            root = find_root(function, order, place)
            series = derivative(function, order, root, ROOT_TERMS)[1:]
            print(name, mp.nstr(root, 20))
            at = ", ".join(p.hex() for p in parts(root, 3))
            low = float(series[0] - float(series[0])).hex()
            rest = ",\n      ".join(float(c).hex() for c in series)
            lines.append(
                f"    {{{{{at}}},\n     {low},\n     {{{rest}}}}},  // {mp.nstr(root, 18)}"
            )
        lines.append("};")
    return [*lines, ""]
