"""An EvaluateRequest whose large tensors, and large results, lie in shared buffers."""

from collections.abc import Sequence

import numpy as np

from rectifier.outputs import Shape, outputs
from rectifier.request import Request
from rectifier.shared_memory.pool import BufferPool, InUse
from rectifier.tensor import Array
from rectifier.v1 import activation_pb2 as pb

# What is smaller goes with the message, which takes less time than a buffer of its own.
_SMALL_BYTES = 64 << 10


class Placement:
    """The message for a request, and the arrays that its results will be in."""

    def __init__(
        self,
        request: Request,
        pool: BufferPool,
        value_shapes: Sequence[Shape | None],
    ) -> None:
        """value_shapes: by evaluation of the request; None where it is not known before.

        Errors: RectifierError where the server does not allow so much shared memory now.
        """
        self._request = request
        self._pool = pool
        self._in_use = InUse()
        self._copies: list[Array] = []  # kept until the server has read them
        self.message = pb.EvaluateRequest()
        self.message.CopyFrom(request.message)
        self.results: list[dict[str, Array]] = [
            self._place_results(evaluation, shape)
            for evaluation, shape in zip(self.message.evaluations, value_shapes, strict=True)
        ]
        """By evaluation and path of the result (`value`, `gradients[0]`, ...)."""
        # After the results: where there is no room for them, nothing has been copied in vain.
        self.payloads: list[Array | None] = [self._place(i) for i in range(len(request.arrays))]
        self._in_use.begin()

    def end(self) -> None:
        """The server has answered, and uses the buffers no more."""
        self._in_use.end()

    def _place(self, i: int) -> Array | None:
        """The payload of the tensor that goes with the message; None where it is in a buffer."""
        array = self._request.arrays[i]
        if array.nbytes < _SMALL_BYTES:
            return array
        is_little_endian = array.dtype == array.dtype.newbyteorder("<")
        region = self._pool.region(array) if is_little_endian else None
        if region is None:
            copy = self._pool.empty(array.shape, array.dtype.newbyteorder("<"), self._in_use)
            np.copyto(copy, array)
            self._copies.append(copy)
            region = self._pool.region(copy)
        self.message.tensors[i].region.CopyFrom(region)
        return None

    def _place_results(
        self, evaluation: pb.Evaluation, value_shape: Shape | None
    ) -> dict[str, Array]:
        """Places of their own: a call that is tried again must find its inputs as they were."""
        inputs = [self._request.arrays[i] for i in evaluation.inputs]
        dtype = inputs[0].dtype.newbyteorder("<")
        results = {}
        for output in outputs(evaluation, [array.shape for array in inputs], value_shape):
            if output.shape is None:
                continue  # it comes with the reply
            array = self._pool.empty(output.shape, dtype, self._in_use)
            results[output.path] = array
            evaluation.destinations.add(
                quantity=output.quantity, input=output.input, region=self._pool.region(array)
            )
        return results
