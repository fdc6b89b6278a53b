"""Numbers as Grafana writes them, for the units that the dashboard has."""

from __future__ import annotations

BINARY = ((1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB"))
DECIMAL = ((1e9, "G"), (1e6, "M"), (1e3, "k"))
TIME = ((86400, "d"), (3600, "h"), (60, "min"), (1, "s"), (1e-3, "ms"), (1e-6, "us"), (1e-9, "ns"))
SUFFIX = {"Bps": "/s", "reqps": "/s", "mps": "/s", "ops": "/s", "cps": "/s"}


def text(value: float, unit: str) -> str:
    """ "1.5 MiB/s", "25%", "300 us"."""
    if value == 0:
        return "0"
    if unit == "percentunit":
        return f"{value * 100:.3g}%"
    if unit == "s":
        return _scaled(value, TIME)
    scales = BINARY if unit in ("bytes", "Bps") else DECIMAL
    return _scaled(value, scales) + SUFFIX.get(unit, "")


def _scaled(value: float, scales: tuple[tuple[float, str], ...]) -> str:
    for size, name in scales:
        if abs(value) >= size * (1 - 1e-9):
            return f"{_short(value / size)} {name}"
    return _short(value)


def _short(value: float) -> str:
    """Three digits, without an exponent where it has none in ordinary life."""
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"
