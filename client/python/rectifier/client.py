"""The client: one method per RPC, and one for the common case of a single evaluation."""

import difflib
import os
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Any

import grpc

from rectifier import catalogue, errors
from rectifier.evaluation import Argument, Evaluation
from rectifier.request import Request
from rectifier.result import Result, from_message
from rectifier.security import Security
from rectifier.target import default_target
from rectifier.tensor import TensorLike
from rectifier.v1 import activation_pb2 as pb
from rectifier.v1.activation_pb2_grpc import ActivationServiceStub

# The server has limits of its own and says so; gRPC's default of 4 MiB is not one of them.
_CHANNEL_OPTIONS = [
    ("grpc.max_receive_message_length", -1),
    ("grpc.max_send_message_length", -1),
]


class Client:
    """Calls a Rectifier server.

    Errors: every method that calls the server raises a RectifierError where the call fails.
    Threads: thread-safe; share one client, calls run side by side on its connection. After a
    `fork`, make a new one: gRPC channels do not survive it.
    """

    def __init__(
        self,
        target: str | None = None,
        *,
        timeout: float | None = 60.0,
        security: Security | None = None,
        channel: grpc.Channel | None = None,
    ) -> None:
        """Connects at the first call.

        target: a gRPC target, `unix:/run/rectifier/rectifierd.sock` or `localhost:50051`; default:
            the environment variable RECTIFIER_TARGET, else `default_target()`.
        timeout: seconds that each call may take; None: no end.
        security: TLS and token; default: what the environment says (`Security.from_environment`).
        channel: a channel of your own instead of `target` and `security` (interceptors), which
            stays open when the client is closed.

        Errors: OSError and ValueError for files and tokens of `security` that cannot be used.
        """
        if channel is not None and target is not None:
            raise ValueError(f"both target {target!r} and a channel are given; one is needed")
        if channel is not None and security is not None:
            raise ValueError("both security and a channel are given; one is needed")
        self.timeout = timeout
        self._own_channel = None
        self._metadata: tuple[tuple[str, str], ...] = ()
        if channel is None:
            target = target or os.environ.get("RECTIFIER_TARGET") or default_target()
            security = security or Security.from_environment()
            self._metadata = security.metadata(target)
            channel = self._own_channel = security.open_channel(target, _CHANNEL_OPTIONS)
        self._stub = ActivationServiceStub(channel)  # type: ignore[no-untyped-call]

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
        if self._own_channel is not None:
            self._own_channel.close()

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
    ) -> Result:
        """Evaluates one activation over one input, or two for a gated pair.

        The arguments are those of Evaluation. Errors: also TypeError and ValueError, before the
        call, for what cannot be sent.
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
        )
        return self.evaluate_batch([evaluation])[0]

    def evaluate_batch(self, evaluations: Sequence[Evaluation]) -> list[Result]:
        """Evaluates several at once, all or nothing; an array that several use is sent once.

        Errors: as `evaluate`.
        """
        request = Request(evaluations)
        response = self._call(self._stub.Evaluate, request.message)
        return [from_message(*pair) for pair in zip(response.results, request.dtypes, strict=True)]

    def list_activations(self) -> list[catalogue.ActivationDescription]:
        """The catalogue, in its order."""
        response = self._call(self._stub.ListActivations, pb.ListActivationsRequest())
        return [catalogue.activation_description(message) for message in response.activations]

    def describe(self, name: str) -> catalogue.ActivationDescription:
        """What the catalogue says about the activation with this name or alias.

        Errors: LookupError where there is none, with the nearest names, or with the activation and
        the arguments that the name stands for.
        """
        if not isinstance(name, str):
            raise TypeError(f"name: a string is needed, not {type(name).__name__} ({name!r})")
        known = {}
        others = {}
        for description in self.list_activations():
            known.update(dict.fromkeys((description.name, *description.aliases), description))
            for other, arguments in description.other_names:
                others[other] = f"{description.name!r} with {arguments}"
        name = name if name in known else name.rpartition(".")[2]  # torch.nn.ReLU
        if name not in known:
            nearest = difflib.get_close_matches(name, known)
            hint = f"; did you mean {' or '.join(nearest)}?" if nearest else ""
            if name in others:
                hint = f"; it is {others[name]}"
            raise LookupError(f"no activation is called {name!r}{hint}")
        return known[name]

    def server_info(self) -> catalogue.ServerInfo:
        """Version, CPU target, threads and limits of the server."""
        return catalogue.server_info(
            self._call(self._stub.GetServerInfo, pb.GetServerInfoRequest())
        )

    def _call(self, method: Any, request: Any) -> Any:
        try:
            return method(request, timeout=self.timeout, metadata=self._metadata or None)
        except grpc.RpcError as error:
            raise errors.from_call(error) from error
