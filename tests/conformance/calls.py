"""Calls the server with plain stubs: a case as a request, a reply as results or an error."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import grpc
from rectifier.v1 import activation_pb2 as pb
from rectifier.v1 import status_pb2

from vectors import Case, Error, Evaluation, Result, Tensor, TensorArgument

SERVICE = "/rectifier.v1.ActivationService"
DETAILS = "grpc-status-details-bin"
DEADLINE = 60  # seconds

_NAMES = {number: name for name, number in pb.ElementType.items()}


def connected(target: str) -> grpc.Channel:
    """Takes messages of any size, as the clients do."""
    sizes = ("grpc.max_receive_message_length", "grpc.max_send_message_length")
    return grpc.insecure_channel(target, options=[(size, -1) for size in sizes])


def element_type(name: str) -> Any:
    return pb.ElementType.Value(f"ELEMENT_TYPE_{name.upper()}")


def quantity(name: str) -> Any:
    return pb.Quantity.Value(f"QUANTITY_{name.upper()}")


def to_request(case: Case) -> pb.EvaluateRequest:
    request = pb.EvaluateRequest()
    for tensor in case.tensors:
        request.tensors.add(
            element_type=element_type(tensor.type), shape=tensor.shape, data=tensor.data
        )
    for evaluation in case.evaluations:
        _fill(request.evaluations.add(), evaluation)
    return request


def _fill(message: Any, evaluation: Evaluation) -> None:
    message.inputs.extend(evaluation.inputs)
    message.activation.name = evaluation.activation
    message.activation.preset = evaluation.preset
    message.quantities.extend(map(quantity, evaluation.quantities))
    if evaluation.upstream is not None:
        message.upstream = evaluation.upstream
    for name, argument in evaluation.arguments.items():
        entry = message.activation.arguments[name]
        if isinstance(argument, str):
            entry.word = argument
        elif isinstance(argument, TensorArgument):
            entry.tensor = argument.index
            if argument.axis is not None:
                entry.axis = argument.axis
        else:
            entry.number = argument


def call(channel: grpc.Channel, case: Case) -> tuple[Result, ...] | Error:
    """What the server makes of the case."""
    metadata = [("authorization", f"Bearer {case.token}")] if case.token is not None else None
    timeout = DEADLINE if case.timeout is None else case.timeout
    try:
        if case.stream is not None:
            method = channel.stream_stream(f"{SERVICE}/EvaluateStream")
            for _ in method(iter(case.stream), timeout=timeout, metadata=metadata):
                pass
            return ()
        data = case.request
        if data is None:
            data = to_request(case).SerializeToString()
        method = channel.unary_unary(f"{SERVICE}/Evaluate")
        reply = method(data, timeout=timeout, metadata=metadata)
    except grpc.RpcError as error:
        return to_error(error)
    return tuple(map(_to_result, pb.EvaluateResponse.FromString(reply).results))


def _to_result(message: Any) -> Result:
    def optional(name: str) -> Tensor | None:
        return _to_tensor(getattr(message, name)) if message.HasField(name) else None

    return Result(
        optional("value"),
        tuple(map(_to_tensor, message.gradients)),
        optional("second_derivative"),
        {item.parameter: _to_tensor(item.gradient) for item in message.parameter_gradients},
    )


def _to_tensor(message: Any) -> Tensor:
    type_ = _NAMES[message.element_type].removeprefix("ELEMENT_TYPE_").lower()
    return Tensor(type_, tuple(message.shape), message.data)


def to_error(error: grpc.RpcError) -> Error:
    """The code, and what the details say."""
    found: dict[str, Any] = {}
    for name, packed in _details(error):
        if name == "BadRequest":
            violations = status_pb2.BadRequest.FromString(packed).field_violations
            found["fields"] = tuple(violation.field for violation in violations)
        elif name == "ErrorInfo":
            info = status_pb2.ErrorInfo.FromString(packed)
            found["reason"] = info.reason
            if "element" in info.metadata:
                found["element"] = int(info.metadata["element"])
        elif name == "RetryInfo":
            found["retry"] = True
    return Error(error.code().name, **found, text=error.details() or "")


def _details(error: grpc.RpcError) -> Iterator[tuple[str, bytes]]:
    for key, value in error.trailing_metadata() or ():
        if key == DETAILS:
            for packed in status_pb2.Status.FromString(value).details:
                yield packed.type_url.rpartition("google.rpc.")[2], packed.value
