"""How sizes, times and rates are written."""

from __future__ import annotations


def size(count: int) -> str:
    """In the largest unit that leaves a whole number: "64 B", "16 MiB"."""
    for unit, name in ((1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")):
        if count >= unit and count % unit == 0:
            return f"{count // unit} {name}"
    return f"{count} B"


def duration(seconds: float) -> str:
    """Three digits: "63.1 us", "1.25 ms", "2.00 s"."""
    for unit, name in ((1.0, "s"), (1e-3, "ms")):
        if seconds >= unit:
            return f"{digits(seconds / unit)} {name}"
    return f"{digits(seconds * 1e6)} us"


def digits(number: float) -> str:
    """At least three: "0.05", "9.87", "98.7", "987", "9876"."""
    decimals = 2 if number < 10 else 1 if number < 100 else 0
    return f"{number:.{decimals}f}"
