"""What a client asks of a server, step by step, whether it waits in a thread or in asyncio.

Each way to evaluate is a generator that yields steps and is sent their results. `Client` and
`AsyncClient` carry the steps out, each in its manner, so that the ways exist once.
"""

import asyncio
import time
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Any, Protocol, TypeVar

import grpc

from rectifier import errors

# Of a stream whose end is hidden, as often as gRPC tries a call.
_ATTEMPTS = 5

Metadata = Mapping[str, str] | Sequence[tuple[str, str]]
Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Method:
    """A method of the server. Requests are bytes already."""

    name: str
    """With its service: `/rectifier.v1.ActivationService/Evaluate`."""
    response: Any
    """The message that it answers with."""
    is_stream: bool = False

    def on(self, channel: Any) -> Any:
        """What calls it on `channel`, a channel of grpc or grpc.aio."""
        kind = channel.stream_stream if self.is_stream else channel.unary_unary
        return kind(self.name, response_deserializer=self.response.FromString)


@dataclass
class Caller:
    """By whom, where and until when the steps of one call are carried out."""

    channel: Any
    """A Channel or OwnChannel."""
    timeout: float | None
    metadata: Sequence[tuple[str, str]]

    def __post_init__(self) -> None:
        self._begin = time.monotonic()

    def keywords(self) -> dict[str, Any]:
        """Of a gRPC call: all steps share the time that the call may take.

        Errors: DeadlineExceeded where that has passed.
        """
        left = None
        if self.timeout is not None:
            left = self.timeout - (time.monotonic() - self._begin)
            if left <= 0:
                raise errors.deadline_exceeded(self.channel.target, self.timeout)
        return {"timeout": left, "metadata": tuple(self.metadata) or None}

    def error(self, error: grpc.RpcError) -> errors.RectifierError:
        return errors.from_call(error, self.channel.target, self.timeout)


class Step(Protocol):
    """What a client carries out. Errors: RectifierError where a call fails."""

    def run(self, caller: Caller) -> Any: ...

    async def run_async(self, caller: Caller) -> Any: ...


Dialogue = Generator[Step, Any, Answer]


@dataclass(frozen=True)
class Call:
    """One request, one response, which is the result."""

    method: Method
    request: bytes
    is_tried_once: bool = False

    def run(self, caller: Caller) -> Any:
        try:
            return self._method_of(caller)(self.request, **caller.keywords())
        except grpc.RpcError as error:
            raise caller.error(error) from error

    async def run_async(self, caller: Caller) -> Any:
        try:
            return await self._method_of(caller)(self.request, **caller.keywords())
        except grpc.RpcError as error:
            raise caller.error(error) from error

    def _method_of(self, caller: Caller) -> Any:
        return caller.channel.method(self.method, is_tried_once=self.is_tried_once)


@dataclass(frozen=True)
class Stream:
    """Many requests, and many responses, each of which `take` takes. The result is None."""

    method: Method
    requests: Iterable[bytes]
    take: Callable[[Any], None]

    def run(self, caller: Caller) -> None:
        call = caller.channel.method(self.method)(iter(self.requests), **caller.keywords())
        try:
            for response in call:
                self.take(response)
        except grpc.RpcError as error:
            raise caller.error(error) from error
        finally:
            call.cancel()  # where `take` has failed; else it is over

    async def run_async(self, caller: Caller) -> None:
        hidden = await self._attempt(caller, self.requests)
        for _ in range(_ATTEMPTS - 1):
            if hidden is None:
                return
            await self._ask_why(caller, hidden)
            hidden = await self._attempt(caller, self.requests)
        if hidden is not None:
            raise hidden

    async def _attempt(
        self, caller: Caller, requests: Iterable[bytes]
    ) -> errors.RectifierError | None:
        """None, or an error that hides how the call ended, which had no response."""
        call = caller.channel.method(self.method)(iter(requests), **caller.keywords())
        is_answered = False
        try:
            async for response in call:
                is_answered = True
                self.take(response)
        except grpc.RpcError as error:
            if is_answered or not _is_hidden(error):
                raise caller.error(error) from error
            return caller.error(error)
        finally:
            call.cancel()
        return None

    async def _ask_why(self, caller: Caller, hidden: errors.RectifierError) -> None:
        """Raises what the server says of the first request alone, if that is at fault."""
        try:
            await self._attempt(caller, islice(self.requests, 1))
        except errors.RectifierError as error:
            if error.reason != "STREAM_TOO_SHORT":
                raise error from hidden


def _is_hidden(error: grpc.RpcError) -> bool:
    """Whether it only says that a request could not be sent.

    grpc.aio 1.85 says so where the server has ended the call meanwhile, and forgets why.
    """
    is_internal: bool = error.code() is grpc.StatusCode.INTERNAL
    return is_internal and "execute_batch" in (error.debug_error_string() or "")


@dataclass(frozen=True)
class Work:
    """Something that takes a while in this process. Its result is that of `function`."""

    function: Callable[[], Any]

    def run(self, caller: Caller) -> Any:
        return self.function()

    async def run_async(self, caller: Caller) -> Any:
        return await asyncio.to_thread(self.function)


def run(dialogue: Dialogue[Answer], caller: Caller) -> Answer:
    """Carries out the steps in this thread. Errors: those of the steps that the dialogue leaves."""
    resume: Callable[[], Step] = partial(dialogue.send, None)
    while True:
        try:
            step = resume()
        except StopIteration as end:
            answer: Answer = end.value
            return answer
        try:
            resume = partial(dialogue.send, step.run(caller))
        except errors.RectifierError as error:
            resume = partial(dialogue.throw, error)


async def run_async(dialogue: Dialogue[Answer], caller: Caller) -> Answer:
    """As `run`, in asyncio."""
    resume: Callable[[], Step] = partial(dialogue.send, None)
    while True:
        try:
            step = resume()
        except StopIteration as end:
            answer: Answer = end.value
            return answer
        try:
            resume = partial(dialogue.send, await step.run_async(caller))
        except errors.RectifierError as error:
            resume = partial(dialogue.throw, error)
