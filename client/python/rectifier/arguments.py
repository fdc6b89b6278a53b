"""What a caller gives for a parameter as the number, axis, word or tensor that it stands for."""

import operator
from typing import Any

import numpy as np

from rectifier.evaluation import Argument
from rectifier.foreign import BFloat16Memory, float32_of_bits, to_numpy
from rectifier.tensor import refuse_masked


def plain(argument: Argument, field: str) -> Argument:
    """What a scalar or array stands for, where that is not a tensor as it is.

    A scalar, or a tensor of rank 0, is the Python bool, string or number that it holds. Whole
    numbers in a tensor of rank 1, such as axes, are what they are in a list.
    """
    if not hasattr(argument, "ndim"):
        return argument
    array: Any = to_numpy(argument, field)
    if isinstance(array, BFloat16Memory):
        return float(float32_of_bits(array.bits)) if array.bits.ndim == 0 else argument
    refuse_masked(array, field)
    if array.ndim > 0:
        is_list = array.ndim == 1 and np.dtype(array.dtype).kind in "iu" and _is_exact(array)
        return np.asarray(array, np.float64) if is_list else argument
    array = np.asarray(array)
    if array.dtype.kind in "bU":
        word: Argument = array.item()
        return word
    is_number = array.dtype.kind in "iuf" or array.dtype.name == "bfloat16"
    return float(array) if is_number else argument


def number(given: Any, field: str) -> float:
    """Errors: ValueError, which names `field`, where float64 does not hold it."""
    try:
        value = float(given)
    except OverflowError:
        raise ValueError(f"{field}: the number is larger than a float64 can be") from None
    if hasattr(given, "__index__") and value != operator.index(given):
        raise ValueError(f"{field}: {given} is no float64; whole numbers up to 2**53 are")
    return value


def axis(given: object, field: str) -> int:
    """Errors: TypeError or ValueError, which name `field`, where it is no axis."""
    if isinstance(given, bool) or not hasattr(given, "__index__"):
        raise TypeError(f"{field}: a whole number is needed, such as 1 or -1; given {given!r}")
    index = operator.index(given)
    if not -(2**31) <= index < 2**31:
        raise ValueError(f"{field}: {index} is no axis of a tensor")
    return index


def _is_exact(integers: Any) -> bool:
    """Whether float64 holds them all."""
    most: int = 2**53
    array = np.asarray(integers)
    return array.size == 0 or bool(-most <= array.min() and array.max() <= most)
