"""Tensors of other libraries as what NumPy understands, without a copy where they lie in memory."""

import importlib
import sys
from typing import Any

import numpy as np


def to_numpy(source: Any, field: str) -> Any:
    """`source`, or an array over the same memory where it is a tensor of PyTorch or of DLPack.

    A tensor that requires a gradient is taken for its numbers alone: what comes back are arrays,
    of which PyTorch records nothing (rectifier.torch does). One of bfloat16, for which NumPy has
    no dtype, is a BFloat16Memory.

    Errors: TypeError, which names `field`, for a tensor that is not in this machine's memory, or is
    not dense.
    """
    if isinstance(source, np.ndarray | np.generic):
        return source
    if is_torch(source):
        return _of_torch(source, field)
    if hasattr(source, "__dlpack__") and not hasattr(source, "__array__"):
        return _of_dlpack(source, field)
    return source


def is_torch(source: object) -> bool:
    """Whether it is a tensor of PyTorch, which is not imported for that."""
    torch = sys.modules.get("torch")
    return torch is not None and isinstance(source, torch.Tensor)


def bfloat16_dtype() -> "np.dtype[Any] | None":
    """The dtype of ml_dtypes; None where that is not installed."""
    try:
        return np.dtype(importlib.import_module("ml_dtypes").bfloat16)
    except ImportError:
        return None


def float32_of_bits(bits: Any) -> Any:
    """The numbers whose bfloat16 bits are given in uint16."""
    return (np.atleast_1d(bits).astype(np.uint32) << 16).view(np.float32).reshape(bits.shape)


def _of_torch(tensor: Any, field: str) -> Any:
    if tensor.layout is not sys.modules["torch"].strided:
        raise TypeError(f"{field}: a sparse tensor is given; make it dense with to_dense()")
    if tensor.device.type != "cpu":
        raise TypeError(f"{field}: the tensor is on {tensor.device}; bring it here with cpu()")
    tensor = tensor.detach()
    if str(tensor.dtype) == "torch.bfloat16":
        return BFloat16Memory(tensor.view(sys.modules["torch"].int16).numpy().view(np.uint16))
    return tensor.resolve_neg().resolve_conj().numpy()


def _of_dlpack(source: Any, field: str) -> Any:
    try:
        return np.from_dlpack(source)
    except (BufferError, RuntimeError, TypeError) as error:
        raise TypeError(
            f"{field}: NumPy cannot take this {type(source).__name__} by DLPack ({error}); bring "
            "it to the CPU as float16, float32 or float64"
        ) from None


class BFloat16Memory:
    """The bits of a bfloat16 tensor of another library, as uint16."""

    def __init__(self, bits: Any) -> None:
        self.bits = bits

    def array(self) -> Any:
        """Of the dtype of ml_dtypes where that is installed, else the bits."""
        dtype = bfloat16_dtype()
        return self.bits if dtype is None else self.bits.view(dtype)
