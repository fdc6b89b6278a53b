"""Evaluations to an EvaluateRequest, in which each array is sent once."""

import operator
from collections.abc import Mapping, Sequence
from numbers import Real
from typing import Any

import numpy as np

from rectifier.evaluation import Argument, Evaluation, PerChannel
from rectifier.tensor import ResultDtypes, TensorLike, as_array, encode, refuse_masked
from rectifier.v1 import activation_pb2 as pb

# Of one protobuf message, in every language. The server's own limit is usually lower.
_MAX_MESSAGE_BYTES = 2**31 - 1


class Request:
    """The message for some evaluations, and what is needed to read its reply."""

    def __init__(self, evaluations: Sequence[Evaluation]) -> None:
        """Errors: TypeError or ValueError, which name the field as the server would."""
        self.message = pb.EvaluateRequest()
        self.dtypes: list[ResultDtypes] = []
        """By evaluation, the dtypes of its results."""
        self._dtype_of_tensor: list[np.dtype[Any]] = []
        self._sources: list[TensorLike] = []  # kept alive, so that each id stays that of its object
        self._index_of_id: dict[int, int] = {}
        self._payload_bytes = 0
        for i, evaluation in enumerate(evaluations):
            self._add_evaluation(evaluation, f"evaluations[{i}]")

    def _add_evaluation(self, evaluation: Evaluation, path: str) -> None:
        if not evaluation.inputs:
            raise ValueError(f"{path}.inputs: empty; one tensor is needed, or two for a gated pair")
        message = self.message.evaluations.add()
        for i, source in enumerate(evaluation.inputs):
            message.inputs.append(self._add_tensor(source, f"{path}.inputs[{i}]"))
        message.activation.name = _name(evaluation.activation, f"{path}.activation.name")
        message.activation.preset = _name(evaluation.preset, f"{path}.activation.preset")
        self._set_arguments(
            message.activation, evaluation.arguments, f"{path}.activation.arguments"
        )
        if evaluation.upstream is not None:
            message.upstream = self._add_tensor(evaluation.upstream, f"{path}.upstream")
        message.quantities.extend(_quantities(evaluation, path))
        self.dtypes.append(self._result_dtypes(message))

    def _result_dtypes(self, message: pb.Evaluation) -> ResultDtypes:
        tensors = (
            argument.tensor
            for argument in message.activation.arguments.values()
            if argument.WhichOneof("value") == "tensor"
        )
        bfloat16 = (
            self._dtype_of_tensor[tensor]
            for tensor in tensors
            if self.message.tensors[tensor].element_type == pb.ELEMENT_TYPE_BFLOAT16
        )
        return ResultDtypes(
            input=self._dtype_of_tensor[message.inputs[0]],
            bfloat16=next(bfloat16, np.dtype(np.uint16)),
        )

    def _set_arguments(
        self, message: pb.Activation, arguments: Mapping[str, Argument], path: str
    ) -> None:
        if not isinstance(arguments, Mapping):
            raise TypeError(
                f"{path}: a mapping of names to values is needed, such as {{'axis': -1}}; "
                f"given {type(arguments).__name__}"
            )
        for name, argument in arguments.items():
            field = f'{path}["{_name(name, path)}"]'
            self._set_argument(message.arguments[name], argument, field)

    def _set_argument(self, message: pb.Argument, argument: Argument, field: str) -> None:
        if argument is None:
            raise TypeError(f"{field}: None is given; leave the argument out to take its default")
        argument = _plain(argument, field)
        if isinstance(argument, bool):
            message.word = "true" if argument else "false"
        elif isinstance(argument, str):
            message.word = argument
        elif isinstance(argument, Real):
            message.number = _number(argument, field)
        elif isinstance(argument, PerChannel):
            message.tensor = self._add_tensor(argument.tensor, field)
            message.axis = _axis(argument.axis, f"{field}.axis")
        else:
            message.tensor = self._add_tensor(argument, field)

    def _add_tensor(self, source: TensorLike, field: str) -> int:
        """The index of the tensor; the same object is the same tensor."""
        index = self._index_of_id.get(id(source))
        if index is not None:
            return index
        array, element_type = as_array(source, field)
        self._payload_bytes += array.nbytes
        if self._payload_bytes > _MAX_MESSAGE_BYTES:
            raise ValueError(
                f"{field}: its {array.nbytes} bytes make a request of {self._payload_bytes}; "
                f"one message holds at most {_MAX_MESSAGE_BYTES}"
            )
        index = len(self._sources)
        encode(array, element_type, self.message.tensors.add())
        self._dtype_of_tensor.append(array.dtype)
        self._sources.append(source)
        self._index_of_id[id(source)] = index
        return index


def _name(name: object, field: str) -> str:
    if not isinstance(name, str):
        raise TypeError(f"{field}: a name is a string, not {type(name).__name__} ({name!r})")
    return name


def _number(number: Any, field: str) -> float:
    try:
        value = float(number)
    except OverflowError:
        raise ValueError(f"{field}: the number is larger than a float64 can be") from None
    if hasattr(number, "__index__") and value != operator.index(number):
        raise ValueError(f"{field}: {number} is no float64; whole numbers up to 2**53 are")
    return value


def _axis(axis: object, field: str) -> int:
    if isinstance(axis, bool) or not hasattr(axis, "__index__"):
        raise TypeError(f"{field}: a whole number is needed, such as 1 or -1; given {axis!r}")
    index = operator.index(axis)
    if not -(2**31) <= index < 2**31:
        raise ValueError(f"{field}: {index} is no axis of a tensor")
    return index


def _is_exact(integers: Any) -> bool:
    """Whether float64 holds them all."""
    most: int = 2**53
    return integers.size == 0 or bool(-most <= integers.min() and integers.max() <= most)


def _plain(argument: Argument, field: str) -> Argument:
    """What a NumPy scalar or array stands for, where that is not a tensor as it is.

    A scalar, or an array of rank 0, is the Python bool, string or number that it holds. Whole
    numbers in an array of rank 1, such as axes, are what they are in a list.
    """
    if not isinstance(argument, np.generic | np.ndarray):
        return argument
    refuse_masked(argument, field)
    if argument.ndim > 0:
        is_list = argument.ndim == 1 and argument.dtype.kind in "iu" and _is_exact(argument)
        return argument.astype(np.float64) if is_list else argument
    if argument.dtype.kind in "bU":
        plain: Argument = argument.item()
        return plain
    is_number = argument.dtype.kind in "iuf" or argument.dtype.name == "bfloat16"
    number: Any = argument  # whose stubs do not say that it converts
    return float(number) if is_number else argument


def _quantities(evaluation: Evaluation, path: str) -> list[pb.Quantity]:
    asked_for = {
        pb.QUANTITY_VALUE: evaluation.value,
        pb.QUANTITY_GRADIENT: evaluation.gradient,
        pb.QUANTITY_SECOND_DERIVATIVE: evaluation.second_derivative,
        pb.QUANTITY_PARAMETER_GRADIENT: evaluation.parameter_gradients,
    }
    quantities = [quantity for quantity, asked in asked_for.items() if asked]
    if not quantities:
        raise ValueError(f"{path}.quantities: none is asked for")
    return quantities
