"""Cases that go by a stream, or through shared memory: small ones, many times one after another."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

import elementwise_cases
import pair_cases
import row_cases
from drafts import Draft
from error_cases import ARGUMENTS, f32, invalid
from oracle import ACTIVATIONS
from vectors import Case, Error, Evaluation, Result, Tensor, TensorArgument

ABOUT = "Tensors or results of more than 4 MiB, with what is computed, and what fails."
TIMES = 1 << 16  # a sum of so many equal parts is exact


def drafts() -> Iterator[tuple[Draft, int]]:
    """Each with how many times it stands in the case, which makes it a little more than 4 MiB."""
    elementwise, rows = elementwise_cases, row_cases
    gelu, swish, softmax = (ACTIVATIONS[name] for name in ("gelu", "swish", "softmax"))
    yield elementwise.special_values(gelu, "float32"), TIMES // 2
    yield elementwise.with_numbers(swish, "float32", 1), 2 * TIMES
    yield elementwise.with_numbers(ACTIVATIONS["elu"], "float64", 2), TIMES
    yield elementwise.special_values(ACTIVATIONS["mish"], "float16"), TIMES
    name = "swish, bfloat16, tensors of float64 along axis 1"
    by_axis = elementwise.with_tensors(swish, name, "bfloat16", "float64", [3], 1)
    yield by_axis, 2 * TIMES
    yield rows.special_values(softmax, "float32"), TIMES // 2
    yield rows.special_values(ACTIVATIONS["logsumexp"], "bfloat16"), TIMES
    yield pair_cases.in_two_gate_second(ACTIVATIONS["swiglu"], "float32"), TIMES


def result_of(result: Result, times: int) -> Result:
    """What the case gives where the draft gives this."""

    def tiled(tensor: Tensor | None) -> Tensor | None:
        return None if tensor is None else tensor.tiled(times)

    return Result(
        tiled(result.value),
        tuple(gradient.tiled(times) for gradient in result.gradients),
        tiled(result.second_derivative),
        {name: _multiplied(tensor, times) for name, tensor in result.parameter_gradients.items()},
    )


def _multiplied(tensor: Tensor, times: int) -> Tensor:
    assert math.log2(times).is_integer()
    return Tensor.of(tensor.type, tensor.shape, [n * times for n in tensor.numbers])


def faults() -> Iterator[Case]:
    """What is wrong is said as of a small tensor, whether the client sees it or the server."""
    x = f32((2, 3), np.linspace(-2, 2, 6).tolist()).tiled(3 * TIMES)
    weight, mask = f32((2,), (0.25, 0.5)), Tensor.of("bool", (2,), (1, 0))

    def case(name: str, evaluation: Evaluation, error: Error, says: str, *more: Tensor) -> Case:
        error = replace(error, says=(says,))
        return Case(f"{name}, large", (x, *more), (evaluation,), error=error)

    yield case(
        "an unknown activation",
        Evaluation("gellu"),
        invalid("UNKNOWN_ACTIVATION", "evaluations[0].activation.name"),
        'did you mean "gelu"?',
    )
    yield case(
        "an unknown parameter",
        Evaluation("softplus", (0,), {"betta": 1.0}),
        invalid("UNKNOWN_PARAMETER", f'{ARGUMENTS}["betta"]'),
        'did you mean "beta"?',
    )
    yield case(
        "an argument out of range",
        Evaluation("softplus", (0,), {"beta": -1.0}),
        invalid("ARGUMENT_OUT_OF_RANGE", f'{ARGUMENTS}["beta"]'),
        "allowed: finite, in [1e-100, 1e+100]",
    )
    yield case(
        "a slope of a wrong shape",
        Evaluation("prelu", (0,), {"weight": TensorArgument(1)}),
        invalid("SHAPE_MISMATCH", f'{ARGUMENTS}["weight"].tensor'),
        f"does not broadcast to the input's [{6 * TIMES}, 3]",
        weight,
    )
    yield case(
        "a mask of a wrong shape",
        Evaluation("softmax", (0,), {"mask": TensorArgument(1)}),
        invalid("SHAPE_MISMATCH", f'{ARGUMENTS}["mask"].tensor'),
        f"does not broadcast to the input's [{6 * TIMES}, 3]",
        mask,
    )
    yield case(
        "an upstream of another shape",
        Evaluation("relu", quantities=("gradient",), upstream=1),
        invalid("SHAPE_MISMATCH", "evaluations[0].upstream"),
        f"[{6 * TIMES}, 3]",
        f32((3,), [1.0] * 3),
    )
