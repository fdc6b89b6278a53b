"""What an evaluation gives back."""

from collections.abc import Mapping
from dataclasses import dataclass

from rectifier.tensor import Array, ResultDtypes, decode
from rectifier.v1 import activation_pb2 as pb


@dataclass(frozen=True, eq=False, repr=False)
class Result:
    """The quantities of one evaluation that were asked for.

    Of those that were not, `gradients` and `parameter_gradients` are empty, and the others raise an
    AttributeError.

    The arrays have the dtype of the input, those of `parameter_gradients` that of their argument,
    in little-endian byte order. They are read-only views over the bytes of the reply, which saves a
    copy: call `.copy()` on one to write to it.
    """

    gradients: tuple[Array, ...]
    """dL/dx by input, each in that input's shape; empty where the gradient was not asked for."""
    parameter_gradients: Mapping[str, Array]
    """dL/dp by the canonical name of each learnable parameter, in the argument's dtype and shape.

    That of a number, and of a default, is float64. So sums over many elements of a narrow type
    neither overflow nor lose digits.
    """
    _value: Array | None
    _second_derivative: Array | None

    @property
    def value(self) -> Array:
        """y = f(x), in the output's shape."""
        return _asked_for(self._value, "value")

    @property
    def gradient(self) -> Array:
        """dL/dx of the only input; the `gradients` of a gated pair's two inputs are two."""
        if len(self.gradients) > 1:
            raise AttributeError(f"gradient: there are {len(self.gradients)} inputs: see gradients")
        return _asked_for(self.gradients[0] if self.gradients else None, "gradient")

    @property
    def second_derivative(self) -> Array:
        """d2L/dx2, its diagonal, in the input's shape."""
        return _asked_for(self._second_derivative, "second_derivative")

    def __repr__(self) -> str:
        named = {
            "value": self._value,
            **{f"gradients[{i}]": gradient for i, gradient in enumerate(self.gradients)},
            "second_derivative": self._second_derivative,
            **{f"parameter_gradients[{k!r}]": v for k, v in self.parameter_gradients.items()},
        }
        arrays = (f"{k}: {v.dtype}{list(v.shape)}" for k, v in named.items() if v is not None)
        return f"Result({', '.join(arrays)})"


def from_message(message: pb.Result, dtypes: ResultDtypes) -> Result:
    """The result of the evaluation that `dtypes` belongs to."""
    dtype = dtypes.input

    def array(name: str) -> Array | None:
        return decode(getattr(message, name), dtype) if message.HasField(name) else None

    return Result(
        gradients=tuple(decode(gradient, dtype) for gradient in message.gradients),
        parameter_gradients={
            item.parameter: decode(item.gradient, dtypes.of_argument(item.gradient.element_type))
            for item in message.parameter_gradients
        },
        _value=array("value"),
        _second_derivative=array("second_derivative"),
    )


def _asked_for(array: Array | None, name: str) -> Array:
    if array is None:
        raise AttributeError(f"{name}: not asked for: pass {name}=True to evaluate()")
    return array
