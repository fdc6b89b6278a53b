"""What the kernels are held to: ratios to peers and to memcpy, measured in the same run."""

from __future__ import annotations

from collections.abc import Iterable
from statistics import geometric_mean

from bar import Bar
from timings import MEMCPY, MEMORY, MEMORY_TWO_THREADS, ONEDNN, PYTORCH, ROWS, Place, Timings

# Those that every peer has.
SHARED = ("relu", "sigmoid", "tanh", "gelu", "silu", "softplus", "elu", "mish")
MEMORY_BOUND_FAMILY = "piecewise"


def all_bars(timings: Timings) -> list[Bar]:
    return [
        _worst("of oneDNN, memory", 1.0, _ratios(timings, SHARED, MEMORY, ONEDNN)),
        _worst("of PyTorch, memory", 0.6, _ratios(timings, SHARED, MEMORY, PYTORCH)),
        _mean("of PyTorch, memory, geometric mean", 0.4, _of_pytorch(timings)),
        _worst("of memcpy, piecewise, memory", 1.1, _of_memcpy(timings, MEMORY)),
        _worst(
            "of memcpy, piecewise, memory, 2 threads", 1.1, _of_memcpy(timings, MEMORY_TWO_THREADS)
        ),
        *(_softmax(timings, place) for place in ROWS),
    ]


def _ratios(
    timings: Timings, activations: Iterable[str], place: Place, side: str
) -> dict[str, float]:
    ratios = {name: timings.ratio(name, place, side) for name in activations}
    return {name: ratio for name, ratio in ratios.items() if ratio is not None}


def _of_pytorch(timings: Timings) -> list[float]:
    return list(_ratios(timings, SHARED, MEMORY, PYTORCH).values())


def _of_memcpy(timings: Timings, place: Place) -> dict[str, float]:
    members = [name for name, family in timings.families.items() if family == MEMORY_BOUND_FAMILY]
    return _ratios(timings, members, place, MEMCPY)


def _softmax(timings: Timings, place: Place) -> Bar:
    ratios = [timings.ratio("softmax", place, side) for side in (ONEDNN, PYTORCH)]
    measured = max((ratio for ratio in ratios if ratio is not None), default=None)
    return Bar(f"of the fastest peer, softmax, rows of {place.row}", 1.2, measured)


def _worst(what: str, limit: float, ratios: dict[str, float]) -> Bar:
    if not ratios:
        return Bar(what, limit, None)
    worst = max(ratios, key=lambda name: ratios[name])
    return Bar(what, limit, ratios[worst], f"worst of {len(ratios)}: {worst}")


def _mean(what: str, limit: float, ratios: list[float]) -> Bar:
    if not ratios:
        return Bar(what, limit, None)
    return Bar(what, limit, geometric_mean(ratios), f"of {len(ratios)}")
