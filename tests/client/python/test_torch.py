"""rectifier.torch: values and gradients, by gradcheck and beside PyTorch's own."""

import pickle
from typing import Any

import pytest
from optional import optional

torch = optional("torch", "python3-torch")

import rectifier.torch  # noqa: E402
from rectifier import Client, PerChannel  # noqa: E402

# Far from every kink: those of the catalogue lie at multiples of 1/4.
X = [-3.61, -2.13, -1.37, -0.62, -0.36, -0.11, 0.13, 0.37, 0.64, 1.12, 2.39, 3.61]


def points(step: int = 1) -> Any:
    return torch.tensor(X[::step], dtype=torch.float64, requires_grad=True)


def elementwise(client: Client) -> list[str]:
    return [d.name for d in client.list_activations() if d.kind == "elementwise"]


def test_gradcheck_and_gradgradcheck_pass_for_every_elementwise_activation(
    client: Client,
) -> None:
    names = elementwise(client)
    assert len(names) > 50

    for name in names:

        def call(x: Any, name: str = name) -> Any:
            return rectifier.torch.activation(name, x, client=client)

        assert torch.autograd.gradcheck(call, points(step=2)), name
        assert torch.autograd.gradgradcheck(call, points(step=2)), name


def test_gradcheck_passes_for_every_learnable_parameter(client: Client) -> None:
    checked = 0
    for description in client.list_activations():
        if description.kind != "elementwise":
            continue
        for parameter in description.parameters:
            default = parameter.default
            if not parameter.learnable or not isinstance(default, float) or abs(default) > 1e300:
                continue

            def call(
                x: Any, p: Any, name: str = description.name, key: str = parameter.name
            ) -> Any:
                return rectifier.torch.activation(name, x, arguments={key: p}, client=client)

            start = torch.tensor([default + 0.031], dtype=torch.float64, requires_grad=True)
            assert torch.autograd.gradcheck(call, (points(step=2), start)), (
                description.name,
                parameter,
            )
            checked += 1
    assert checked > 30


def test_gradcheck_passes_for_rows_and_pairs(client: Client) -> None:
    def rows(x: Any) -> Any:
        return rectifier.torch.activation("softmax", x.reshape(3, 4), client=client)

    def pair(gate: Any, value: Any) -> Any:
        arguments = {"gate": "first"}
        return rectifier.torch.activation("swiglu", gate, value, arguments=arguments, client=client)

    assert torch.autograd.gradcheck(rows, points())
    assert torch.autograd.gradcheck(pair, (points(), points()))


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32, torch.float16, torch.bfloat16])
def test_types_are_kept(dtype: Any, client: Client) -> None:
    x = torch.tensor(X, dtype=dtype, requires_grad=True)
    weight = torch.tensor([0.25], dtype=dtype, requires_grad=True)
    y = rectifier.torch.activation("prelu", x, arguments={"weight": weight}, client=client)
    y.sum().backward()
    assert y.dtype == x.grad.dtype == weight.grad.dtype == dtype
    assert torch.equal(x.grad, torch.where(x > 0, 1.0, 0.25).to(dtype))


def test_a_module_learns_as_that_of_pytorch(client: Client) -> None:
    own = rectifier.torch.Activation(
        "prelu", learnable={"weight": torch.full((3,), 0.25)}, axes={"weight": 1}, client=client
    )
    theirs = torch.nn.PReLU(3)
    generator = torch.Generator().manual_seed(1)
    x = torch.randn(4, 3, 5, generator=generator)
    for module in (own, theirs):
        optimizer = torch.optim.SGD(module.parameters(), lr=0.1)
        for _ in range(3):
            optimizer.zero_grad()
            module(x).square().mean().backward()
            optimizer.step()
    assert torch.allclose(own.weight, theirs.weight, atol=1e-6)
    assert not torch.equal(own.weight, torch.full((3,), 0.25))
    assert list(own.state_dict()) == ["weight"]


def test_a_module_shows_itself_and_can_be_pickled(client: Client) -> None:
    module = rectifier.torch.Activation(
        "elu", learnable={"alpha": 1.5}, preset="pytorch", client=client
    )
    assert repr(module) == "Activation('elu', preset='pytorch')"
    copy = pickle.loads(pickle.dumps(module))
    x = torch.tensor([-1.0, 2.0])
    assert torch.equal(copy(x), module(x))
    assert copy.alpha.item() == 1.5


def test_an_alias_of_a_parameter_has_its_gradient(client: Client) -> None:
    slope = torch.tensor([0.25], dtype=torch.float64, requires_grad=True)
    y = rectifier.torch.activation("prelu", points(), arguments={"slope": slope}, client=client)
    y.sum().backward()
    assert slope.grad.item() == pytest.approx(sum(x for x in X if x < 0))


def test_arguments_that_need_no_gradient_have_none(client: Client) -> None:
    x = points()
    weight = torch.full((12,), 0.5, dtype=torch.float64)
    y = rectifier.torch.activation(
        "prelu", x, arguments={"weight": PerChannel(weight, axis=0)}, client=client
    )
    (gradient,) = torch.autograd.grad(y.sum(), x)
    assert gradient.tolist() == [0.5 if number < 0 else 1.0 for number in X]


def test_second_derivatives_that_there_are_none_of_are_an_error(client: Client) -> None:
    x, weight = points(), torch.tensor([0.25], dtype=torch.float64, requires_grad=True)
    y = rectifier.torch.activation("prelu", x, arguments={"weight": weight}, client=client)
    (gradient,) = torch.autograd.grad(y.square().sum(), x, create_graph=True)
    with pytest.raises(RuntimeError, match="prelu: there are no second derivatives by parameters"):
        gradient.sum().backward()


def test_a_gradient_penalty_is_that_of_pytorch(client: Client) -> None:
    def penalty(function: Any) -> Any:
        x = points()
        (gradient,) = torch.autograd.grad(function(x).sum(), x, create_graph=True)
        gradient.square().sum().backward()
        return x.grad

    own = penalty(lambda x: rectifier.torch.activation("softplus", x, client=client))
    assert torch.allclose(own, penalty(torch.nn.functional.softplus), rtol=1e-12)


def test_the_default_client_is_used(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECTIFIER_TARGET", client.target)
    monkeypatch.setattr(rectifier.torch, "_clients", [])
    assert rectifier.torch.activation("relu", torch.tensor([-1.0, 2.0])).tolist() == [0, 2]
