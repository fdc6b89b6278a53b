"""Client of Rectifier, the batch activation evaluation service: NumPy in, NumPy out.

    import numpy as np
    import rectifier

    with rectifier.Client() as client:
        result = client.evaluate("gelu", np.linspace(-3, 3, 7), gradient=True)
        print(result.value, result.gradient)

`Client` calls the server, `Evaluation` says what to compute, `Result` is what comes back, and every
failed call raises a `RectifierError`.
"""

from rectifier.catalogue import (
    Accuracy,
    ActivationDescription,
    Limits,
    ParameterDescription,
    Preset,
    ServerInfo,
)
from rectifier.client import Client
from rectifier.errors import (
    Cancelled,
    DeadlineExceeded,
    Internal,
    InvalidArgument,
    PermissionDenied,
    RectifierError,
    ResourceExhausted,
    Unauthenticated,
    Unavailable,
    Violation,
)
from rectifier.evaluation import Argument, Evaluation, PerChannel
from rectifier.result import Result
from rectifier.security import Security
from rectifier.target import default_target
from rectifier.tensor import BFloat16Bits, TensorLike

__all__ = [
    "Accuracy",
    "ActivationDescription",
    "Argument",
    "BFloat16Bits",
    "Cancelled",
    "Client",
    "DeadlineExceeded",
    "Evaluation",
    "Internal",
    "InvalidArgument",
    "Limits",
    "ParameterDescription",
    "PerChannel",
    "PermissionDenied",
    "Preset",
    "RectifierError",
    "ResourceExhausted",
    "Result",
    "Security",
    "ServerInfo",
    "TensorLike",
    "Unauthenticated",
    "Unavailable",
    "Violation",
    "default_target",
]
