"""Activations as functions and modules of PyTorch, whose gradients the server computes.

    import rectifier.torch

    layer = rectifier.torch.Activation("prelu", learnable={"weight": 0.25})
    y = rectifier.torch.activation("gelu", x, client=client)

Tensors keep their type, also bfloat16, and their device; the numbers go by way of this machine's
memory. What is differentiated twice must be elementwise, and by its input alone: the catalogue has
no second derivatives by parameters.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from torch.autograd.function import once_differentiable

from rectifier.client import Client
from rectifier.evaluation import Evaluation, PerChannel
from rectifier.result import Result

Argument = Any
"""What Client.evaluate takes for a parameter; tensors of PyTorch may require gradients."""


def activation(
    name: str,
    *inputs: torch.Tensor,
    arguments: Mapping[str, Argument] | None = None,
    preset: str = "",
    client: Client | None = None,
) -> torch.Tensor:
    """The value of an activation over one input, or two for a gated pair, in the input's type.

    Gradients flow to the inputs, and to those arguments that are tensors of PyTorch (also in a
    PerChannel) and require one. client: default: one of the default target.

    Errors: those of Client.evaluate; RuntimeError for second derivatives that there are none of.
    """
    call, parameters = _call(name, arguments or {}, preset, client or _default_client())
    values: torch.Tensor = _Value.apply(replace(call, inputs=len(inputs)), *inputs, *parameters)
    return values


class Activation(torch.nn.Module):
    """An activation as a module, with parameters that are learned.

        Activation("prelu", learnable={"weight": torch.full((8,), 0.25)}, axes={"weight": 1})

    learnable: by parameter name, what it is at the start: a number or a tensor. Each becomes a
    torch.nn.Parameter of the module, under that name.
    axes: by the name of an argument that is a vector, the axis of the input that it runs along.
    arguments, preset, client: as those of `activation`. A client can be pickled, and so can this.
    """

    def __init__(
        self,
        name: str,
        *,
        learnable: Mapping[str, Any] | None = None,
        axes: Mapping[str, int] | None = None,
        arguments: Mapping[str, Argument] | None = None,
        preset: str = "",
        client: Client | None = None,
    ) -> None:
        super().__init__()
        self.name = name
        self.preset = preset
        self.client = client
        self.axes = dict(axes or {})
        self.arguments = dict(arguments or {})
        self.learnable = tuple(learnable or {})
        for parameter, start in (learnable or {}).items():
            tensor = torch.as_tensor(start, dtype=None if torch.is_tensor(start) else torch.float32)
            self.register_parameter(parameter, torch.nn.Parameter(tensor.clone()))

    def forward(self, *inputs: torch.Tensor) -> torch.Tensor:
        arguments = {
            **self.arguments,
            **{parameter: getattr(self, parameter) for parameter in self.learnable},
        }
        for parameter, axis in self.axes.items():
            arguments[parameter] = PerChannel(arguments[parameter], axis)
        return activation(
            self.name, *inputs, arguments=arguments, preset=self.preset, client=self.client
        )

    def extra_repr(self) -> str:
        return ", ".join(
            [repr(self.name), *([f"preset={self.preset!r}"] if self.preset else [])]
            + [f"{name}={value!r}" for name, value in self.arguments.items()]
        )


@dataclass(frozen=True)
class _Call:
    """All of an evaluation but its tensors that gradients may flow to."""

    name: str
    preset: str
    client: Client
    fixed: Mapping[str, Argument]
    parameters: tuple[str, ...]
    """The names of the arguments that are tensors, in the order in which they are passed."""
    axes: Mapping[str, int]
    inputs: int = 1

    def evaluate(
        self, tensors: tuple[torch.Tensor, ...], upstream: Any = None, **quantities: bool
    ) -> Result:
        """tensors: the inputs, then the parameters."""
        arguments = dict(self.fixed)
        for name, tensor in zip(self.parameters, tensors[self.inputs :], strict=True):
            given = _to_rectifier(tensor)
            arguments[name] = PerChannel(given, self.axes[name]) if name in self.axes else given
        evaluation = Evaluation(
            self.name,
            tuple(_to_rectifier(tensor) for tensor in tensors[: self.inputs]),
            arguments,
            preset=self.preset,
            upstream=None if upstream is None else _to_rectifier(upstream),
            value=quantities.get("value", False),
            gradient=quantities.get("gradient", False),
            second_derivative=quantities.get("second_derivative", False),
            parameter_gradients=quantities.get("parameter_gradients", False),
        )
        return self.client.evaluate_batch([evaluation])[0]


class _Value(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, call: _Call, *tensors: torch.Tensor) -> torch.Tensor:
        ctx.call = call
        ctx.save_for_backward(*tensors)
        return _to_torch(call.evaluate(tensors, value=True).value, tensors[0])

    @staticmethod
    def backward(ctx: Any, upstream: torch.Tensor) -> Any:
        wanted = ctx.needs_input_grad[1:]
        gradients = _Gradient.apply(ctx.call, wanted, upstream, *ctx.saved_tensors)
        return (None, *gradients)


class _Gradient(torch.autograd.Function):
    """The gradient of all tensors, as a function of the upstream and of the first input."""

    @staticmethod
    def forward(
        ctx: Any, call: _Call, wanted: tuple[bool, ...], upstream: torch.Tensor, *tensors: Any
    ) -> Any:
        ctx.call = call
        ctx.wanted = wanted
        ctx.save_for_backward(upstream, *tensors)
        inputs, parameters = wanted[: call.inputs], wanted[call.inputs :]
        result = call.evaluate(
            tensors, upstream, gradient=any(inputs), parameter_gradients=any(parameters)
        )
        gradients: list[Any] = [None] * len(tensors)
        for i in range(call.inputs):
            if inputs[i]:
                gradients[i] = _to_torch(result.gradients[i], tensors[i])
        for i, name in enumerate(call.parameters, call.inputs):
            if wanted[i]:
                by_name = result.parameter_gradients
                gradients[i] = _to_torch(by_name[_canonical(call, name, by_name)], tensors[i])
        return tuple(gradients)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, *cotangents: Any) -> Any:
        """Of dx = upstream * f'(x): by the upstream c * f'(x), by x c * upstream * f''(x)."""
        call, (upstream, *tensors) = ctx.call, ctx.saved_tensors
        if call.inputs != 1 or any(ctx.wanted[1:]):
            raise RuntimeError(
                f"{call.name}: there are no second derivatives by parameters, nor of pairs; "
                "detach() the parameters to differentiate twice by the input"
            )
        cotangent = cotangents[0]
        by_upstream = call.evaluate(tuple(tensors), cotangent, gradient=True).gradient
        by_input = call.evaluate(
            tuple(tensors), cotangent * upstream, second_derivative=True
        ).second_derivative
        rest = [None] * (len(tensors) - 1)
        x = tensors[0]
        return (None, None, _to_torch(by_upstream, x), _to_torch(by_input, x), *rest)


def _call(
    name: str, arguments: Mapping[str, Argument], preset: str, client: Client
) -> tuple[_Call, list[torch.Tensor]]:
    """The call without its tensors, and the tensors of its parameters."""
    axes = {key: given.axis for key, given in arguments.items() if isinstance(given, PerChannel)}
    plain = {
        key: given.tensor if isinstance(given, PerChannel) else given
        for key, given in arguments.items()
    }
    tensors = {
        key: given for key, given in plain.items() if torch.is_tensor(given) and given.requires_grad
    }
    fixed = {key: given for key, given in arguments.items() if key not in tensors}
    axes = {key: axis for key, axis in axes.items() if key in tensors}
    return _Call(name, preset, client, fixed, tuple(tensors), axes), list(tensors.values())


def _canonical(call: _Call, name: str, gradients: Mapping[str, Any]) -> str:
    """The parameter's own name, where the caller has used an alias."""
    if name in gradients:
        return name
    for parameter in call.client.describe(call.name).parameters:
        if name in parameter.aliases:
            return parameter.name
    raise RuntimeError(f"{call.name}: there is no gradient by {name}; detach() it")


def _to_rectifier(tensor: torch.Tensor) -> torch.Tensor:
    return tensor.detach().cpu()


def _to_torch(array: Any, like: torch.Tensor) -> torch.Tensor:
    """A tensor of the type and on the device of `like`."""
    if array.dtype == np.uint16 or array.dtype.name == "bfloat16":
        tensor = torch.from_numpy(array.view(np.int16)).view(torch.bfloat16)
    else:
        tensor = torch.from_numpy(array)
    return tensor.to(device=like.device, dtype=like.dtype)


_clients: list[Client] = []


def _default_client() -> Client:
    """One for all calls that bring none."""
    if not _clients:
        _clients.append(Client())
    return _clients[0]
