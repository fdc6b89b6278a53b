"""Results of the real server against formulas written here, evaluated by mpmath at 50 digits.

The conformance tests hold every activation to its bound; these show that what reaches a caller's
array is the right number in the right place.
"""

from collections.abc import Callable
from typing import Any

import mpmath
import numpy as np
import pytest
from mpmath import mp

from rectifier import Client
from rectifier.tensor import Array

Formula = Callable[..., Any]

ELEMENTWISE: dict[str, Formula] = {
    "elu": lambda x: x if x > 0 else mp.expm1(x),
    "gelu": lambda x: x * mp.ncdf(x),
    "log_sigmoid": lambda x: -mp.log1p(mp.exp(-x)),
    "mish": lambda x: x * mp.tanh(mp.log1p(mp.exp(x))),
    "sigmoid": lambda x: 1 / (1 + mp.exp(-x)),
    "silu": lambda x: x / (1 + mp.exp(-x)),
    "softsign": lambda x: x / (1 + abs(x)),
    "tanh": mp.tanh,
}

PARAMETRIC: dict[tuple[str, str], Formula] = {
    ("celu", "alpha"): lambda x, alpha: x if x > 0 else alpha * mp.expm1(x / alpha),
    ("softplus", "beta"): lambda x, beta: mp.log1p(mp.exp(beta * x)) / beta,
    ("squareplus", "b"): lambda x, b: (x + mp.sqrt(x * x + b)) / 2,
    ("swish", "beta"): lambda x, beta: x / (1 + mp.exp(-beta * x)),
}

# Away from kinks, and from zeros of derivatives, next to which relative errors are large.
X = np.array([-30.1, -5.5, -3.5, -0.35, -1e-3, 1e-6, 0.3, 3.25, 8.0])

# In units in the last place: nearer than any other formula, argument or element comes.
TOLERANCES = {"float64": 8, "float32": 1, "float16": 0.5}


def assert_near(actual: Array, exact: list[Any]) -> None:
    """Every element is within the tolerance of its type of the exact number."""
    ulps = TOLERANCES[actual.dtype.name]
    for got, wanted in zip(actual.flat, exact, strict=True):
        spacing = mp.mpf(float(np.spacing(actual.dtype.type(abs(wanted)))))
        error = abs(mp.mpf(float(got)) - wanted) / spacing
        assert error <= ulps, f"{got}, exactly {mp.nstr(wanted, 20)}: {mp.nstr(error, 5)} ULP"


@pytest.fixture(autouse=True)
def _fifty_digits() -> Any:
    with mpmath.workdps(50):
        yield


@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.float16])
@pytest.mark.parametrize("name", ELEMENTWISE)
def test_value_and_derivatives(name: str, dtype: type, client: Client) -> None:
    x: Array = X.astype(dtype)
    formula = ELEMENTWISE[name]
    result = client.evaluate(name, x, gradient=True, second_derivative=True)
    points = [mp.mpf(float(element)) for element in x]
    for order, quantity in enumerate(("value", "gradient", "second_derivative")):
        exact = [mp.diff(formula, point, order) for point in points]
        assert_near(getattr(result, quantity), exact)


@pytest.mark.parametrize(("name", "parameter"), PARAMETRIC)
def test_gradient_of_a_parameter_for_each_element(
    name: str, parameter: str, client: Client
) -> None:
    formula = PARAMETRIC[name, parameter]
    arguments = {parameter: np.linspace(0.5, 2.5, X.size)}
    result = client.evaluate(name, X, arguments=arguments, gradient=True, parameter_gradients=True)
    points = [
        (mp.mpf(float(x)), mp.mpf(float(argument)))
        for x, argument in zip(X, arguments[parameter], strict=True)
    ]
    for actual, order in (
        (result.value, (0, 0)),
        (result.gradient, (1, 0)),
        (result.parameter_gradients[parameter], (0, 1)),
    ):
        assert_near(actual, [mp.diff(formula, point, order) for point in points])


@pytest.mark.parametrize("axis", [0, 1, -1])
def test_softmax_and_its_gradient_along_an_axis(axis: int, client: Client) -> None:
    generator = np.random.default_rng(seed=1)
    x, upstream = generator.normal(size=(2, 4, 5, 3))
    result = client.evaluate(
        "softmax", x, arguments={"axis": axis}, upstream=upstream, gradient=True
    )
    exponentials = np.exp(x - x.max(axis, keepdims=True))
    value = exponentials / exponentials.sum(axis, keepdims=True)
    gradient = value * (upstream - (upstream * value).sum(axis, keepdims=True))
    np.testing.assert_allclose(result.value, value, rtol=1e-14)
    np.testing.assert_allclose(result.gradient, gradient, rtol=1e-12, atol=1e-16)
