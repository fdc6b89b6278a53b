"""What stands for a tensor as NumPy arrays, and Tensor messages as NumPy arrays."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rectifier.foreign import BFloat16Memory, to_numpy
from rectifier.v1 import activation_pb2 as pb

Array = NDArray[Any]

# By the name of the dtype, so that ml_dtypes.bfloat16 is known without importing ml_dtypes.
_ELEMENT_TYPES = {
    "float16": pb.ELEMENT_TYPE_FLOAT16,
    "bfloat16": pb.ELEMENT_TYPE_BFLOAT16,
    "float32": pb.ELEMENT_TYPE_FLOAT32,
    "float64": pb.ELEMENT_TYPE_FLOAT64,
    "bool": pb.ELEMENT_TYPE_BOOL,
}


@dataclass(frozen=True, eq=False)
class BFloat16Bits:
    """A bfloat16 tensor as the bits of its elements, for programs without ml_dtypes.

    A result has the element type of its input, so that of such an input is bits in uint16, too;
    and so is the gradient by such an argument.
    """

    bits: Array
    """Of dtype uint16: the upper halves of the binary32 numbers."""


TensorLike = ArrayLike | BFloat16Bits
"""What stands for a tensor.

An array of float16, float32, float64 or ml_dtypes.bfloat16, of any strides and byte order, keeps
its type; one of bool is a mask. So do tensors of PyTorch and JAX, and whatever speaks DLPack, in
this machine's memory; that one of PyTorch requires a gradient plays no part. Python numbers and
(nested) sequences of them are float64. Other dtypes are a TypeError, because only the caller knows
which type to convert them to.
"""


def as_array(source: TensorLike, field: str) -> tuple[Array, pb.ElementType]:
    """`source` as an array and its element type. Copies only what is not an array yet.

    Errors: TypeError, which names `field`, where the dtype is not an element type, or the array is
    masked; ValueError where sequences in one another make no array.
    """
    source = to_numpy(source, field)
    if isinstance(source, BFloat16Memory):
        return source.array(), pb.ELEMENT_TYPE_BFLOAT16
    if isinstance(source, BFloat16Bits):
        refuse_masked(source.bits, field)
        bits = np.asarray(to_numpy(source.bits, field))
        if bits.dtype != np.uint16:
            raise TypeError(f"{field}: BFloat16Bits holds {bits.dtype}; uint16 is needed")
        return bits, pb.ELEMENT_TYPE_BFLOAT16
    refuse_masked(source, field)
    try:
        array = np.asarray(source)
    except ValueError as error:  # whose rows differ in length
        raise ValueError(f"{field}: {error}") from None
    except TypeError as error:  # of a library that does not copy from a device by itself
        raise TypeError(f"{field}: {type(source).__name__} gives no array: {error}") from None
    if array.dtype.kind in "iu" and not hasattr(source, "dtype"):
        array = array.astype(np.float64)
    element_type = _ELEMENT_TYPES.get(array.dtype.name)
    if element_type is None:
        raise TypeError(
            f"{field}: dtype {array.dtype} is not an element type; convert it to one of "
            f"{', '.join(_ELEMENT_TYPES)} with astype()"
        )
    return array, element_type


def refuse_masked(source: object, field: str) -> None:
    """Errors: TypeError for an array of numpy.ma, whose mask nothing would be made of."""
    if isinstance(source, np.ma.MaskedArray):
        raise TypeError(
            f"{field}: a masked array is given; fill it with filled(), or give its data and, where "
            "the activation has a parameter `mask`, that argument as ~numpy.ma.getmaskarray(x)"
        )


_DTYPES: "dict[pb.ElementType, np.dtype[Any]]" = {
    pb.ELEMENT_TYPE_FLOAT16: np.dtype(np.float16),
    pb.ELEMENT_TYPE_FLOAT32: np.dtype(np.float32),
    pb.ELEMENT_TYPE_FLOAT64: np.dtype(np.float64),
}


@dataclass(frozen=True)
class ResultDtypes:
    """The dtypes that the results of one evaluation have."""

    input: "np.dtype[Any]"
    """Of every result but parameter gradients."""
    bfloat16: "np.dtype[Any]"
    """Of gradients by bfloat16 arguments, for which NumPy has no dtype: that of the first one."""

    def of_argument(self, element_type: pb.ElementType) -> "np.dtype[Any]":
        """Of the gradient by an argument of `element_type`."""
        return _DTYPES.get(element_type, self.bfloat16)


def decode(tensor: pb.Tensor, dtype: "np.dtype[Any]") -> Array:
    """The tensor as a little-endian array of its own memory.

    `dtype` is that of its element type, in any byte order.
    """
    shape = tuple(tensor.shape)
    return np.frombuffer(tensor.data, dtype.newbyteorder("<")).reshape(shape).copy()
