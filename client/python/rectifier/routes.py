"""The ways by which evaluations are carried out, and which one is taken.

| what is exchanged | way |
|---|---|
| little | one Evaluate, without a question before |
| much, over a unix socket whose server shares memory | one Evaluate that names shared buffers |
| up to 4 MiB, or several evaluations | one Evaluate |
| an evaluation of more | one EvaluateStream |

What is exchanged is counted in the direction in which it is more. A batch of more than 64 MiB, or
over the server's limits of numbers, is cut into several calls. client/README.md tells how the
limits were chosen, which are those of every client.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial

import grpc
import numpy as np

from rectifier import errors, limits, methods, wire
from rectifier.catalogue import Limits
from rectifier.evaluation import Evaluation
from rectifier.exchange import Call, Dialogue, Stream, Work
from rectifier.hints import with_hint
from rectifier.request import Request, tensors_of
from rectifier.result import Result, from_message
from rectifier.server import Server
from rectifier.shared_memory.placement import Placement
from rectifier.stream import StreamRequests, StreamResult
from rectifier.tensor import Array

_MIB = 1 << 20
_LITTLE = 1 * _MIB
_LITTLE_EVALUATIONS = 256
_MESSAGE = 4 * _MIB
_BATCH = 64 * _MIB

# Why a call that names shared buffers failed, while the same evaluation may succeed by another way.
# It is not tried again with these buffers, since a server that was cut off may still use them.
_TRIED_ANOTHER_WAY = (
    grpc.StatusCode.NOT_FOUND,
    grpc.StatusCode.UNAVAILABLE,
    grpc.StatusCode.RESOURCE_EXHAUSTED,
)

Report = Callable[[int, int], None]
"""Is told of how many bytes of tensors the results are there, and of how many in all."""


def evaluate(
    evaluations: Sequence[Evaluation], server: Server, report: Report
) -> Dialogue[list[Result]]:
    """The results in their order, all or none. Errors: also TypeError and ValueError."""
    request = Request(evaluations)
    if _exchanged(request) <= _LITTLE and len(evaluations) <= _LITTLE_EVALUATIONS:
        return (yield from _by_message(request))
    info = yield from server.info()
    limits.check(request, info.limits)
    parts = list(_parts(request, info.limits))
    _keep_inputs(parts)
    progress = _Progress(report, parts)
    results: list[Result] = []
    for part in parts:
        results += yield from _evaluate_part(part, info.limits, server, progress)
        progress.end(part)
    return results


def _evaluate_part(
    part: Request, bounds: Limits, server: Server, progress: "_Progress"
) -> Dialogue[list[Result]]:
    if _exchanged(part) > _LITTLE:
        shared = yield from _by_shared_memory(part, bounds, server)
        if shared is not None:
            return shared
    is_single = len(part.evaluations) == 1
    if is_single and (_exchanged(part) > _MESSAGE or not _fits(part, bounds)):
        return [(yield from _by_stream(part, server, progress))]
    return (yield from _by_message(part))


class _Progress:
    """Counts the bytes of tensors whose results are there."""

    def __init__(self, report: Report, parts: Sequence[Request]) -> None:
        self._report = report
        self._total = sum(part.payload_bytes for part in parts)
        self._done = 0

    def end(self, part: Request) -> None:
        self._done += part.payload_bytes
        self._report(self._done, self._total)

    def show(self, part: Request, share: float) -> None:
        """share: of the results of `part`, which has not ended."""
        self._report(self._done + int(share * part.payload_bytes), self._total)


def _exchanged(request: Request) -> int:
    return max(request.payload_bytes, sum(request.likely_bytes))


def _fits(request: Request, bounds: Limits) -> bool:
    """Whether request and reply are messages that the server takes and gives."""
    return (
        max(request.payload_bytes, sum(request.result_bytes)) <= bounds.max_message_bytes - _MIB
        and max(array.size for array in request.arrays) <= bounds.max_elements
    )


def _parts(request: Request, bounds: Limits) -> Iterator[Request]:
    """Neighbouring evaluations, as many in each part as go well in one call."""
    most_bytes = min(_BATCH, bounds.max_message_bytes - _MIB)
    begin, received = 0, 0
    tensors: set[int] = set()
    for i, evaluation in enumerate(request.message.evaluations):
        more = tensors | set(tensors_of(evaluation))
        is_full = (
            max(_sent(request, more), received + request.result_bytes[i]) > most_bytes
            or i - begin == bounds.max_evaluations
            or len(more) > bounds.max_tensors
        )
        if is_full and i > begin:
            yield request.part(begin, i)
            begin, received, more = i, 0, set(tensors_of(evaluation))
        tensors = more
        received += request.result_bytes[i]
    yield request.part(begin, len(request.evaluations))


def _sent(request: Request, tensors: set[int]) -> int:
    return sum(request.arrays[i].nbytes for i in tensors)


def _keep_inputs(parts: Sequence[Request]) -> None:
    """Copies what an earlier part writes to, so that each reads what the caller has given."""
    written: list[Array] = []
    for part in parts:
        for i, array in enumerate(part.arrays):
            if any(np.may_share_memory(array, out) for out in written):
                part.arrays[i] = array.copy()
        written += [out for outs in part.outs for out in outs.values()]


def _by_message(request: Request) -> Dialogue[list[Result]]:
    message = wire.evaluate_request(request.message, request.arrays)
    try:
        response = yield Call(methods.EVALUATE, message)
    except errors.RectifierError as error:
        raise _explained(error, request) from error.__cause__
    return [from_message(result, request, i) for i, result in enumerate(response.results)]


def _by_shared_memory(
    request: Request, bounds: Limits, server: Server
) -> Dialogue[list[Result] | None]:
    """None where the server does not share so much memory now."""
    if max(array.size for array in request.arrays) > bounds.max_elements:
        return None
    pool = yield from server.pool()
    if pool is None:
        return None
    shapes = []
    for evaluation in request.message.evaluations:
        shapes.append((yield from server.value_shape(request, evaluation)))
    if any(shape is None for shape in shapes) and not _fits(request, bounds):
        return None  # values whose shape only the server knows come in the reply
    try:
        placement = yield Work(partial(Placement, request, pool, shapes))
    except errors.RectifierError as error:
        if error.code is not grpc.StatusCode.RESOURCE_EXHAUSTED:
            server.forget()  # it has gone; another may be there by now
        return None
    message = wire.evaluate_request(placement.message, placement.payloads)
    try:
        response = yield Call(methods.EVALUATE, message, is_tried_once=True)
    except errors.RectifierError as error:
        if error.code is grpc.StatusCode.NOT_FOUND:  # a server that has been started anew
            server.forget()
        if error.code in _TRIED_ANOTHER_WAY:
            return None
        raise _explained(error, request) from error.__cause__
    placement.end()
    return [
        from_message(result, request, i, placement.results[i])
        for i, result in enumerate(response.results)
    ]


def _by_stream(request: Request, server: Server, progress: _Progress) -> Dialogue[Result]:
    value_shape = yield from server.value_shape(request, request.message.evaluations[0])
    limits.check_stream(request, value_shape)
    result = StreamResult(request, lambda share: progress.show(request, share))
    try:
        yield Stream(methods.EVALUATE_STREAM, StreamRequests(request), result.take)
    except errors.RectifierError as error:
        raise _explained(_of_evaluation(error), request) from error.__cause__
    return result.finish()


def _of_evaluation(error: errors.RectifierError) -> errors.RectifierError:
    """A stream's error, whose fields are those that Evaluate names."""
    first = "evaluations[0]"
    for pattern, field in (
        (r"\bheader\.(shape|element_type)\b", f"{first}.inputs[0]"),
        (r"\bheader\.(activation|quantities)\b", rf"{first}.\1"),
        (r"\bchunk\.upstream\b", f"{first}.upstream"),
        (r"\bheader\.tensors\b", "tensors"),
    ):
        error = errors.renamed(error, pattern, field)
    return error


def _explained(error: errors.RectifierError, request: Request) -> errors.RectifierError:
    """The error with the caller's own numbers of evaluations, and a hint where there is one."""

    def number(match: "re.Match[str]") -> str:
        return f"evaluations[{int(match[1]) + request.first}]"

    return with_hint(errors.renamed(error, r"\bevaluations\[(\d+)\]", number), request)
