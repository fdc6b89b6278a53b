"""Cases of every way to say something: names, presets, shapes, broadcasting, batches.

A name or preset stands for an activation and its arguments, which are written down here as the
frameworks define them; the oracle evaluates those.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

import numpy as np

from drafts import UPSTREAM, Answer, Draft, cycle, rounded
from oracle import ACTIVATIONS, Grid, elementwise
from oracle_rows import RowOptions, rows
from vectors import Evaluation, TensorArgument

X = (-4.25, -1.5, -0.375, 0.0, 1.25, 3.0, 6.5)
F32 = {0.01: 0.009999999776482582, 0.2: 0.20000000298023224}  # ONNX's attributes are float32

# What is asked for: a name, a preset; what that means.
MEANINGS: tuple[tuple[str, str, str, Mapping[str, float]], ...] = (
    ("SiLU", "", "silu", {}),
    ("GELU", "", "gelu", {}),
    ("torch.nn.ReLU", "", "relu", {}),
    ("nn.LeakyReLU", "", "leaky_relu", {"negative_slope": 0.01}),
    ("jax.nn.gelu", "", "gelu_tanh", {}),
    ("gelu", "jax", "gelu_tanh", {}),
    ("gelu_erf", "jax", "gelu", {}),
    ("gelu", "pytorch", "gelu", {}),
    ("leaky_relu", "keras", "leaky_relu", {"negative_slope": 0.2}),
    ("leaky_relu", "tensorflow", "leaky_relu", {"negative_slope": 0.2}),
    ("LeakyReLU", "keras", "leaky_relu", {"negative_slope": 0.3}),
    ("LeakyRelu", "onnx", "leaky_relu", {"negative_slope": F32[0.01]}),
    ("leaky_relu", "jax", "leaky_relu_jax", {"negative_slope": 0.01}),
    ("HardSigmoid", "onnx", "hard_sigmoid", {"alpha": F32[0.2], "beta": 0.5}),
    ("hard_sigmoid", "pytorch", "hard_sigmoid", {"alpha": 1 / 6, "beta": 0.5}),
    ("selu", "tensorflow", "selu_tensorflow", {}),
    ("elu", "tensorflow", "elu_tensorflow", {"alpha": 1.0}),
    ("clip", "jax", "clip_jax", {}),
    ("softplus", "pytorch", "softplus", {"beta": 1.0, "threshold": 20.0}),
)


def named(name: str, preset: str, means: str, numbers: Mapping[str, float], type_: str) -> Draft:
    draft = Draft(f"{name}{' of ' + preset if preset else ''} is {means}, {type_}")
    draft.tensor(type_, [7], rounded(type_, X))
    grids = {k: Grid(np.array(v)) for k, v in numbers.items()}
    defaults = ACTIVATIONS[means].defaults
    draft.ask(
        Evaluation(name, (0,), {}, preset, ("value", "gradient")),
        Answer(
            means,
            lambda: elementwise(means, draft.array(0), grids, None),
            at_defaults=all(defaults[k] == v for k, v in numbers.items()),
        ),
    )
    return draft


def shaped(shape: tuple[int, ...], type_: str) -> Draft:
    draft = Draft(f"softplus of shape {list(shape)}, {type_}")
    size = math.prod(shape)
    draft.tensor(type_, shape, cycle(rounded(type_, X), size))
    draft.tensor(type_, shape, cycle(UPSTREAM, size))
    quantities = ACTIVATIONS["softplus"].quantities
    grids = {"beta": Grid(np.array(2.0))}
    draft.ask(
        Evaluation("softplus", (0,), {"beta": 2.0}, "", quantities, 1),
        Answer(
            "softplus",
            lambda: elementwise("softplus", draft.array(0), grids, draft.array(1)),
            at_defaults=False,
        ),
    )
    return draft


# Of the slope of prelu, whose input has the shape [2, 3, 4]: shape, axis, preset, meant axis.
SLOPES: tuple[tuple[tuple[int, ...], int | None, str, int | None], ...] = (
    ((), None, "", None),
    ((1,), None, "", None),
    ((4,), None, "", None),
    ((3, 1), None, "", None),
    ((2, 1, 1), None, "", None),
    ((1, 3, 4), None, "", None),
    ((2, 3, 4), None, "", None),
    ((3,), 1, "", 1),
    ((3,), -2, "", 1),
    ((2,), 0, "", 0),
    ((4,), -1, "", 2),
    ((1,), 0, "", None),
    ((3,), None, "pytorch", 1),
    ((4,), 2, "pytorch", 2),
    ((3, 1), None, "onnx", None),
)


def sloped(
    shape: tuple[int, ...], axis: int | None, preset: str, meant: int | None, types: tuple[str, str]
) -> Draft:
    where = f" along axis {axis}" if axis is not None else ""
    of = f" of {preset}" if preset else ""
    draft = Draft(f"prelu{of}, {types[0]}, slope of {types[1]}{list(shape)}{where}")
    draft.tensor(types[0], (2, 3, 4), cycle(rounded(types[0], X), 24))
    slopes = (0.25, -0.5, 0.125, 1.75, 0.0625)
    draft.tensor(types[1], shape, cycle(slopes, math.prod(shape)))
    draft.tensor(types[0], (2, 3, 4), cycle(UPSTREAM, 24))
    grid = Grid(draft.array(1), meant)
    quantities = ("value", "gradient", "parameter_gradient")
    draft.ask(
        Evaluation("prelu", (0,), {"weight": TensorArgument(1, axis)}, preset, quantities, 2),
        Answer(
            "prelu",
            lambda: elementwise("prelu", draft.array(0), {"weight": grid}, draft.array(2)),
            at_defaults=False,
        ),
    )
    return draft


def presets_of_rows() -> Iterator[Draft]:
    """Frameworks reduce over all axes; softmax2d runs along axis -3."""
    whole, along = RowOptions((0, 1, 2)), RowOptions((0,))
    for name, preset, means, options in (
        ("ReduceLogSumExp", "onnx", "logsumexp", RowOptions((0, 1, 2), keepdims=True)),
        ("logsumexp", "jax", "logsumexp", whole),
        ("reduce_logsumexp", "tensorflow", "logsumexp", whole),
        ("logsumexp", "keras", "logsumexp", whole),
        ("logmeanexp", "jax", "logmeanexp", whole),
        ("softmax2d", "", "softmax", along),
        ("torch.nn.Softmax2d", "", "softmax", along),
    ):
        draft = Draft(f"{name}{' of ' + preset if preset else ''} along its own axes")
        draft.tensor("float32", (3, 2, 2), cycle(X, 12))
        draft.ask(
            Evaluation(name, (0,), {}, preset, ("value", "gradient")),
            Answer(
                means,
                lambda m=means, o=options, d=draft: rows(m, d.array(0), o, None),  # type: ignore[misc]
            ),
        )
        yield draft


def infinite_bounds() -> Iterator[Draft]:
    """A bound that is an infinity bounds nothing; an alias names the parameter, too."""
    for name, arguments, means in (
        ("clip", {"min_val": -1.0, "max_val": math.inf}, {"min_val": -1.0, "max_val": math.inf}),
        ("Clip", {"min": -math.inf, "max": 2.0}, {"min_val": -math.inf, "max_val": 2.0}),
    ):
        draft = Draft(f"{name} with bounds {arguments}")
        draft.tensor("float32", [7], X)
        grids = {k: Grid(np.array(v)) for k, v in means.items()}
        quantities = ("value", "gradient", "parameter_gradient")
        draft.ask(
            Evaluation(name, (0,), dict(arguments), "", quantities),
            Answer(
                "clip",
                lambda g=grids, d=draft: elementwise("clip", d.array(0), g, None),  # type: ignore[misc]
                at_defaults=False,
            ),
        )
        yield draft


def batch() -> Draft:
    """Several evaluations: tensors that several of them use, of several types, one upstream."""
    draft = Draft("a batch over shared tensors")
    draft.tensor("float32", (2, 3), cycle(X, 6))
    draft.tensor("float64", (2, 3), cycle(X, 6, 2))
    draft.tensor("float32", (2, 3), cycle(UPSTREAM, 6))
    draft.tensor("float64", (3,), (0.25, -0.5, 1.5))
    weight = Grid(draft.array(3))

    def ask(evaluation: Evaluation, grids: dict[str, Grid]) -> None:
        name = evaluation.activation
        dy = None if evaluation.upstream is None else draft.array(evaluation.upstream)
        x = draft.array(evaluation.inputs[0])
        draft.ask(
            evaluation, Answer(name, lambda: elementwise(name, x, grids, dy), at_defaults=False)
        )

    two = ("value", "gradient")
    slope = {"weight": TensorArgument(3)}
    ask(Evaluation("relu"), {})
    ask(Evaluation("gelu", (0,), {}, "", ("gradient",), 2), {})
    ask(Evaluation("gelu", (1,), {}, "", two), {})
    ask(Evaluation("prelu", (0,), slope, "", (*two, "parameter_gradient"), 2), {"weight": weight})
    ask(Evaluation("prelu", (1,), slope, "", two), {"weight": weight})
    ask(Evaluation("silu", (2,), {}, "", ("second_derivative",)), {})
    options = RowOptions((1,))
    draft.ask(
        Evaluation("softmax", (1,), {}, "", two),
        Answer("softmax", lambda: rows("softmax", draft.array(1), options, None)),
    )
    return draft


def drafts() -> Iterator[Draft]:
    for turn, (name, preset, means, numbers) in enumerate(MEANINGS):
        yield named(name, preset, means, numbers, ("float32", "float64")[turn % 2])
    for type_ in ("float32", "bfloat16"):
        for shape in ((), (1,), (0,), (2, 0, 3), (1, 1, 1, 3), (2, 1, 3)):
            yield shaped(shape, type_)
    types = (("float32", "float32"), ("float16", "float64"), ("bfloat16", "float32"))
    for turn, slope in enumerate(SLOPES):
        yield sloped(*slope, types[turn % 3])
    yield from presets_of_rows()
    yield from infinite_bounds()
    yield batch()
