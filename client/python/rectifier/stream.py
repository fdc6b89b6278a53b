"""One evaluation by EvaluateStream: the requests that make it up, and its results put together."""

import math
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from rectifier import errors, wire
from rectifier.limits import upstream_refusal
from rectifier.out import check_shape
from rectifier.outputs import Shape, outputs
from rectifier.request import Request
from rectifier.result import Result, make_result
from rectifier.tensor import Array
from rectifier.v1 import activation_pb2 as pb

# Of all tensors together: as much as the server computes at once, so that neither side waits.
_CHUNK_BYTES = 1 << 20


class StreamRequests:
    """The messages of one evaluation. May be iterated over more than once."""

    def __init__(self, request: Request) -> None:
        """request: of one evaluation, which `limits.check_stream` has checked."""
        self._request = request
        (self._evaluation,) = request.message.evaluations
        tensors = dict(zip(("input", "second_input"), self._evaluation.inputs, strict=False))
        if self._evaluation.HasField("upstream"):
            tensors["upstream"] = self._evaluation.upstream
        self._parts = [(name, request.arrays[i]) for name, i in tensors.items()]

    def __iter__(self) -> Iterator[bytes]:
        yield self._header()
        parts = [(name, wire.bytes_of(array)) for name, array in self._parts]
        size = sum(len(data) for _, data in parts)
        chunks = max(math.ceil(size / _CHUNK_BYTES), 1)
        for i in range(chunks):
            yield wire.stream_chunk(
                [(n, d[len(d) * i // chunks : len(d) * (i + 1) // chunks]) for n, d in parts]
            )

    def _header(self) -> bytes:
        evaluation, message = self._evaluation, self._request.message
        first = message.tensors[evaluation.inputs[0]]
        header = pb.StreamHeader(
            activation=evaluation.activation,
            quantities=evaluation.quantities,
            element_type=first.element_type,
            shape=first.shape,
            inputs=len(evaluation.inputs),
            has_upstream=evaluation.HasField("upstream"),
        )
        payloads = []
        for argument in header.activation.arguments.values():
            if argument.WhichOneof("value") == "tensor":
                payloads.append(self._request.arrays[argument.tensor])
                header.tensors.append(message.tensors[argument.tensor])
                argument.tensor = len(payloads) - 1
        return wire.stream_header(header, payloads)


class StreamResult:
    """Writes the results of one evaluation where they belong, as they come."""

    def __init__(self, request: Request, report: Callable[[float], None]) -> None:
        """report: is told which share of the results has come."""
        self._request = request
        self._report = report
        self._has_begun = False
        self._places: dict[str, _Place] = {}
        self._parameter_gradients: list[pb.ParameterGradient] = []

    def take(self, response: pb.EvaluateStreamResponse) -> None:
        """Errors: ValueError where an array of `out` has not the shape of its result."""
        if not self._has_begun:
            self._begin(tuple(response.value_shape))
        pieces = [("value", response.value), ("second_derivative", response.second_derivative)]
        pieces += [(f"gradients[{i}]", piece) for i, piece in enumerate(response.gradients)]
        for path, piece in pieces:
            if path in self._places:
                self._places[path].append(piece)
        if self._places:
            self._report(min(place.share for place in self._places.values()))
        self._parameter_gradients += response.parameter_gradients

    def finish(self) -> Result:
        """Errors: Internal where results are missing."""
        arrays = {path: place.finish() for path, place in self._places.items()}
        return make_result(self._request, 0, arrays, self._parameter_gradients)

    def _begin(self, value_shape: Shape) -> None:
        self._has_begun = True
        request, evaluation = self._request, self._request.message.evaluations[0]
        if evaluation.HasField("upstream"):
            given = request.arrays[evaluation.upstream].shape
            if given != value_shape:
                raise upstream_refusal(request, evaluation, value_shape)
        inputs = [request.arrays[i].shape for i in evaluation.inputs]
        dtype = request.dtypes[0].input.newbyteorder("<")
        for output in outputs(evaluation, inputs, value_shape):
            assert output.shape is not None
            out = request.outs[0].get(output.path)
            is_direct = out is not None and all(_may_write(out, array) for array in request.arrays)
            place = _Place(output.path, output.shape, dtype, out, is_direct=is_direct)
            self._places[output.path] = place


def _may_write(out: Array, array: Array) -> bool:
    """Whether `out` may be filled while `array` is sent: results never overtake their inputs."""
    if not np.may_share_memory(out, array):
        return True
    begins_there = out.__array_interface__["data"] == array.__array_interface__["data"]
    return bool(begins_there and array.flags.c_contiguous and out.nbytes <= array.nbytes)


class _Place:
    """An array that is filled from its beginning."""

    def __init__(
        self,
        path: str,
        shape: Shape,
        dtype: "np.dtype[Any]",
        out: Array | None,
        *,
        is_direct: bool,
    ) -> None:
        """is_direct: whether `out` may be written to before all results are there."""
        self._path = path
        self._out = out
        if out is not None:
            check_shape(out, path, shape)
        is_direct = is_direct and out is not None and out.flags.c_contiguous and out.dtype == dtype
        self._array: Array = out if is_direct and out is not None else np.empty(shape, dtype)
        self._bytes = self._array.reshape(-1).view(np.uint8)
        self._filled = 0

    @property
    def share(self) -> float:
        """Of what is to come, that has come."""
        return self._filled / len(self._bytes) if len(self._bytes) else 1.0

    def append(self, piece: bytes) -> None:
        end = self._filled + len(piece)
        if end <= len(self._bytes):
            self._bytes[self._filled : end] = np.frombuffer(piece, np.uint8)
        self._filled = end

    def finish(self) -> Array:
        if self._filled != len(self._bytes):
            raise errors.internal(f"{self._path}: {self._filled} bytes of {len(self._bytes)} came")
        if self._out is None or self._out is self._array:
            return self._array
        np.copyto(self._out, self._array)
        return self._out
