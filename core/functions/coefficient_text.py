"""Numbers as the C++ of coefficients.h."""

from __future__ import annotations

import struct
from collections.abc import Sequence

import mpmath as mp


def to_float(number: mp.mpf) -> float:
    """The nearest float32."""
    (rounded,) = struct.unpack("<f", struct.pack("<f", float(number)))
    return float(rounded)


def literal(number: float, element: str) -> str:
    return number.hex() if element == "double" else f"{to_float(mp.mpf(number)).hex()}f"


def array(name: str, numbers: Sequence[float], element: str = "double") -> list[str]:
    rows = (f"    {literal(n, element)}," for n in numbers)
    return [f"inline constexpr {element} {name}[] = {{", *rows, "};", ""]


def table(name: str, rows: Sequence[Sequence[float]], element: str = "double") -> list[str]:
    lines = [f"alignas(64) inline constexpr {element} {name}[][{len(rows[0])}] = {{"]
    for row in rows:
        lines.append("    {" + ", ".join(literal(n, element) for n in row) + "},")
    return [*lines, "};", ""]


def parts(number: mp.mpf, count: int) -> list[float]:
    result = []
    for _ in range(count):
        result.append(float(number))
        number -= result[-1]
    return result
