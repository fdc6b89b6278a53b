"""Arrays of ml_dtypes.bfloat16 in and out."""

import numpy as np
from optional import optional

from rectifier import BFloat16Bits, Client

ml_dtypes = optional("ml_dtypes", "PyPI")

X = np.array([-1.0, 0.5, 2.0], ml_dtypes.bfloat16)


def test_arrays_of_ml_dtypes_are_bfloat16(client: Client) -> None:
    result = client.evaluate("relu", X, gradient=True)
    assert result.value.dtype == result.gradient.dtype == ml_dtypes.bfloat16
    assert result.value.astype(np.float32).tolist() == [0, 0.5, 2]
    assert result._repr_html_().count("<polyline") == 0
    bits = client.evaluate("relu", BFloat16Bits(X.view(np.uint16))).value
    assert bits.tolist() == result.value.view(np.uint16).tolist()


def test_large_ones_and_arguments_are_bfloat16(client: Client) -> None:
    x = np.tile(X, 1 << 20)
    weight = np.array([0.25], ml_dtypes.bfloat16)
    result = client.evaluate(
        "prelu", x, arguments={"weight": weight}, gradient=True, parameter_gradients=True
    )
    assert result.value.dtype == result.parameter_gradients["weight"].dtype == ml_dtypes.bfloat16
    assert result.value[:3].astype(np.float32).tolist() == [-0.25, 0.5, 2]
    assert result.value.shape == x.shape


def test_a_scalar_is_a_number(client: Client) -> None:
    scalar = X[1]
    assert client.evaluate("prelu", -2.0, arguments={"weight": scalar}).value == -1
