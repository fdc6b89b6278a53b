"""What calls are held to: ratios to the floor and to a plain service, measured in the same run."""

from __future__ import annotations

from collections.abc import Callable

from bar import Bar
from quantities import digits, duration, size
from turns import (
    BESIDE,
    BUFFERS,
    FLOOR,
    FLOOR_TCP,
    HTTP_JSON,
    INFERENCE,
    INFERENCE_TCP,
    KERNEL,
    KIB,
    MIB,
    PIECES,
    PROTOBUF,
    RECTIFIER,
    RECTIFIER_TCP,
    REPLY,
    STREAM,
    Figures,
    Place,
    Turn,
    Turns,
)

TRANSPORTS = (("unix", RECTIFIER, FLOOR), ("tcp", RECTIFIER_TCP, FLOOR_TCP))
SMALL = 64
INFERENCES = (("unix", INFERENCE, RECTIFIER), ("tcp", INFERENCE_TCP, RECTIFIER_TCP))


LONG = 1024 * MIB  # what is streamed
STREAM_MEMORY = 32 * MIB


def all_bars(turns: Turns) -> list[Bar]:
    return [
        *(_of_floor(turns, mebibytes * MIB) for mebibytes in (1, 16, 64)),
        _of_protobuf(turns, 16 * MIB),
        *(_latency(turns, *transport) for transport in TRANSPORTS),
        *(_rate(turns, *transport) for transport in TRANSPORTS),
        *(_inference_latency(turns, *sides) for sides in INFERENCES),
        _inference_rate(turns),
        _inference_throughput(turns, MIB),
        _json_latency(turns, 4 * KIB),
        _faults(turns),
        _memory(turns, 16 * MIB),
        _beside(turns),
        _of_kernel(turns, 16 * MIB),
        _of_bytes(turns, 16 * MIB),
        _stream_rate(turns, Place("stream", LONG)),
        _stream_memory(turns, Place("stream", LONG)),
    ]


def _of_floor(turns: Turns, payload: int) -> Bar:
    what = f"MB/s of the floor, {size(payload)}, unix"
    return _throughput(turns, what, 0.9, Place("calls", payload), RECTIFIER, FLOOR)


def _of_protobuf(turns: Turns, payload: int) -> Bar:
    what = f"MB/s of plain protobuf, {size(payload)}, unix"
    return _throughput(turns, what, 4, Place("calls", payload), RECTIFIER, PROTOBUF)


def _of_kernel(turns: Turns, payload: int) -> Bar:
    what = f"MB/s of the kernel alone, relu, {size(payload)}, shared buffers"
    return _throughput(turns, what, 0.8, Place("buffers", payload), BUFFERS, KERNEL)


def _of_bytes(turns: Turns, payload: int) -> Bar:
    what = f"MB/s of Evaluate over bytes, relu, {size(payload)}, shared buffers"
    return _throughput(turns, what, 10, Place("buffers", payload), BUFFERS, RECTIFIER)


def _throughput(turns: Turns, what: str, limit: float, place: Place, ours: str, other: str) -> Bar:
    def megabytes(rate: float) -> str:
        return digits(rate * place.payload / 1e6)

    measured = turns.ratio(place, ours, other, _rate_of)
    where = _both(turns, place, ours, other, lambda side: megabytes(side.rate), "MB/s")
    return Bar(what, limit, measured, where, at_least=True)


def _latency(turns: Turns, transport: str, ours: str, floor: str) -> Bar:
    what = f"p50 of the floor, {size(SMALL)}, {transport}"
    return _latency_of(turns, what, 1.15, Place("calls", SMALL), ours, floor)


def _rate(turns: Turns, transport: str, ours: str, floor: str) -> Bar:
    place = Place("calls", SMALL, inflight=16)
    measured = turns.ratio(place, ours, floor, _rate_of)
    where = _both(turns, place, ours, floor, lambda side: f"{side.rate:.0f}", "calls/s")
    what = f"calls/s of the floor, {size(SMALL)}, 16 in flight, {transport}"
    return Bar(what, 0.75, measured, where, at_least=True)


def _inference_latency(turns: Turns, transport: str, ours: str, evaluate: str) -> Bar:
    what = f"p50 of Evaluate, {size(SMALL)}, ModelInfer, {transport}"
    return _latency_of(turns, what, 1.05, Place("calls", SMALL), ours, evaluate)


def _json_latency(turns: Turns, payload: int) -> Bar:
    what = f"p50 of Evaluate, {size(payload)}, ModelInfer in JSON, tcp"
    return _latency_of(turns, what, 3, Place("calls", payload), HTTP_JSON, RECTIFIER_TCP)


def _latency_of(turns: Turns, what: str, limit: float, place: Place, ours: str, other: str) -> Bar:
    measured = turns.ratio(place, ours, other, lambda turn: turn.p50)
    where = _both(turns, place, ours, other, lambda side: duration(side.p50))
    return Bar(what, limit, measured, where)


def _inference_rate(turns: Turns) -> Bar:
    place = Place("calls", SMALL, inflight=16)
    measured = turns.ratio(place, INFERENCE, RECTIFIER, _rate_of)
    where = _both(turns, place, INFERENCE, RECTIFIER, lambda side: f"{side.rate:.0f}", "calls/s")
    what = f"calls/s of Evaluate, {size(SMALL)}, 16 in flight, ModelInfer, unix"
    return Bar(what, 0.95, measured, where, at_least=True)


def _inference_throughput(turns: Turns, payload: int) -> Bar:
    what = f"MB/s of Evaluate, {size(payload)}, ModelInfer, unix"
    return _throughput(turns, what, 0.95, Place("calls", payload), INFERENCE, RECTIFIER)


def _faults(turns: Turns) -> Bar:
    """The worst place, to two decimals: a stray fault of a background thread is none per call."""
    what = "page faults per call"
    found = {
        (place, side): figures.faults
        for place in turns.places("calls")
        for side in (RECTIFIER, RECTIFIER_TCP)
        if (figures := turns.find(place, side))
    }
    if not found:
        return Bar(what, 0, None)
    place, side = worst = max(found, key=lambda key: found[key])
    where = f"worst of {len(found)}: {size(place.payload)}, {place.inflight} in flight, {side}"
    return Bar(what, 0, round(found[worst], 2), where)


def _memory(turns: Turns, smallest: int) -> Bar:
    """What the server held at most, beyond what it held idle, over the bytes in flight."""
    what = "peak memory over requests and replies in flight"
    found = {
        place: figures.server_bytes / ((1 + REPLY) * place.payload)
        for place in turns.places("calls")
        if place.inflight == 1 and place.payload >= smallest
        if (figures := turns.find(place, RECTIFIER))
    }
    if not found:
        return Bar(what, 1.5, None)
    worst = max(found, key=lambda place: found[place])
    return Bar(what, 1.5, found[worst], f"worst of {len(found)}: {size(worst.payload)}")


def _beside(turns: Turns) -> Bar:
    place = Place("beside", SMALL)
    measured = turns.ratio(place, RECTIFIER + BESIDE, RECTIFIER, lambda turn: turn.p99)
    floor = turns.ratio(place, FLOOR + BESIDE, FLOOR, lambda turn: turn.p99)
    where = f"the floor's own: {floor:.2f}" if floor is not None else ""
    what = f"p99 of {size(SMALL)} while 64 MiB calls run, over p99 alone"
    return Bar(what, 5, measured, where)


def _stream_rate(turns: Turns, place: Place) -> Bar:
    what = f"MB/s of calls of 16 MiB, stream of {size(place.payload)}"
    return _throughput(turns, what, 0.9, place, STREAM, PIECES)


def _stream_memory(turns: Turns, place: Place) -> Bar:
    """Of the side that holds more beyond idle."""
    what = f"peak memory over {size(STREAM_MEMORY)}, stream of {size(place.payload)}"
    figures = turns.find(place, STREAM)
    if not figures:
        return Bar(what, 1, None)
    held = (figures.server_bytes, figures.client_bytes)
    where = "server, client: " + ", ".join(f"{one / MIB:.1f}" for one in held) + " MiB"
    return Bar(what, 1, max(held) / STREAM_MEMORY, where)


def _rate_of(turn: Turn) -> float:
    return turn.rate


def _both(
    turns: Turns,
    place: Place,
    ours: str,
    other: str,
    shown: Callable[[Figures], str],
    unit: str = "",
) -> str:
    """Ours and the other's: "850, 900 MB/s"."""
    found = [turns.find(place, side) for side in (ours, other)]
    texts = [shown(figures) for figures in found if figures]
    return f"{', '.join(texts)} {unit}".strip() if texts else ""
