"""Cases that fail: what each client must say of them. Expected errors are written down here."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

from vectors import Argument, Case, Error, Evaluation, Tensor, TensorArgument

ARGUMENTS = "evaluations[0].activation.arguments"


def invalid(reason: str, field: str, element: int | None = None) -> Error:
    return Error("INVALID_ARGUMENT", reason, (field,), element)


def f32(shape: Sequence[int] = (2,), numbers: Sequence[float] = (0.5, -1.0)) -> Tensor:
    return Tensor.of("float32", shape, numbers)


X = f32()
PAIR = Tensor.of("float32", (2, 4), [0.5] * 8)


def one(name: str, evaluation: Evaluation, error: Error, *tensors: Tensor) -> Case:
    return Case(name, tensors or (X,), (evaluation,), error=error)


def argument(
    name: str, activation: str, key: str, given: Argument, reason: str,
    *tensors: Tensor, path: str = "", element: int | None = None,
) -> Case:  # fmt: skip
    """A case whose only fault is one argument; `path` follows the argument's."""
    evaluation = Evaluation(activation, (0,), {key: given})
    error = invalid(reason, f'{ARGUMENTS}["{key}"]{path}', element)
    return one(name, evaluation, error, *tensors)


def names() -> Iterator[Case]:
    path = "evaluations[0].activation.name"
    for given in ("gellu", "zzzzzzzzzzzz", "mul_and_silu", "", "RELU6x"):
        yield one(
            f"unknown activation {given!r}",
            Evaluation(given),
            invalid("UNKNOWN_ACTIVATION", path),
        )
    yield one("a name too long", Evaluation("x" * 129), invalid("NAME_TOO_LONG", path))
    yield one(
        "unknown preset",
        Evaluation("relu", preset="theano"),
        invalid("UNKNOWN_PRESET", "evaluations[0].activation.preset"),
    )
    yield one(
        "softmax has no second derivative",
        Evaluation("softmax", quantities=("second_derivative",)),
        invalid("QUANTITY_NOT_OFFERED", "evaluations[0].quantities"),
    )
    yield one(
        "relu has no parameter gradient",
        Evaluation("relu", quantities=("value", "parameter_gradient")),
        invalid("QUANTITY_NOT_OFFERED", "evaluations[0].quantities"),
    )


def numbers() -> Iterator[Case]:
    out = "ARGUMENT_OUT_OF_RANGE"
    wrong = "WRONG_ARGUMENT_TYPE"
    yield argument("unknown parameter", "softplus", "betta", 1.0, "UNKNOWN_PARAMETER")
    yield argument("a parameter of nothing", "relu", "alpha", 1.0, "UNKNOWN_PARAMETER")
    yield argument("of another name", "gelu", "approximate", "tanh", "UNKNOWN_PARAMETER")
    for given in (math.nan, math.inf, 0.0, -1.0, 1e101):
        yield argument(f"beta of {given} is out of range", "softplus", "beta", given, out)
    yield argument("a negative n", "relu_n", "n", -0.5, out)
    yield argument("a temperature of 0", "softmax", "temperature", 0.0, out)
    yield argument("alpha of entmax at 1", "entmax", "alpha", 1.0, out)
    yield argument("a seed that is no whole number", "rrelu", "seed", 0.5, wrong)
    yield argument("a negative seed", "rrelu", "seed", -1.0, out)
    yield argument("a word for a number", "softplus", "beta", "x", wrong)
    yield argument("a number for a word", "glu", "gate", 1.0, wrong, PAIR)
    yield argument("an unknown word", "glu", "gate", "third", out, PAIR)
    yield argument("a tensor for a word", "glu", "gate", TensorArgument(1), wrong, PAIR, X)
    yield argument("true for a number", "softplus", "beta", "true", wrong)
    yield argument("a number for a mask", "softmax", "mask", 1.0, wrong)
    yield argument("pieces of 0", "maxout", "pieces", 0.0, out)
    yield argument("half an axis", "crelu", "axis", 0.5, wrong)
    yield one(
        "a parameter given twice",
        Evaluation("relu_n", (0,), {"n": 6.0, "max_value": 6.0}),
        invalid("DUPLICATE_ARGUMENT", f'{ARGUMENTS}["n"]'),
    )
    yield one(
        "a lower bound above the upper one",
        Evaluation("rrelu", (0,), {"lower": 0.5, "upper": 0.25}),
        invalid(out, f'{ARGUMENTS}["lower"]'),
    )


def tensors_as_arguments() -> Iterator[Case]:
    out, wrong, shape = "ARGUMENT_OUT_OF_RANGE", "WRONG_ARGUMENT_TYPE", "SHAPE_MISMATCH"
    x = f32((2, 3), [0.5] * 6)
    slope = TensorArgument(1)
    for given in ((2,), (4,), (3, 2), (1, 2, 3)):
        tensor = f32(given, [0.25] * math.prod(given))
        yield argument(
            f"a slope of shape {list(given)} for [2, 3]", "prelu", "weight", slope, shape,
            x, tensor, path=".tensor",
        )  # fmt: skip
    two = f32((2,), (0.25, 0.5))
    yield argument(
        "a slope of the wrong length along an axis", "prelu", "weight", TensorArgument(1, 1),
        shape, x, two, path=".tensor",
    )  # fmt: skip
    for axis in (2, -3):
        yield argument(
            f"axis {axis} of rank 2", "prelu", "weight", TensorArgument(1, axis),
            "AXIS_OUT_OF_RANGE", x, two, path=".axis",
        )  # fmt: skip
    yield argument(
        "an axis for a tensor of rank 2", "prelu", "weight", TensorArgument(1, 1),
        "AXIS_NEEDS_RANK_1", x, f32((1, 3), [0.25] * 3), path=".axis",
    )  # fmt: skip
    beta = f32((3,), (1.0, -2.5, 0.0))
    yield argument(
        "an element out of range", "softplus", "beta", slope, out, x, beta,
        path=".tensor", element=1,
    )  # fmt: skip
    yield argument(
        "an element that is a NaN", "prelu", "weight", slope, out, x,
        f32((3,), (1.0, 2.0, math.nan)), path=".tensor", element=2,
    )  # fmt: skip
    yield argument(
        "a tensor of bool for a number", "prelu", "weight", slope, wrong, x,
        Tensor.of("bool", (3,), (1, 0, 1)), path=".tensor",
    )  # fmt: skip
    yield argument(
        "an additive mask", "softmax", "mask", slope, out, x,
        f32((3,), (0.0, -math.inf, 0.0)), path=".tensor", element=1,
    )  # fmt: skip
    yield argument(
        "a mask of a wrong shape", "softmax", "mask", slope, shape, x,
        Tensor.of("bool", (2,), (1, 0)), path=".tensor",
    )  # fmt: skip
    yield argument(
        "a bias of +inf", "softmax", "bias", slope, out, x,
        f32((3,), (0.0, math.inf, 0.0)), path=".tensor", element=1,
    )  # fmt: skip
    yield argument(
        "a temperature for each element", "softmax", "temperature", slope, shape, x,
        f32((2, 3), [1.0] * 6), path=".tensor",
    )  # fmt: skip


def axes() -> Iterator[Case]:
    x = f32((2, 3), [0.5] * 6)
    out, wrong = "AXIS_OUT_OF_RANGE", "WRONG_ARGUMENT_TYPE"
    for axis in (2.0, -3.0, 1e300):
        yield argument(f"softmax along axis {axis}", "softmax", "axis", axis, out, x)
    yield argument("softmax along half an axis", "softmax", "axis", 0.5, wrong, x)
    yield argument("softmax along a word", "softmax", "axis", "last", wrong, x)
    of = TensorArgument(1)
    yield argument(
        "an axis twice", "softmax", "axis", of, "DUPLICATE_AXIS", x, f32((2,), (1.0, -1.0)),
        path=".tensor", element=1,
    )  # fmt: skip
    yield argument(
        "one of several axes out of range", "softmax", "axis", of, out, x, f32((2,), (0.0, 5.0)),
        path=".tensor", element=1,
    )  # fmt: skip
    yield argument("no axes", "softmax", "axis", of, "NO_AXES", x, f32((0,), ()), path=".tensor")
    yield argument(
        "axes that are no whole numbers", "softmax", "axis", of, wrong, x, f32((2,), (0.0, 0.5)),
        path=".tensor", element=1,
    )  # fmt: skip
    yield one(
        "crelu of rank 0",
        Evaluation("crelu"),
        invalid(out, "evaluations[0].inputs[0]"),
        f32((), (1.0,)),
    )
    yield one(
        "a pair whose axis is odd",
        Evaluation("glu", (0,), {"axis": 1.0}),
        invalid("AXIS_NOT_DIVISIBLE", "evaluations[0].inputs[0]"),
        x,
    )
    yield one(
        "maxout of an axis that its pieces do not divide",
        Evaluation("maxout", (0,), {"pieces": 2.0}),
        invalid("AXIS_NOT_DIVISIBLE", f'{ARGUMENTS}["pieces"]'),
        x,
    )
    yield one(
        "the layout of a pair in two tensors",
        Evaluation("swiglu", (0, 1), {"layout": "interleaved"}),
        invalid("ARGUMENT_NOT_APPLICABLE", f'{ARGUMENTS}["layout"]'),
        X,
        X,
    )


def inputs() -> Iterator[Case]:
    x = "evaluations[0].inputs"
    up = "evaluations[0].upstream"
    gradient = ("gradient",)
    other = f32((3,), [1.0] * 3)
    double = Tensor.of("float64", (2,), (1.0, 2.0))
    bools = Tensor.of("bool", (2,), (1, 0))
    yield one(
        "two inputs for one", Evaluation("relu", (0, 1)), invalid("WRONG_INPUT_COUNT", x), X, X
    )
    yield one(
        "an input of bool",
        Evaluation("relu"),
        invalid("ELEMENT_TYPE_NOT_OFFERED", x + "[0]"),
        bools,
    )
    yield one(
        "a pair of two shapes",
        Evaluation("glu", (0, 1)),
        invalid("SHAPE_MISMATCH", x + "[1]"),
        X,
        other,
    )
    yield one(
        "a pair of two types",
        Evaluation("glu", (0, 1)),
        invalid("ELEMENT_TYPE_MISMATCH", x + "[1]"),
        X,
        double,
    )
    yield one(
        "an upstream of another shape",
        Evaluation("relu", quantities=gradient, upstream=1),
        invalid("SHAPE_MISMATCH", up), X, other,
    )  # fmt: skip
    yield one(
        "an upstream of the input's shape where the output's is another",
        Evaluation("logsumexp", quantities=gradient, upstream=1),
        invalid("SHAPE_MISMATCH", up), PAIR, PAIR,
    )  # fmt: skip
    yield one(
        "an upstream of another type",
        Evaluation("relu", quantities=gradient, upstream=1),
        invalid("ELEMENT_TYPE_MISMATCH", up), X, double,
    )  # fmt: skip
    yield Case(
        "the second evaluation of a batch is at fault",
        (X,),
        (Evaluation("relu"), Evaluation("reluu")),
        error=invalid("UNKNOWN_ACTIVATION", "evaluations[1].activation.name"),
    )


# What a caller reads, beside the field's name, of the commonest mistakes: a wrong name, bound,
# shape or mask.
SAYS = {
    "unknown activation 'gellu'": 'did you mean "gelu"?',
    "unknown activation 'mul_and_silu'": 'it is "swiglu" with gate=second',
    "unknown activation 'RELU6x'": 'did you mean "relu6"?',
    "a name too long": "at most 128 are allowed",
    "unknown preset": "allowed: pytorch, jax, keras, onnx, tensorflow",
    "unknown parameter": 'did you mean "beta"?',
    "a parameter of nothing": "it has none",
    "of another name": 'the tanh approximation is the activation "gelu_tanh"',
    "beta of 0.0 is out of range": "allowed: finite, in [1e-100, 1e+100]",
    "a negative n": "allowed: in [0, inf]",
    "alpha of entmax at 1": "allowed: finite, in (1, 4]",
    "an unknown word": "must be one of the words second, first",
    "a slope of shape [2] for [2, 3]": "with `axis` 0 it would",
    "a slope of shape [4] for [2, 3]": "does not broadcast to the input's [2, 3]",
    "a slope of the wrong length along an axis": "with `axis` 0 it would",
    "axis 2 of rank 2": "the input of rank 2 allows -2 to 1",
    "an element out of range": "element 1: -2.5",
    "an additive mask": "is the argument `bias`",
    "a number for a mask": "must be a tensor whose zeros leave elements of the input out",
    "a mask of a wrong shape": "does not broadcast to the input's [2, 3]",
    "a temperature for each element": "with 1 along the axes",
    "softmax along axis 2.0": "the input of rank 2 allows -2 to 1",
    "an upstream of another shape": "must be the output's, [2]",
    "a pair of two shapes": "must be the first's, [2]",
    "the second evaluation of a batch is at fault": 'did you mean "relu"?',
}


def cases() -> Iterator[Case]:
    unsaid = dict(SAYS)
    for part in (names, numbers, tensors_as_arguments, axes, inputs):
        for case in part():
            says = unsaid.pop(case.name, None)
            assert case.error is not None
            yield replace(case, error=replace(case.error, says=(says,))) if says else case
    assert not unsaid, f"there are no cases {list(unsaid)}"
