"""Client of Rectifier, the batch activation evaluation service: NumPy in, NumPy out.

    import numpy as np
    import rectifier

    with rectifier.Client() as client:
        result = client.evaluate("gelu", np.linspace(-3, 3, 7), gradient=True)
        print(result.value, result.gradient)

`Client` calls the server, and `AsyncClient` does in asyncio; `Evaluation` says what to compute,
`Result` is what comes back, and every failed call raises a `RectifierError`. `rectifier.torch` and
`rectifier.jax` make functions of those frameworks, with their gradients; `plot` draws.
"""

from rectifier.aio import AsyncClient
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
from rectifier.plotting import plot
from rectifier.result import Result
from rectifier.security import Security
from rectifier.target import default_target
from rectifier.tensor import BFloat16Bits, TensorLike
from rectifier.version import __version__

__all__ = [
    "Accuracy",
    "ActivationDescription",
    "Argument",
    "AsyncClient",
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
    "__version__",
    "default_target",
    "plot",
]
