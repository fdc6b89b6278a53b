"""Tensors of other libraries in, arrays that they take out."""

import sys
from typing import Any

import numpy as np
import pytest
from optional import optional

from rectifier import Client, PerChannel
from rectifier.tensor import as_array
from rectifier.v1 import activation_pb2 as pb

torch = optional("torch", "python3-torch")

X = np.array([-1.0, 0.5, 2.0], np.float32)
BITS = [0xBF80, 0x3F00, 0x4000]
ONE, QUARTER = 0x3F80, 0x3E80


def test_a_tensor_that_requires_a_gradient_is_taken_for_its_numbers(client: Client) -> None:
    x = torch.tensor(X.tolist(), requires_grad=True)
    result = client.evaluate("relu", x, gradient=True, upstream=torch.ones(3))
    assert isinstance(result.value, np.ndarray)
    assert result.value.dtype == np.float32
    assert result.value.tolist() == [0, 0.5, 2]
    assert torch.from_dlpack(result.gradient).tolist() == [0, 1, 1]


def test_a_tensor_is_not_copied_before_it_is_sent() -> None:
    x = torch.zeros(3, requires_grad=True)
    array, _ = as_array(x, "inputs[0]")
    with torch.no_grad():
        x += 1
    assert array.tolist() == [1, 1, 1]


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64", "bool"])
def test_a_tensor_keeps_its_type(dtype: str) -> None:
    array, element_type = as_array(torch.ones(3, dtype=getattr(torch, dtype)), "inputs[0]")
    assert array.dtype == dtype
    assert element_type == pb.ElementType.Value(f"ELEMENT_TYPE_{dtype.upper()}")


def test_a_bfloat16_tensor_is_computed_as_bfloat16(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    missing: Any = None
    monkeypatch.setitem(sys.modules, "ml_dtypes", missing)  # as where it is not installed
    x = torch.tensor(X.tolist(), dtype=torch.bfloat16, requires_grad=True)
    result = client.evaluate(
        "prelu", x, arguments={"weight": torch.tensor(0.25, dtype=torch.bfloat16)}, gradient=True
    )
    assert result.value.dtype == np.uint16
    assert result.value.tolist() == [0xBE80, *BITS[1:]]
    assert result.gradient.tolist() == [QUARTER, ONE, ONE]


def test_a_transposed_bfloat16_tensor_is_sent_in_its_order(client: Client) -> None:
    x = torch.arange(6, dtype=torch.bfloat16).reshape(2, 3).T
    result = client.evaluate("identity", x)
    assert result.value.shape == (3, 2)
    back = torch.from_numpy(result.value.view(np.int16)).view(torch.bfloat16)
    assert torch.equal(back, x)


@pytest.mark.parametrize(
    ("argument", "value"),
    [
        (torch.tensor(0.5), -0.5),
        (torch.tensor(0.5, requires_grad=True), -0.5),
        (torch.nn.Parameter(torch.tensor([0.5])), -0.5),
        (PerChannel(torch.full((3,), 0.5), axis=0), -0.5),
        (torch.tensor([0.5], dtype=torch.bfloat16), -0.5),
    ],
)
def test_arguments_may_be_tensors(argument: Any, value: float, client: Client) -> None:
    assert client.evaluate("prelu", X, arguments={"weight": argument}).value[0] == value


def test_axes_and_words_may_be_tensors(client: Client) -> None:
    x = np.zeros((2, 3))
    by_tensor = client.evaluate("logsumexp", x, arguments={"axis": torch.tensor([0, 1])})
    assert by_tensor.value.shape == ()
    hard = client.evaluate("gumbel_softmax", X, arguments={"hard": torch.tensor(True)})
    assert hard.value.tolist() == [0, 0, 1]


def test_a_mask_may_be_a_tensor(client: Client) -> None:
    masked = client.evaluate("softmax", X, arguments={"mask": torch.tensor([True, False, False])})
    assert masked.value.tolist() == [1, 0, 0]


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: torch.zeros(3).to_sparse(), r"a sparse tensor is given; make it dense"),
        (lambda: torch.zeros(3, device="meta"), r"the tensor is on meta; bring it here with cpu"),
        (lambda: torch.arange(3), r"dtype int64 is not an element type"),
        (lambda: torch.zeros(3, dtype=torch.complex64), r"dtype complex64 is not"),
    ],
)
def test_a_tensor_that_cannot_be_sent_names_its_field(
    make: Any, message: str, client: Client
) -> None:
    with pytest.raises(TypeError, match=rf"^evaluations\[0\]\.inputs\[0\]: {message}"):
        client.evaluate("relu", make())


class OfDlpack:
    """What speaks DLPack alone."""

    def __init__(self, array: Any) -> None:
        self._array = array

    def __dlpack__(self, **keywords: Any) -> Any:
        return self._array.__dlpack__()

    def __dlpack_device__(self) -> Any:
        return self._array.__dlpack_device__()


def test_whatever_speaks_dlpack_is_taken(client: Client) -> None:
    given: Any = OfDlpack(X)
    assert client.evaluate("relu", given).value.tolist() == [0, 0.5, 2]
    of_bfloat16: Any = OfDlpack(torch.zeros(2, dtype=torch.bfloat16))
    with pytest.raises(TypeError, match=r"inputs\[0\]: NumPy cannot take this OfDlpack by DLPack"):
        client.evaluate("relu", of_bfloat16)


class OfOtherDevice:
    def __array__(self, *arguments: Any, **keywords: Any) -> Any:
        raise TypeError("implicit conversion is not allowed")


def test_an_array_of_another_device_names_its_field(client: Client) -> None:
    given: Any = OfOtherDevice()
    with pytest.raises(TypeError, match=r"inputs\[0\]: OfOtherDevice gives no array: implicit"):
        client.evaluate("relu", given)
