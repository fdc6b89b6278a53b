"""What the clients have in common: how they are made, shown, pickled."""

import os
from collections.abc import Mapping, Sequence
from types import EllipsisType
from typing import Any

from rectifier.channel import Channel, OwnChannel, join_targets
from rectifier.exchange import Caller, Metadata
from rectifier.security import Security
from rectifier.server import Server
from rectifier.target import default_target

Timeout = float | None | EllipsisType
UNSET = ...
"""The client's own timeout."""


class ClientBase:
    """Client and AsyncClient."""

    _grpc: Any
    """The module that makes channels: grpc or grpc.aio."""

    def __init__(
        self,
        target: str | Sequence[str] | None = None,
        *,
        timeout: float | None = 60.0,
        metadata: Metadata = (),
        security: Security | None = None,
        shared_memory: bool = True,
        channel: Any = None,
    ) -> None:
        """Connects at the first call.

        target: `unix:/run/rectifier/rectifierd.sock` or `localhost:50051`, or several `IP:port` as
            a sequence or with commas between, over which calls are spread; default: the environment
            variable RECTIFIER_TARGET, else `default_target()`.
        timeout: seconds that each call may take; None: no end.
        metadata: sent with every call.
        security: TLS and token; default: what the environment says (`Security.from_environment`).
        shared_memory: whether large arrays may be shared with a server at a unix socket. Results
            are then memory of the server's, which it has only so much of.
        channel: a channel of your own instead of `target` and `security` (interceptors), which
            stays open when the client is closed.

        Errors: OSError and ValueError for files and tokens of `security` that cannot be used.
        """
        if channel is not None and target is not None:
            raise ValueError(f"both target {target!r} and a channel are given; one is needed")
        if channel is not None and security is not None:
            raise ValueError("both security and a channel are given; one is needed")
        self.timeout = timeout
        self.metadata = pairs(metadata)
        # What a copy in another process is made of: there the environment may say something else.
        self._arguments = {
            "target": target,
            "timeout": timeout,
            "metadata": self.metadata,
            "security": security,
            "shared_memory": shared_memory,
        }
        self._channel: Channel | OwnChannel = (
            _open(target, security, self._grpc) if channel is None else OwnChannel(channel)
        )
        self._server = Server(self._channel.target, shared_memory)

    @property
    def target(self) -> str:
        """The gRPC target; empty where the channel is the caller's own."""
        return self._channel.target

    def __repr__(self) -> str:
        where = repr(self.target) if self.target else "channel=..."
        return f"{type(self).__name__}({where}, timeout={self.timeout})"

    def __reduce__(self) -> Any:
        if isinstance(self._channel, OwnChannel):
            raise TypeError(
                f"a {type(self).__name__} with a channel of its own cannot be pickled; one that is "
                "made with a target can"
            )
        return _make, (type(self), self._arguments)

    def _caller(self, timeout: Timeout, metadata: Metadata) -> Caller:
        if isinstance(timeout, EllipsisType):
            timeout = self.timeout
        every = (*self._channel.metadata, *self.metadata, *pairs(metadata))
        return Caller(self._channel, timeout, every)


def pairs(metadata: Metadata) -> tuple[tuple[str, str], ...]:
    items = metadata.items() if isinstance(metadata, Mapping) else metadata
    return tuple((key, value) for key, value in items)


def _open(target: str | Sequence[str] | None, security: Security | None, grpc: Any) -> Channel:
    joined = join_targets(target or os.environ.get("RECTIFIER_TARGET") or default_target())
    return Channel(joined, security or Security.from_environment(), grpc)


def _make(kind: type[ClientBase], arguments: Mapping[str, Any]) -> ClientBase:
    return kind(**arguments)
