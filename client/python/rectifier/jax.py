"""Activations as functions of JAX, whose values and gradients the server computes.

    import rectifier.jax

    gelu = rectifier.jax.activation("gelu")
    prelu = rectifier.jax.activation("prelu", learnable=("weight",))
    y = jax.jit(prelu)(x, weight)

The functions work under jit, grad and vmap, and run on the host: `jax.pure_callback` calls the
server. Elementwise ones may be differentiated twice by their input. JAX differentiates them in
reverse mode alone (grad, vjp, jacrev).
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from rectifier.client import Client
from rectifier.evaluation import Argument, Evaluation, PerChannel
from rectifier.result import Result


def activation(
    name: str,
    *,
    learnable: Sequence[str] = (),
    arguments: Mapping[str, Argument] | None = None,
    axes: Mapping[str, int] | None = None,
    preset: str = "",
    client: Client | None = None,
) -> Callable[..., jax.Array]:
    """A function of x, and after it of the parameters named in `learnable`, in their order.

    It is for activations whose value has the shape of their input. Under vmap, those that are not
    elementwise, and those with learnable parameters, are called once for each element of the batch.

    arguments: of other parameters. axes: by the name of a learnable vector, the axis of x that it
    runs along. client: default: one of the default target.

    Errors: what Client.evaluate raises comes through JAX as a runtime error with its message.
    """
    calls = _Calls(name, tuple(learnable), dict(arguments or {}), dict(axes or {}), preset, client)
    return calls.function()


class _Calls:
    """The calls of one activation, from JAX's arrays to JAX's arrays."""

    def __init__(
        self,
        name: str,
        learnable: tuple[str, ...],
        arguments: Mapping[str, Argument],
        axes: Mapping[str, int],
        preset: str,
        client: Client | None,
    ) -> None:
        self._name = name
        self._learnable = learnable
        self._arguments = arguments
        self._axes = axes
        self._preset = preset
        self._client = client

    def function(self) -> Callable[..., jax.Array]:
        """With the gradient, which is a function with a gradient of its own."""

        @jax.custom_vjp
        def value(x: Any, *parameters: Any) -> Any:
            return self._call("value", x, parameters, x)

        @jax.custom_vjp
        def gradients(upstream: Any, x: Any, *parameters: Any) -> Any:
            shapes = (x, *parameters)
            return self._call("gradients", shapes, parameters, x, upstream)

        def gradients_backward(saved: Any, cotangents: Any) -> Any:
            """Of dx = upstream * f'(x): by the upstream c * f'(x), by x c * upstream * f''(x)."""
            upstream, x, *parameters = saved
            if parameters:
                raise NotImplementedError(
                    f"{self._name}: there are no second derivatives by parameters; without "
                    "`learnable` it may be differentiated twice by its input"
                )
            by_upstream = self._call("gradient", x, (), x, cotangents[0])
            by_x = self._call("second_derivative", x, (), x, cotangents[0] * upstream)
            return by_upstream, by_x

        gradients.defvjp(lambda *given: (gradients(*given), given), gradients_backward)
        value.defvjp(
            lambda *given: (value(*given), given),
            lambda given, upstream: gradients(upstream, *given),
        )
        return lambda *given: value(*map(jnp.asarray, given))

    def _call(
        self, quantity: str, shapes: Any, parameters: Sequence[Any], x: Any, upstream: Any = None
    ) -> Any:
        """`quantity` as arrays like those of `shapes`."""
        given = (x, *parameters) if upstream is None else (upstream, x, *parameters)

        def callback(*arrays: Any) -> Any:
            arrays = tuple(np.asarray(array) for array in arrays)
            dy, arrays = (None, arrays) if upstream is None else (arrays[0], arrays[1:])
            result = self._evaluate(quantity, dy, arrays)
            if quantity != "gradients":
                return getattr(result, quantity)
            found = [result.gradient]
            if self._learnable:
                found += [result.parameter_gradients[name] for name in self._learnable]
            return tuple(
                np.asarray(g, a.dtype).reshape(a.shape) for g, a in zip(found, arrays, strict=True)
            )

        types = jax.tree_util.tree_map(lambda a: jax.ShapeDtypeStruct(a.shape, a.dtype), shapes)
        return jax.pure_callback(callback, types, *given, vmap_method="sequential")

    def _evaluate(self, quantity: str, upstream: Any, arrays: Sequence[Any]) -> Result:
        x, *parameters = arrays
        arguments = dict(self._arguments)
        for name, parameter in zip(self._learnable, parameters, strict=True):
            axis = self._axes.get(name)
            arguments[name] = parameter if axis is None else PerChannel(parameter, axis)
        evaluation = Evaluation(
            self._name,
            (x,),
            arguments,
            preset=self._preset,
            upstream=upstream,
            value=quantity == "value",
            gradient=quantity in ("gradient", "gradients"),
            second_derivative=quantity == "second_derivative",
            parameter_gradients=quantity == "gradients" and bool(parameters),
        )
        return (self._client or _default_client()).evaluate_batch([evaluation])[0]


_clients: list[Client] = []


def _default_client() -> Client:
    """One for all functions that bring none."""
    if not _clients:
        _clients.append(Client())
    return _clients[0]
