"""What the server would refuse, refused before a large array is sent to it."""

from rectifier import errors
from rectifier.catalogue import Limits
from rectifier.outputs import Shape
from rectifier.request import Request
from rectifier.v1 import activation_pb2 as pb


def check(request: Request, limits: Limits) -> None:
    """Errors: InvalidArgument, as the server's own, where no way to evaluate avoids a limit."""
    for i, tensor in enumerate(request.message.tensors):
        rank = len(tensor.shape)
        if rank > limits.max_rank:
            given = f"{rank} dimensions given; the server allows {limits.max_rank}: reshape() it"
            raise _shape_refusal(request, i, given, "RANK_TOO_HIGH")
    for i, evaluation in enumerate(request.message.evaluations, request.first):
        _check_arguments(request, evaluation, f"evaluations[{i}].activation.arguments", limits)


def _check_arguments(
    request: Request, evaluation: pb.Evaluation, path: str, limits: Limits
) -> None:
    arguments = evaluation.activation.arguments
    if len(arguments) > limits.max_arguments:
        given = f"{len(arguments)} given; the server allows {limits.max_arguments}"
        raise errors.refusal(path, given, "TOO_MANY_ARGUMENTS")
    tensors = {a.tensor for a in arguments.values() if a.WhichOneof("value") == "tensor"}
    for i in tensors:
        if request.arrays[i].size > limits.max_elements:
            given = f"{request.arrays[i].size} elements; the server allows {limits.max_elements}"
            raise _shape_refusal(request, i, given, "TOO_MANY_ELEMENTS")
    size = sum(request.arrays[i].nbytes for i in tensors)
    if size > limits.max_message_bytes:
        given = (
            f"{size} bytes in all; arguments go in one message, of which the server allows "
            f"{limits.max_message_bytes}: evaluate parts of the input with their parts of them"
        )
        raise errors.refusal(path, given, "ARGUMENTS_TOO_LARGE")


def _shape_refusal(
    request: Request, i: int, description: str, reason: str
) -> errors.InvalidArgument:
    """Of a tensor, by the server's path for it; the description has the caller's."""
    return errors.refusal(f"tensors[{i}].shape", f"{request.fields[i]}: {description}", reason)


def check_stream(request: Request, value_shape: Shape | None) -> None:
    """Checks that inputs and upstream are alike: a stream has one shape and type for them.

    request: of one evaluation. value_shape: of its value, where it is known.
    Errors: InvalidArgument, as the server's own.
    """
    (evaluation,) = request.message.evaluations
    first = request.message.tensors[evaluation.inputs[0]]
    for i in evaluation.inputs[1:]:
        other = request.message.tensors[i]
        if other.shape != first.shape:
            given = f"shape {list(other.shape)}; that of the first input is {list(first.shape)}"
            raise errors.refusal(request.fields[i], given, "SHAPE_MISMATCH")
        _check_type(request, i, first)
    if evaluation.HasField("upstream"):
        _check_type(request, evaluation.upstream, first)
        given_shape = request.arrays[evaluation.upstream].shape
        if value_shape is not None and given_shape != value_shape:
            raise upstream_refusal(request, evaluation, value_shape)


def upstream_refusal(
    request: Request, evaluation: pb.Evaluation, value_shape: Shape
) -> errors.InvalidArgument:
    """For an upstream that has not the output's shape."""
    given = list(request.arrays[evaluation.upstream].shape)
    description = f"shape {given}; that of the output is {list(value_shape)}"
    return errors.refusal(f"evaluations[{request.first}].upstream", description, "SHAPE_MISMATCH")


def _check_type(request: Request, i: int, first: pb.Tensor) -> None:
    tensor = request.message.tensors[i]
    if tensor.element_type != first.element_type:
        given, needed = (pb.ElementType.Name(t.element_type) for t in (tensor, first))
        raise errors.refusal(
            request.fields[i], f"{given}; the input is {needed}", "ELEMENT_TYPE_MISMATCH"
        )
