"""The results that an evaluation has, but for the gradients of parameters, and their shapes."""

from collections.abc import Sequence
from dataclasses import dataclass

from rectifier.v1 import activation_pb2 as pb

Shape = tuple[int, ...]


@dataclass(frozen=True)
class Output:
    path: str
    """In Result: `value`, `gradients[0]`, `second_derivative`."""
    quantity: pb.Quantity
    shape: Shape | None
    """None where it is not known before the reply."""
    input: int = 0
    """Of several gradients: the input that it belongs to."""


def outputs(
    evaluation: pb.Evaluation | pb.StreamHeader,
    inputs: Sequence[Shape],
    value_shape: Shape | None = None,
) -> list[Output]:
    """inputs: their shapes. value_shape: of the value, where it is known."""
    found = []
    for quantity in evaluation.quantities:
        if quantity == pb.QUANTITY_VALUE:
            found.append(Output("value", quantity, value_shape))
        elif quantity == pb.QUANTITY_GRADIENT:
            found += [
                Output(f"gradients[{i}]", quantity, shape, i) for i, shape in enumerate(inputs)
            ]
        elif quantity == pb.QUANTITY_SECOND_DERIVATIVE:
            found.append(Output("second_derivative", quantity, inputs[0]))
    return found
