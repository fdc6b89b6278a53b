"""Evaluations to an EvaluateRequest, in which each array stands once."""

import math
from collections.abc import Mapping, Sequence
from numbers import Real

import numpy as np

from rectifier.arguments import axis, number, plain
from rectifier.evaluation import Argument, Evaluation, PerChannel
from rectifier.out import by_path
from rectifier.outputs import outputs
from rectifier.tensor import Array, ResultDtypes, TensorLike, as_array
from rectifier.v1 import activation_pb2 as pb


class Request:
    """The message for some evaluations, without payloads, and what is needed to read its reply."""

    def __init__(self, evaluations: Sequence[Evaluation], first: int = 0) -> None:
        """first: the index of the first evaluation, for errors.

        Errors: TypeError or ValueError, which name the field as the server would.
        """
        self.evaluations = evaluations
        self.first = first
        self.message = pb.EvaluateRequest()
        self.arrays: list[Array] = []
        """The payloads, by tensor of the message."""
        self.dtypes: list[ResultDtypes] = []
        """By evaluation, the dtypes of its results."""
        self.fields: list[str] = []
        """Where each tensor is given first: `evaluations[0].inputs[0]`."""
        self.outs: list[dict[str, Array]] = []
        """By evaluation and path of a result, the arrays to write to."""
        self.result_bytes: list[int] = []
        """By evaluation, of its results but for those of parameters, at most."""
        self.likely_bytes: list[int] = []
        """The same, where the value is as large as the input."""
        self._sources: list[TensorLike] = []  # kept alive, so that each id stays that of its object
        self._index_of_id: dict[int, int] = {}
        for i, evaluation in enumerate(evaluations, first):
            self._add_evaluation(evaluation, f"evaluations[{i}]")

    @property
    def payload_bytes(self) -> int:
        """Of all tensors."""
        return sum(array.nbytes for array in self.arrays)

    def part(self, begin: int, end: int) -> "Request":
        """The request for some of the evaluations."""
        if (begin, end) == (0, len(self.evaluations)):
            return self
        return Request(self.evaluations[begin:end], self.first + begin)

    def _result_bytes(self, evaluation: pb.Evaluation, times: int) -> int:
        """times: how many elements the value has for one of the input."""
        inputs = [self.arrays[i] for i in evaluation.inputs]
        size = inputs[0].itemsize
        found = outputs(evaluation, [array.shape for array in inputs], (times * inputs[0].size,))
        return sum(math.prod(output.shape or ()) * size for output in found)

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
        inputs = [self.arrays[i] for i in message.inputs]
        self.outs.append(by_path(evaluation, inputs, path))
        self.likely_bytes.append(self._result_bytes(message, 1))
        # An activation that keeps both signs apart has two.
        self.result_bytes.append(self._result_bytes(message, 2))

    def _result_dtypes(self, message: pb.Evaluation) -> ResultDtypes:
        tensors = (
            argument.tensor
            for argument in message.activation.arguments.values()
            if argument.WhichOneof("value") == "tensor"
        )
        bfloat16 = (
            self.arrays[tensor].dtype
            for tensor in tensors
            if self.message.tensors[tensor].element_type == pb.ELEMENT_TYPE_BFLOAT16
        )
        return ResultDtypes(
            input=self.arrays[message.inputs[0]].dtype,
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
        argument = plain(argument, field)
        if isinstance(argument, bool):
            message.word = "true" if argument else "false"
        elif isinstance(argument, str):
            message.word = argument
        elif isinstance(argument, Real):
            message.number = number(argument, field)
        elif isinstance(argument, PerChannel):
            message.tensor = self._add_tensor(argument.tensor, field)
            message.axis = axis(argument.axis, f"{field}.axis")
        else:
            message.tensor = self._add_tensor(argument, field)

    def _add_tensor(self, source: TensorLike, field: str) -> int:
        """The index of the tensor; the same object is the same tensor."""
        index = self._index_of_id.get(id(source))
        if index is not None:
            return index
        array, element_type = as_array(source, field)
        index = len(self._sources)
        self.message.tensors.add(element_type=element_type, shape=array.shape)
        self.arrays.append(array)
        self.fields.append(field)
        self._sources.append(source)
        self._index_of_id[id(source)] = index
        return index


def tensors_of(evaluation: pb.Evaluation) -> list[int]:
    """The indices of the tensors that it names, some perhaps twice."""
    tensors = list(evaluation.inputs)
    if evaluation.HasField("upstream"):
        tensors.append(evaluation.upstream)
    arguments = evaluation.activation.arguments.values()
    return tensors + [a.tensor for a in arguments if a.WhichOneof("value") == "tensor"]


def _name(name: object, field: str) -> str:
    if not isinstance(name, str):
        raise TypeError(f"{field}: a name is a string, not {type(name).__name__} ({name!r})")
    return name


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
