"""rectifier.jax: values and gradients, also under jit and vmap, beside JAX's own."""

from typing import Any

import numpy as np
import pytest
from optional import optional
from rectifierd_process import RectifierdProcess

from rectifier import Client

jax = optional("jax", "PyPI")

import rectifier.jax  # noqa: E402

jax.config.update("jax_enable_x64", True)

X = np.array([-2.13, -0.62, -0.11, 0.37, 1.12, 3.61])


def test_values_are_those_of_the_client(client: Client) -> None:
    for dtype in ("float64", "float32", "float16", "bfloat16"):
        x = jax.numpy.asarray(X, dtype)
        y = rectifier.jax.activation("gelu", client=client)(x)
        assert y.dtype == x.dtype
        assert np.asarray(y).tobytes() == client.evaluate("gelu", np.asarray(x)).value.tobytes()


# test_torch.py has every one.
@pytest.mark.parametrize("name", ["elu", "gelu", "mish", "prelu", "relu", "selu", "swish", "tanh"])
def test_gradients_pass_the_check_of_jax_twice(name: str, client: Client) -> None:
    from jax.test_util import check_grads

    function = rectifier.jax.activation(name, client=client)
    check_grads(function, (jax.numpy.asarray(X),), order=2, modes=["rev"], atol=1e-5, rtol=1e-5)


def test_learnable_parameters_have_gradients(client: Client) -> None:
    prelu = rectifier.jax.activation(
        "prelu", learnable=("weight",), axes={"weight": 1}, client=client
    )
    x = jax.numpy.asarray(X.reshape(2, 3))
    weight = jax.numpy.asarray([0.25, 0.5, 1.0], "float32")

    def loss(x: Any, weight: Any) -> Any:
        return prelu(x, weight).sum()

    by_x, by_weight = jax.jit(jax.grad(loss, argnums=(0, 1)))(x, weight)
    np.testing.assert_allclose(by_x, np.where(X.reshape(2, 3) > 0, 1, np.asarray(weight)))
    np.testing.assert_allclose(by_weight, X.reshape(2, 3).clip(max=0).sum(axis=0), rtol=1e-6)
    assert by_weight.dtype == weight.dtype
    with pytest.raises(NotImplementedError, match="no second derivatives by parameters"):
        jax.grad(lambda x: jax.grad(loss)(x, weight).sum())(x)


def test_a_number_may_be_learned(client: Client) -> None:
    swish = rectifier.jax.activation("swish", learnable=("beta",), client=client)
    gradient = jax.grad(lambda beta: swish(jax.numpy.asarray(X), beta).sum())(1.0)
    expected = (X**2 / (2 + 2 * np.cosh(X))).sum()
    assert float(gradient) == pytest.approx(expected, rel=1e-12)


def test_it_works_under_jit_and_vmap(client: Client) -> None:
    softplus = rectifier.jax.activation("softplus", client=client)
    x = jax.numpy.asarray(X.reshape(2, 3))
    second = jax.jit(jax.vmap(jax.vmap(jax.grad(jax.grad(softplus)))))(x)
    np.testing.assert_allclose(
        second, jax.vmap(jax.vmap(jax.hessian(jax.nn.softplus)))(x), rtol=1e-9
    )


def test_rows_are_differentiated_once(client: Client) -> None:
    softmax = rectifier.jax.activation("softmax", arguments={"axis": 0}, client=client)
    x, dy = jax.numpy.asarray(X.reshape(3, 2)), jax.numpy.asarray(X[::-1].reshape(3, 2))
    _, pull = jax.vjp(softmax, x)
    _, their_pull = jax.vjp(lambda x: jax.nn.softmax(x, axis=0), x)
    np.testing.assert_allclose(pull(dy)[0], their_pull(dy)[0], rtol=1e-12)


def test_an_error_comes_through(client: Client) -> None:
    with pytest.raises(Exception, match=r"did you mean .*gelu"):
        rectifier.jax.activation("gellu", client=client)(jax.numpy.asarray(X)).block_until_ready()


def test_the_default_client_is_used(
    rectifierd: RectifierdProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RECTIFIER_TARGET", rectifierd.unix_target)
    monkeypatch.setattr(rectifier.jax, "_clients", [])
    assert rectifier.jax.activation("relu")(jax.numpy.asarray([-1.0, 2.0])).tolist() == [0, 2]
