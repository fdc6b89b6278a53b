"""What a caller asks for."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from rectifier.tensor import Array, TensorLike


@dataclass(frozen=True, eq=False)
class PerChannel:
    """A tensor argument of rank 1 that runs along one axis of the input.

    A plain array is broadcast by NumPy's rules instead, that is along the last axes.
    """

    tensor: TensorLike
    axis: int
    """Of the input; negative counts from the end."""


Argument = TensorLike | PerChannel | str
"""A number, a tensor, a tensor along an axis, or a word.

NumPy scalars and arrays of rank 0 are numbers; True and False are the words "true" and "false".
"""


@dataclass(frozen=True, eq=False)
class Evaluation:
    """One activation over one input, for `Client.evaluate_batch`.

    Shape: `upstream` has the output's shape.
    Threads: immutable; may be evaluated any number of times, as long as its arrays are left alone.
    """

    activation: str
    """A name or alias of `Client.list_activations()`, or a full one such as `torch.nn.ReLU`."""
    inputs: tuple[TensorLike, ...]
    """One tensor; for a gated pair also two, of which the argument `gate` says which one gates."""
    arguments: Mapping[str, Argument] = field(default_factory=dict)
    """By parameter name or alias; parameters left out take their default."""
    preset: str = ""
    """Take the choices of this framework: pytorch, jax, keras, onnx or tensorflow."""
    upstream: TensorLike | None = None
    """The cotangent dL/dy that derivatives are contracted with; ones where there is none."""
    value: bool = True
    gradient: bool = False
    second_derivative: bool = False
    parameter_gradients: bool = False
    out: Array | Mapping[str, Array] | None = None
    """Where results are written to: an array for the only quantity asked for, or arrays by quantity
    (value, gradient, second_derivative), of the result's dtype and shape. One may be the input, or
    overlap it. After an error they hold anything."""

    def __post_init__(self) -> None:
        """Errors: TypeError for an array in place of the tuple, whose rows would become inputs."""
        if not isinstance(self.inputs, tuple):
            given = type(self.inputs).__name__
            raise TypeError(f"inputs: a tuple of tensors is needed, such as (x,); given {given}")
