"""The client for asyncio: the methods of Client, to be awaited."""

from collections.abc import Mapping, Sequence
from types import TracebackType

import grpc.aio
import numpy as np
from numpy.typing import DTypeLike

from rectifier import catalogue, routes, server
from rectifier.base import UNSET, ClientBase, Timeout
from rectifier.evaluation import Argument, Evaluation
from rectifier.exchange import Metadata, run_async
from rectifier.out import Out
from rectifier.progress import Progress, reporter
from rectifier.result import Result
from rectifier.tensor import Array, TensorLike


class AsyncClient(ClientBase):
    """Calls a Rectifier server from asyncio; its arguments and methods are those of Client.

    A task that is cancelled ends its call in the server, too.

    Threads: it belongs to the event loop in which it calls first; calls run side by side.
    """

    _grpc = grpc.aio

    async def __aenter__(self) -> "AsyncClient":
        return self

    async def __aexit__(
        self,
        exception_type: type[BaseException] | None,
        exception: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Ends the connection; calls that are still running raise Cancelled."""
        for closing in self._channel.close():
            await closing
        self._server.close()

    async def evaluate(
        self,
        activation: str,
        *inputs: TensorLike,
        arguments: Mapping[str, Argument] | None = None,
        preset: str = "",
        upstream: TensorLike | None = None,
        value: bool = True,
        gradient: bool = False,
        second_derivative: bool = False,
        parameter_gradients: bool = False,
        out: Out | None = None,
        progress: Progress = False,
        timeout: Timeout = UNSET,
        metadata: Metadata = (),
    ) -> Result:
        """As Client.evaluate."""
        evaluation = Evaluation(
            activation,
            inputs,
            arguments or {},
            preset=preset,
            upstream=upstream,
            value=value,
            gradient=gradient,
            second_derivative=second_derivative,
            parameter_gradients=parameter_gradients,
            out=out,
        )
        results = await self.evaluate_batch(
            [evaluation], progress=progress, timeout=timeout, metadata=metadata
        )
        return results[0]

    async def evaluate_batch(
        self,
        evaluations: Sequence[Evaluation],
        *,
        progress: Progress = False,
        timeout: Timeout = UNSET,
        metadata: Metadata = (),
    ) -> list[Result]:
        """As Client.evaluate_batch. The arrays must be left alone until it is done."""
        dialogue = routes.evaluate(list(evaluations), self._server, reporter(progress))
        return await run_async(dialogue, self._caller(timeout, metadata))

    async def empty(self, shape: int | Sequence[int], dtype: DTypeLike = np.float64) -> Array:
        """As Client.empty."""
        dialogue = server.empty(self._server, shape, np.dtype(dtype))
        return await run_async(dialogue, self._caller(UNSET, ()))

    async def list_activations(
        self, *, timeout: Timeout = UNSET, metadata: Metadata = ()
    ) -> list[catalogue.ActivationDescription]:
        """As Client.list_activations."""
        return await run_async(server.ask_activations(), self._caller(timeout, metadata))

    async def describe(
        self, name: str, *, timeout: Timeout = UNSET, metadata: Metadata = ()
    ) -> catalogue.ActivationDescription:
        """As Client.describe."""
        return await run_async(server.ask_activation(name), self._caller(timeout, metadata))

    async def server_info(
        self, *, timeout: Timeout = UNSET, metadata: Metadata = ()
    ) -> catalogue.ServerInfo:
        """As Client.server_info."""
        return await run_async(server.ask_info(), self._caller(timeout, metadata))

    async def is_healthy(
        self,
        service: str = "rectifier.v1.ActivationService",
        *,
        timeout: Timeout = UNSET,
        metadata: Metadata = (),
    ) -> bool:
        """As Client.is_healthy."""
        return await run_async(server.ask_health(service), self._caller(timeout, metadata))
