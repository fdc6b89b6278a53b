"""Failed calls as exceptions, with the field at fault where the server names one."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import grpc

from rectifier.v1 import status_pb2

_DETAILS_KEY = "grpc-status-details-bin"


@dataclass(frozen=True)
class Violation:
    """A field of the request at fault."""

    field: str
    """Its path: `evaluations[0].activation.arguments["beta"]`."""
    description: str
    """What was given, and what is allowed."""


class RectifierError(Exception):
    """A call failed. `str(error)` is the server's message."""

    def __init__(
        self,
        message: str,
        code: grpc.StatusCode = grpc.StatusCode.UNKNOWN,
        reason: str = "",
        violations: tuple[Violation, ...] = (),
        retry_delay: float | None = None,
        metadata: Mapping[str, str] | None = None,
        target: str = "",
        timeout: float | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        """The gRPC status code."""
        self.reason = reason
        """The cause, for programs: `ARGUMENT_OUT_OF_RANGE`; empty where the server gives none."""
        self.violations = violations
        """The fields of the request at fault."""
        self.retry_delay = retry_delay
        """Seconds to wait before a retry that makes sense; None where the server names none."""
        self.metadata = dict(metadata or {})
        """More for programs: `element`, the index of the element of a tensor at fault."""
        self.target = target
        """Whom the call went to; empty where the channel is the caller's own."""
        self.timeout = timeout
        """Seconds that the call was given; None: no end."""


class InvalidArgument(RectifierError):
    """The request is at fault; `violations` names the fields. No retry cures it."""


class ResourceExhausted(RectifierError):
    """Too much in flight: try again after `retry_delay`. Without one: the message is too large."""


class Unavailable(RectifierError):
    """No server answers, or it is shutting down, or its certificate is not trusted."""


class DeadlineExceeded(RectifierError):
    """The timeout passed."""


class Cancelled(RectifierError):
    """The call was given up before it was done: the client was closed meanwhile."""


class Unauthenticated(RectifierError):
    """The server asks for a token, and there is none, or it is none of the server's."""


class PermissionDenied(RectifierError):
    """The server knows who calls, and does not allow it."""


class Internal(RectifierError):
    """A defect of the server or of the connection."""


_CLASSES = {
    grpc.StatusCode.INVALID_ARGUMENT: InvalidArgument,
    grpc.StatusCode.RESOURCE_EXHAUSTED: ResourceExhausted,
    grpc.StatusCode.UNAVAILABLE: Unavailable,
    grpc.StatusCode.DEADLINE_EXCEEDED: DeadlineExceeded,
    grpc.StatusCode.CANCELLED: Cancelled,
    grpc.StatusCode.UNAUTHENTICATED: Unauthenticated,
    grpc.StatusCode.PERMISSION_DENIED: PermissionDenied,
    grpc.StatusCode.INTERNAL: Internal,
}


def from_call(
    call: grpc.RpcError, target: str = "", timeout: float | None = None
) -> RectifierError:
    """The exception for a failed call; codes without a class of their own are a RectifierError."""
    details = _Details.of(call)
    code = call.code()
    return class_of(code)(
        _message(call.details() or code.name, code, target, timeout),
        code,
        details.reason,
        details.violations,
        details.retry_delay,
        details.metadata,
        target,
        timeout,
    )


def class_of(code: grpc.StatusCode) -> type[RectifierError]:
    """The class of errors with `code`."""
    return _CLASSES.get(code, RectifierError)


def renamed(
    error: RectifierError, pattern: str, replacement: str | Callable[[re.Match[str]], str]
) -> RectifierError:
    """The same error, in whose fields `pattern`, a regular expression, is replaced."""
    arguments: dict[str, Any] = vars(error) | {
        "violations": tuple(
            Violation(re.sub(pattern, replacement, violation.field), violation.description)
            for violation in error.violations
        )
    }
    return type(error)(re.sub(pattern, replacement, str(error)), **arguments)


def refusal(field: str, description: str, reason: str) -> InvalidArgument:
    """What the server would answer, before anything is sent to it."""
    code = grpc.StatusCode.INVALID_ARGUMENT
    violations = (Violation(field, description),)
    return InvalidArgument(f"{field}: {description}", code, reason, violations)


def deadline_exceeded(target: str, timeout: float) -> RectifierError:
    """Before a call that no time is left for."""
    code = grpc.StatusCode.DEADLINE_EXCEEDED
    message = _message("Deadline Exceeded", code, target, timeout)
    return DeadlineExceeded(message, code, target=target, timeout=timeout)


def internal(message: str) -> Internal:
    """What came back is not what was asked for."""
    return Internal(message, grpc.StatusCode.INTERNAL)


def _message(message: str, code: grpc.StatusCode, target: str, timeout: float | None) -> str:
    """Where nobody answered, or not in time, says whom was called and how long that was given."""
    where = f" (calling {target})" if target and target not in message else ""
    if code is grpc.StatusCode.DEADLINE_EXCEEDED and timeout is not None:
        return f"{message} after {timeout:g} s{where}; a larger `timeout` gives it longer"
    return message + where if code is grpc.StatusCode.UNAVAILABLE else message


@dataclass
class _Details:
    """What the google.rpc messages in the trailing metadata say."""

    reason: str = ""
    violations: tuple[Violation, ...] = ()
    retry_delay: float | None = None
    metadata: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, call: grpc.RpcError) -> "_Details":
        details = cls()
        for key, value in call.trailing_metadata() or ():
            if key == _DETAILS_KEY:
                for packed in status_pb2.Status.FromString(value).details:
                    details._add(packed.type_url.rpartition("/")[2], packed.value)
        return details

    def _add(self, type_name: str, data: bytes) -> None:
        if type_name == "google.rpc.BadRequest":
            self.violations = tuple(
                Violation(violation.field, violation.description)
                for violation in status_pb2.BadRequest.FromString(data).field_violations
            )
        elif type_name == "google.rpc.ErrorInfo":
            info = status_pb2.ErrorInfo.FromString(data)
            self.reason, self.metadata = info.reason, dict(info.metadata)
        elif type_name == "google.rpc.RetryInfo":
            delay = status_pb2.RetryInfo.FromString(data).retry_delay
            self.retry_delay = delay.seconds + delay.nanos / 1e9
