"""What an evaluation gives back."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from rectifier.notebook import result_html
from rectifier.out import check_shape
from rectifier.request import Request
from rectifier.tensor import Array, decode
from rectifier.v1 import activation_pb2 as pb


@dataclass(frozen=True, eq=False, repr=False)
class Result:
    """The quantities of one evaluation that were asked for; others raise an AttributeError.

    The arrays have the dtype of the input, those of `parameter_gradients` that of their argument,
    in little-endian byte order. They are the caller's to write to, and speak DLPack.
    """

    _arrays: Mapping[str, Array]
    """By path: value, gradients[0], gradients[1], second_derivative."""
    _parameter_gradients: Mapping[str, Array] | None
    _input: Array
    """The first one, for the plot of a notebook."""

    @property
    def value(self) -> Array:
        """y = f(x), in the output's shape."""
        return self._get("value", "value")

    @property
    def gradients(self) -> tuple[Array, ...]:
        """dL/dx by input, each in that input's shape."""
        self._get("gradients[0]", "gradient")
        return tuple(array for path, array in self._arrays.items() if path.startswith("gradients"))

    @property
    def gradient(self) -> Array:
        """dL/dx of the only input; the `gradients` of a gated pair's two inputs are two."""
        if len(self.gradients) > 1:
            raise AttributeError(f"gradient: there are {len(self.gradients)} inputs: see gradients")
        return self.gradients[0]

    @property
    def second_derivative(self) -> Array:
        """d2L/dx2, its diagonal, in the input's shape."""
        return self._get("second_derivative", "second_derivative")

    @property
    def parameter_gradients(self) -> Mapping[str, Array]:
        """dL/dp by the canonical name of each learnable parameter, in the shape of its argument.

        It has the argument's dtype; that of a number, and of a default, is float64. So sums over
        many elements of a narrow type neither overflow nor lose digits.
        """
        if self._parameter_gradients is None:
            raise _not_asked_for("parameter_gradients")
        return self._parameter_gradients

    def arrays(self) -> dict[str, Array]:
        """All of them, by the expression that gives each: `value`, `gradients[0]`, ..."""
        parameters = (self._parameter_gradients or {}).items()
        return {**self._arrays, **{f"parameter_gradients[{k!r}]": v for k, v in parameters}}

    def __repr__(self) -> str:
        arrays = (f"{k}: {v.dtype}{list(v.shape)}" for k, v in self.arrays().items())
        return f"Result({', '.join(arrays)})"

    def _repr_html_(self) -> str:
        return result_html(self._input, self.arrays())

    def _get(self, path: str, name: str) -> Array:
        if path not in self._arrays:
            raise _not_asked_for(name)
        return self._arrays[path]


def from_message(
    message: pb.Result,
    request: Request,
    index: int,
    placed: Mapping[str, Array] | None = None,
) -> Result:
    """The result of that evaluation of `request`. placed: those in shared memory, by path."""
    dtypes, out = request.dtypes[index], request.outs[index]
    arrays: dict[str, Array] = {}

    def add(path: str, tensor: pb.Tensor) -> None:
        array = (placed or {}).get(path)
        if array is None:
            array = decode(tensor, dtypes.input)
        arrays[path] = array if path not in out else _written(array, out[path], path)

    if message.HasField("value"):
        add("value", message.value)
    for i, gradient in enumerate(message.gradients):
        add(f"gradients[{i}]", gradient)
    if message.HasField("second_derivative"):
        add("second_derivative", message.second_derivative)
    return make_result(request, index, arrays, message.parameter_gradients)


def make_result(
    request: Request,
    index: int,
    arrays: Mapping[str, Array],
    parameter_gradients: Iterable[pb.ParameterGradient],
) -> Result:
    """The result of that evaluation, of arrays by path."""
    evaluation, dtypes = request.message.evaluations[index], request.dtypes[index]
    gradients = {
        item.parameter: decode(item.gradient, dtypes.of_argument(item.gradient.element_type))
        for item in parameter_gradients
    }
    is_asked_for = pb.QUANTITY_PARAMETER_GRADIENT in evaluation.quantities
    first = request.arrays[evaluation.inputs[0]]
    return Result(arrays, gradients if is_asked_for else None, first)


def _written(array: Array, out: Array, path: str) -> Array:
    check_shape(out, path, array.shape)
    np.copyto(out, array)
    return out


def _not_asked_for(name: str) -> AttributeError:
    return AttributeError(f"{name}: not asked for: pass {name}=True to evaluate()")
