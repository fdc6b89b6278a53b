"""The gRPC channel of a client: what it is made with, and one for each process."""

import asyncio
import ipaddress
import json
import re
import threading
from collections.abc import Sequence
from typing import Any

import grpc.aio

from rectifier.exchange import Method
from rectifier.forks import forget_in_forks
from rectifier.security import Security

# Calls are spread over all addresses that the target stands for. A call that found no server, or
# one that is full or shutting down, is tried again: after the time that the server names, else
# after one that doubles. No evaluation changes anything in the server, so a retry is always safe.
_SERVICE_CONFIG = {
    "loadBalancingConfig": [{"round_robin": {}}],
    "methodConfig": [
        {
            "name": [{"service": "rectifier.v1.ActivationService"}],
            "retryPolicy": {
                "maxAttempts": 5,
                "initialBackoff": "0.1s",
                "maxBackoff": "2s",
                "backoffMultiplier": 2,
                "retryableStatusCodes": ["UNAVAILABLE", "RESOURCE_EXHAUSTED"],
            },
        }
    ],
}

_BASIC_OPTIONS: tuple[tuple[str, object], ...] = (
    # The server has limits of its own and says so; gRPC's default of 4 MiB is not one of them.
    ("grpc.max_receive_message_length", -1),
    ("grpc.max_send_message_length", -1),
    # This notices a machine that has vanished. The server allows a ping every 5 s.
    ("grpc.keepalive_time_ms", 30_000),
    ("grpc.keepalive_timeout_ms", 20_000),
    ("grpc.http2.max_pings_without_data", 0),
    # Else channels of one process share connections, also with one that a fork has left behind.
    ("grpc.use_local_subchannel_pool", 1),
)

OPTIONS: tuple[tuple[str, object], ...] = (
    *_BASIC_OPTIONS,
    ("grpc.service_config", json.dumps(_SERVICE_CONFIG)),
    ("grpc.enable_retries", 1),
    # A request that does not fit is not tried again. It is kept by reference, not copied.
    ("grpc.per_rpc_retry_buffer_size", 1 << 30),
)

# gRPC decides by channel what is tried again, so calls of one attempt have a channel of their own.
_ONCE_OPTIONS = (*_BASIC_OPTIONS, ("grpc.enable_retries", 0))


def join_targets(target: str | Sequence[str]) -> str:
    """One gRPC target for one or several, given as a sequence or with commas between.

    Errors: ValueError where several are not all IPv4 or all IPv6 addresses: a name may stand for
    several by itself, and unix sockets are for one server.
    """
    if isinstance(target, str) and target.startswith("unix"):
        return target  # in whose path there may be commas
    targets = target.split(",") if isinstance(target, str) else list(target)
    if len(targets) == 1:
        return targets[0]
    if targets and re.match(r"ipv[46]:", targets[0]):
        return ",".join(targets)
    versions = {_ip_version(address) for address in targets}
    if versions in ({4}, {6}):
        return f"ipv{versions.pop()}:{','.join(targets)}"
    raise ValueError(
        f"target: {', '.join(targets) or 'none'} given; several must all be IPv4 or all be IPv6 "
        "addresses with a port; a name may stand for several addresses by itself"
    )


def _ip_version(target: str) -> int | None:
    host, _, port = target.rpartition(":")
    try:
        return ipaddress.ip_address(host.strip("[]")).version if port.isdigit() else None
    except ValueError:
        return None


class Channel:
    """Opens at the first call, and anew in each process that a fork makes, and each event loop.

    A gRPC channel does not survive a fork, since its threads stay with the parent; one of asyncio
    belongs to a loop. Thread-safe.
    """

    def __init__(self, target: str, security: Security, grpc_module: Any) -> None:
        """grpc_module: grpc or grpc.aio. Errors: as those of Security."""
        self.target = target
        self.metadata = security.metadata(target)
        security.credentials()  # tells before the first call what is wrong with the files
        self._security = security
        self._grpc = grpc_module
        self._is_closed = False
        self._left_behind: list[Any] = []
        self._lock = threading.Lock()
        self._channels: dict[bool, Any] = {}  # by whether calls are tried once
        self._loop: asyncio.AbstractEventLoop | None = None
        self._methods: dict[tuple[str, bool], Any] = {}
        forget_in_forks(self)

    def forget(self) -> None:
        """Leaves the channels to the parent, in the child; they are kept: their end would hang."""
        self._left_behind.append(self._channels)
        self._lock = threading.Lock()
        self._channels = {}
        self._methods = {}

    def method(self, method: Method, *, is_tried_once: bool = False) -> Any:
        """What calls `method` on this process's channel."""
        with self._lock:
            if self._is_closed:
                raise ValueError("the client is closed; make a new one")
            loop = asyncio.get_running_loop() if self._grpc is grpc.aio else None
            if self._loop is not loop:
                self._channels, self._methods, self._loop = {}, {}, loop
            key = (method.name, is_tried_once)
            if key not in self._methods:
                self._methods[key] = method.on(self._open(is_tried_once))
            return self._methods[key]

    def _open(self, is_tried_once: bool) -> Any:
        if is_tried_once not in self._channels:
            options = _ONCE_OPTIONS if is_tried_once else OPTIONS
            opened = self._security.open_channel(self.target, options, self._grpc)
            self._channels[is_tried_once] = opened
        return self._channels[is_tried_once]

    def close(self) -> list[Any]:
        """What gRPC's close of each open channel gives: to be awaited where that is asyncio's."""
        with self._lock:
            self._is_closed = True
            return [channel.close() for channel in self._channels.values()]


class OwnChannel:
    """A channel that the caller has made, and closes."""

    target = ""
    metadata: tuple[tuple[str, str], ...] = ()

    def __init__(self, channel: Any) -> None:
        self._channel = channel

    def method(self, method: Method, *, is_tried_once: bool = False) -> Any:
        """It is tried as often as the caller's channel does that."""
        return method.on(self._channel)

    def close(self) -> list[Any]:
        """Leaves it open."""
        return []
