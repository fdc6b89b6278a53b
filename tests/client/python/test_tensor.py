"""Arrays to and from Tensor messages."""

from typing import Any

import numpy as np
import pytest

from rectifier import BFloat16Bits, Evaluation, TensorLike, wire
from rectifier.request import Request
from rectifier.tensor import Array, as_array, decode
from rectifier.v1 import activation_pb2 as pb


def encoded(source: TensorLike) -> pb.Tensor:
    """The tensor of a request, as the server would read it."""
    request = Request([Evaluation("identity", (source,))])
    data = wire.evaluate_request(request.message, request.arrays)
    tensor: pb.Tensor = pb.EvaluateRequest.FromString(data).tensors[0]
    return tensor


@pytest.mark.parametrize(
    ("dtype", "element_type"),
    [
        (np.float16, pb.ELEMENT_TYPE_FLOAT16),
        (np.float32, pb.ELEMENT_TYPE_FLOAT32),
        (np.float64, pb.ELEMENT_TYPE_FLOAT64),
    ],
)
def test_encode_keeps_type_shape_and_bits(dtype: Any, element_type: pb.ElementType) -> None:
    array = np.array([[1.5, -0.0, np.inf], [np.nan, 1e-7, -2]], dtype)
    tensor = encoded(array)
    assert tensor.element_type == element_type
    assert list(tensor.shape) == [2, 3]
    assert tensor.data == array.tobytes()


@pytest.mark.parametrize(
    "array",
    [
        pytest.param(np.arange(12.0).reshape(3, 4).T, id="transposed"),
        pytest.param(np.arange(12.0).reshape(3, 4)[::2, ::-1], id="strided"),
        pytest.param(np.broadcast_to(np.float64(2.5), (2, 3)), id="broadcast"),
        pytest.param(np.arange(3.0, dtype=">f8"), id="big-endian"),
        pytest.param(np.array(3.0), id="rank 0"),
        pytest.param(np.zeros((0, 3)), id="zero-sized"),
    ],
)
def test_decode_gives_back_what_encode_was_given(array: Array) -> None:
    decoded = decode(encoded(array), np.dtype(np.float64))
    assert decoded.shape == array.shape
    np.testing.assert_array_equal(decoded, array)


def test_big_endian_arrays_are_sent_in_little_endian() -> None:
    assert encoded(np.array([1.0, 2.0], ">f4")).data == np.array([1.0, 2.0], "<f4").tobytes()


@pytest.mark.parametrize("numbers", [3, 0.5, [1, 2], [[1, 2.5], [3, 4]], [], range(4)])
def test_python_numbers_are_float64(numbers: Any) -> None:
    tensor = encoded(numbers)
    assert tensor.element_type == pb.ELEMENT_TYPE_FLOAT64
    assert tensor.data == np.asarray(numbers, np.float64).tobytes()


@pytest.mark.parametrize(
    "array",
    [
        np.arange(3),
        np.array([1j]),
        np.zeros(2, np.longdouble),
        np.zeros(2, np.uint16),
        "0.5",
        [10**30],
    ],
)
def test_other_types_are_an_error_that_names_the_field_and_the_dtype(array: Any) -> None:
    with pytest.raises(TypeError, match=r"inputs\[0\]: dtype .* is not an element type") as error:
        as_array(array, "inputs[0]")
    assert str(np.asarray(array).dtype) in str(error.value)


def test_rows_of_different_lengths_are_an_error_that_names_the_field() -> None:
    ragged: Any = [[1.0], [1.0, 2.0]]
    with pytest.raises(ValueError, match=r"^inputs\[0\]: .*inhomogeneous"):
        as_array(ragged, "inputs[0]")


@pytest.mark.parametrize("make", [lambda array: array, BFloat16Bits])
def test_a_masked_array_is_an_error_since_its_mask_would_be_lost(make: Any) -> None:
    masked = np.ma.masked_where([True, False], np.zeros(2))  # type: ignore[no-untyped-call]
    with pytest.raises(TypeError, match=r"inputs\[0\]: a masked array is given; fill it"):
        as_array(make(masked), "inputs[0]")


@pytest.mark.parametrize("mask", [np.array([True, False]), [True, False]])
def test_booleans_are_a_mask_of_one_byte_an_element(mask: Any) -> None:
    tensor = encoded(mask)
    assert tensor.element_type == pb.ELEMENT_TYPE_BOOL
    assert tensor.data == b"\x01\x00"


def test_bfloat16_bits_are_sent_as_they_are() -> None:
    tensor = encoded(BFloat16Bits(np.array([0x3F80, 0xC000], np.uint16)))
    assert tensor.element_type == pb.ELEMENT_TYPE_BFLOAT16
    assert tensor.data == b"\x80\x3f\x00\xc0"


def test_bfloat16_bits_of_another_type_are_an_error() -> None:
    with pytest.raises(
        TypeError, match=r"inputs\[0\]: BFloat16Bits holds float32; uint16 is needed"
    ):
        as_array(BFloat16Bits(np.zeros(2, np.float32)), "inputs[0]")


def test_decoded_arrays_may_be_written_to() -> None:
    decoded = decode(encoded(np.arange(3.0)), np.dtype(np.float64))
    decoded += 1
    assert decoded.tolist() == [1, 2, 3]
