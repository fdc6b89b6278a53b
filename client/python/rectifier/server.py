"""What a client knows about its server: asked once, when a large array makes that worth while."""

import os
from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np
from google.protobuf.wrappers_pb2 import StringValue

from rectifier import catalogue, errors, lookup, methods
from rectifier.catalogue import ActivationDescription, ServerInfo
from rectifier.exchange import Call, Dialogue, Work
from rectifier.forks import forget_in_forks
from rectifier.outputs import Shape
from rectifier.request import Request
from rectifier.shared_memory.pool import BufferPool
from rectifier.tensor import Array
from rectifier.v1 import activation_pb2 as pb

_WHERE_IT_LISTENS = ("unix:", "unix-abstract:")


class Server:
    """Limits, catalogue and shared memory of one server. Thread-safe: at worst asks twice."""

    def __init__(self, target: str, shared_memory: bool) -> None:
        """shared_memory: whether it may be used, where the target is a unix socket."""
        self._may_share = shared_memory and target.startswith(_WHERE_IT_LISTENS)
        self._info: ServerInfo | None = None
        self._kinds: Sequence[ActivationDescription] | None = None
        self._pool: BufferPool | None = None
        forget_in_forks(self)

    def forget(self) -> None:
        """Has all be asked anew: in a child, or where the server has been exchanged."""
        self._info = self._kinds = self._pool = None

    def close(self) -> None:
        self._may_share = False
        if self._pool is not None:
            self._pool.close()

    def info(self) -> Dialogue[ServerInfo]:
        """What it says about itself, asked once."""
        if self._info is None:
            self._info = yield from ask_info()
        return self._info

    def pool(self) -> Dialogue[BufferPool | None]:
        """None where it offers none, or not to this client."""
        if not self._may_share:
            return None
        if self._pool is None:
            info = yield from self.info()
            path = info.buffers_socket
            if not path or not os.path.exists(path):
                self._may_share = False
                return None
            try:
                self._pool = yield Work(lambda: BufferPool(path))
            except errors.RectifierError:
                return None
        return self._pool

    def value_shape(self, request: Request, evaluation: pb.Evaluation) -> Dialogue[Shape | None]:
        """Of an evaluation of `request`; None where that is for the server to say."""
        inputs = [request.arrays[i].shape for i in evaluation.inputs]
        if len(inputs) == 2:
            return inputs[0] if inputs[0] == inputs[1] else None
        if self._kinds is None:
            self._kinds = yield from ask_activations()
        try:
            kind = lookup.find(self._kinds, evaluation.activation.name).kind
        except LookupError:
            return None  # the server says so
        return inputs[0] if kind == "elementwise" else None


def ask_info() -> Dialogue[ServerInfo]:
    message = yield Call(methods.GET_SERVER_INFO, b"")
    return catalogue.server_info(message)


def ask_activations() -> Dialogue[list[ActivationDescription]]:
    response = yield Call(methods.LIST_ACTIVATIONS, b"")
    return [catalogue.activation_description(message) for message in response.activations]


def ask_activation(name: str) -> Dialogue[ActivationDescription]:
    return lookup.find((yield from ask_activations()), name)


def ask_health(service: str) -> Dialogue[bool]:
    response = yield Call(methods.HEALTH_CHECK, StringValue(value=service).SerializeToString())
    return bool(response.value == 1)


def empty(server: Server, shape: int | Sequence[int], dtype: "np.dtype[Any]") -> Dialogue[Array]:
    """An array in shared memory where that is to be had, else in this process's own."""
    dimensions = (shape,) if isinstance(shape, int) else tuple(shape)
    pool = yield from server.pool()
    if pool is not None:
        try:
            shared: Array = yield Work(partial(pool.empty, dimensions, dtype))
            return shared
        except errors.RectifierError:
            pass  # not so much of it now
    return np.empty(dimensions, dtype)
