"""The client: one method per RPC, and one for the common case of a single evaluation."""

from collections.abc import Mapping, Sequence
from types import TracebackType

import grpc
import numpy as np
from numpy.typing import DTypeLike

from rectifier import catalogue, routes, server
from rectifier.base import UNSET, ClientBase, Timeout
from rectifier.evaluation import Argument, Evaluation
from rectifier.exchange import Metadata, run
from rectifier.out import Out
from rectifier.progress import Progress, reporter
from rectifier.result import Result
from rectifier.tensor import Array, TensorLike


class Client(ClientBase):
    """Calls a Rectifier server.

    Every method that calls takes `timeout`, the seconds that this call may take (None: no end;
    default: the client's), and `metadata` that is sent with it, such as {"x-request-id": "7"}.

    Errors: every method that calls the server raises a RectifierError where the call fails.
    Threads: thread-safe; share one client, calls run side by side on its connection.
    Processes: it can be pickled, and is then the client of the same arguments elsewhere; after a
    fork, it connects anew by itself.
    """

    _grpc = grpc

    def __enter__(self) -> "Client":
        return self

    def __exit__(
        self,
        exception_type: type[BaseException] | None,
        exception: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Ends the connection; calls that are still running raise Cancelled."""
        self._channel.close()
        self._server.close()

    def evaluate(
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
        """Evaluates one activation over one input, or two for a gated pair.

        The arguments are those of Evaluation, and of `evaluate_batch`. Errors: also TypeError and
        ValueError, before the call, for what cannot be sent.
        """
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
        return self.evaluate_batch(
            [evaluation], progress=progress, timeout=timeout, metadata=metadata
        )[0]

    def evaluate_batch(
        self,
        evaluations: Sequence[Evaluation],
        *,
        progress: Progress = False,
        timeout: Timeout = UNSET,
        metadata: Metadata = (),
    ) -> list[Result]:
        """Evaluates several, all or nothing; an array that several use is sent once a call.

        Large arrays are streamed, or lie in memory that is shared with a server on this machine; a
        large batch goes in several calls. The bits are the same by every way.

        progress: True shows a bar; a function is told the bytes done, and of how many.

        Errors: as `evaluate`.
        """
        dialogue = routes.evaluate(list(evaluations), self._server, reporter(progress))
        return run(dialogue, self._caller(timeout, metadata))

    def empty(self, shape: int | Sequence[int], dtype: DTypeLike = np.float64) -> Array:
        """An array for inputs, which need not be copied to be evaluated where memory is shared.

        Its contents are whatever they are, as of numpy.empty; which it is where the server shares
        no memory with this client, or not so much now.
        """
        return run(server.empty(self._server, shape, np.dtype(dtype)), self._caller(UNSET, ()))

    def list_activations(
        self, *, timeout: Timeout = UNSET, metadata: Metadata = ()
    ) -> list[catalogue.ActivationDescription]:
        """The catalogue, in its order."""
        return run(server.ask_activations(), self._caller(timeout, metadata))

    def describe(
        self, name: str, *, timeout: Timeout = UNSET, metadata: Metadata = ()
    ) -> catalogue.ActivationDescription:
        """What the catalogue says about the activation with this name or alias.

        Errors: LookupError where there is none, with the nearest names, or with the activation and
        the arguments that the name stands for.
        """
        return run(server.ask_activation(name), self._caller(timeout, metadata))

    def server_info(
        self, *, timeout: Timeout = UNSET, metadata: Metadata = ()
    ) -> catalogue.ServerInfo:
        """Version, CPU target, threads and limits of the server."""
        return run(server.ask_info(), self._caller(timeout, metadata))

    def is_healthy(
        self,
        service: str = "rectifier.v1.ActivationService",
        *,
        timeout: Timeout = UNSET,
        metadata: Metadata = (),
    ) -> bool:
        """Whether the server says that it is ready; of the service "", whether it is alive."""
        return run(server.ask_health(service), self._caller(timeout, metadata))
