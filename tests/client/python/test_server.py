"""The client against the real server."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from rectifierd_process import RectifierdProcess

import rectifier
from rectifier import BFloat16Bits, Client, Evaluation, PerChannel, TensorLike
from rectifier.tensor import Array

X = np.array([[-2.0, -1.0, 0.0], [0.5, 1.0, 3.0]], np.float32)


def test_tcp_gives_the_bits_of_the_unix_socket(
    rectifierd: RectifierdProcess, client: Client
) -> None:
    with Client(rectifierd.tcp_target) as tcp_client:
        over_tcp = tcp_client.evaluate("gelu", X, gradient=True)
    over_unix = client.evaluate("gelu", X, gradient=True)
    np.testing.assert_array_equal(over_tcp.value, over_unix.value)
    np.testing.assert_array_equal(over_tcp.gradient, over_unix.gradient)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_results_have_the_type_and_shape_of_the_input(dtype: type, client: Client) -> None:
    x: Array = X.astype(dtype)
    result = client.evaluate("relu", x, gradient=True)
    assert result.value.dtype == result.gradient.dtype == x.dtype
    np.testing.assert_array_equal(result.value, np.maximum(x, 0))
    np.testing.assert_array_equal(result.gradient, (x > 0).astype(dtype))


def test_bfloat16_bits_are_computed_as_bfloat16(client: Client) -> None:
    minus_two, one, three = 0xC000, 0x3F80, 0x4040
    bits = BFloat16Bits(np.array([minus_two, one, three], np.uint16))
    result = client.evaluate("relu", bits, gradient=True)
    assert result.value.tolist() == [0, one, three]
    assert result.gradient.tolist() == [0, one, one]


@pytest.mark.parametrize(
    "x",
    [
        pytest.param(X.T, id="transposed"),
        pytest.param(X[:, ::-2], id="strided"),
        pytest.param(X.astype(">f4"), id="big-endian"),
        pytest.param(np.float32(-1), id="rank 0"),
        pytest.param(np.zeros((2, 0, 3), np.float32), id="zero-sized"),
    ],
)
def test_every_memory_layout_is_evaluated(x: Array, client: Client) -> None:
    value = client.evaluate("relu", x).value
    assert value.shape == x.shape
    np.testing.assert_array_equal(value, np.maximum(x, 0))


@pytest.mark.parametrize(
    ("weight", "expected"),
    [
        pytest.param(0.5, X.clip(max=0).sum(), id="number"),
        pytest.param(np.float64(0.5), X.clip(max=0).sum(), id="NumPy number"),
        pytest.param(np.full(3, 0.5), X.clip(max=0).sum(axis=0), id="broadcast"),
        pytest.param(np.full((2, 1), 0.5), X.clip(max=0).sum(axis=1, keepdims=True), id="column"),
        pytest.param(PerChannel(np.full(2, 0.5), axis=0), X.clip(max=0).sum(axis=1), id="axis 0"),
        pytest.param(PerChannel(np.full(3, 0.5), axis=-1), X.clip(max=0).sum(axis=0), id="last"),
    ],
)
def test_a_parameter_gradient_has_the_shape_of_its_argument(
    weight: TensorLike | PerChannel, expected: Array, client: Client
) -> None:
    result = client.evaluate("prelu", X, arguments={"weight": weight}, parameter_gradients=True)
    np.testing.assert_array_equal(result.value, np.where(X > 0, X, X / 2))
    gradient = result.parameter_gradients["weight"]
    assert gradient.shape == np.shape(expected)
    np.testing.assert_array_equal(gradient, expected)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_a_parameter_gradient_has_the_dtype_of_its_argument(dtype: type, client: Client) -> None:
    x = np.full(100_000, -1, np.float16)
    weight: Array = np.full(1, 0.25, dtype)
    result = client.evaluate("prelu", x, arguments={"slope": weight}, parameter_gradients=True)
    assert result.value.dtype == np.float16
    gradient = result.parameter_gradients["weight"]
    assert gradient.dtype == dtype
    assert gradient.tolist() == [-np.inf if dtype is np.float16 else -100_000]
    number = client.evaluate("prelu", x, arguments={"weight": 0.25}, parameter_gradients=True)
    assert number.parameter_gradients["weight"].dtype == np.float64
    assert number.parameter_gradients["weight"] == -100_000


def test_the_gradient_by_bfloat16_bits_is_bits(client: Client) -> None:
    weight = BFloat16Bits(np.array([0x3E80], np.uint16))  # 0.25
    result = client.evaluate(
        "prelu", np.array([-1.0, -2.0]), arguments={"weight": weight}, parameter_gradients=True
    )
    assert result.value.dtype == np.float64
    gradient = result.parameter_gradients["weight"]
    assert gradient.dtype == np.uint16
    assert gradient.tolist() == [0xC040]  # -3


def test_words_choose_which_half_gates(client: Client) -> None:
    both = np.array([[0.0, 0.0, 5.0, 7.0]])
    first = client.evaluate("glu", both, arguments={"gate": "first"}).value
    second = client.evaluate("glu", both, arguments={"gate": "second"}).value
    assert first.tolist() == [[2.5, 3.5]]
    assert second.tolist() == [[0, 0]]


def test_two_inputs_have_two_gradients(client: Client) -> None:
    gate, value = np.array([0.0, 0.0]), np.array([5.0, 7.0])
    upstream = np.array([4.0, 8.0])
    arguments = {"gate": "first"}
    result = client.evaluate(
        "glu", gate, value, arguments=arguments, upstream=upstream, gradient=True
    )
    assert result.value.tolist() == [2.5, 3.5]
    assert [gradient.tolist() for gradient in result.gradients] == [[5, 14], [2, 4]]


def test_a_preset_takes_the_frameworks_default(client: Client) -> None:
    x = np.array([-1.0])
    (preset,) = (
        preset
        for preset in client.describe("hard_sigmoid").presets
        if (preset.framework, preset.parameter) == ("onnx", "alpha")
    )
    assert preset.number == float(np.float32(0.2))
    assert client.evaluate("hard_sigmoid", x, preset="onnx").value.item() == pytest.approx(
        0.3, abs=1e-8
    )


def test_a_preset_takes_the_activation_that_the_framework_means(client: Client) -> None:
    x = np.array([-3.0, 1.0])
    assert rectifier.Preset("jax", activation="gelu_tanh") in client.describe("gelu").presets
    by_preset = client.evaluate("gelu", x, preset="jax").value
    assert by_preset.tolist() == client.evaluate("gelu_tanh", x).value.tolist()
    assert by_preset.tolist() != client.evaluate("gelu", x).value.tolist()


def test_a_full_name_is_what_its_framework_computes(client: Client) -> None:
    x = np.array([-3.0, 1.0])
    assert client.describe("torch.nn.ReLU").name == "relu"
    by_module = client.evaluate("jax.nn.gelu", x).value
    assert by_module.tolist() == client.evaluate("gelu_tanh", x).value.tolist()
    exact = client.evaluate("gelu_erf", x, preset="jax").value
    assert exact.tolist() == client.evaluate("gelu", x).value.tolist()
    assert exact[0] == pytest.approx(-0.0040496940948902, rel=1e-12)


def test_a_weight_of_pytorch_runs_along_axis_1(client: Client) -> None:
    x = -np.ones((1, 3, 2, 3))
    weight = np.array([1.0, 2.0, 3.0])
    result = client.evaluate("prelu", x, arguments={"weight": weight}, preset="pytorch")
    assert result.value[0, :, 0, 0].tolist() == [-1, -2, -3]
    assert client.evaluate("prelu", x, arguments={"weight": weight}).value[0, 0, 0].tolist() == [
        -1,
        -2,
        -3,
    ]


def test_an_error_names_the_element(client: Client) -> None:
    with pytest.raises(rectifier.InvalidArgument) as raised:
        client.evaluate("softplus", np.ones(3), arguments={"beta": np.array([1.0, 2.0, -3.0])})
    assert raised.value.metadata == {"element": "2"}
    assert raised.value.violations[0].field == (
        'evaluations[0].activation.arguments["beta"].tensor'
    )


def test_a_batch_keeps_its_order_and_may_mix_types(client: Client) -> None:
    x64 = X.astype(np.float64)
    relu, gelu, logsumexp = client.evaluate_batch(
        [
            Evaluation("relu", (X,)),
            Evaluation("gelu", (x64,), value=False, gradient=True),
            Evaluation("logsumexp", (x64,), {"axis": 0}),
        ]
    )
    np.testing.assert_array_equal(relu.value, np.maximum(X, 0))
    assert gelu.gradient.dtype == np.float64
    assert logsumexp.value.shape == (3,)


def test_a_large_array_is_evaluated_whole(client: Client) -> None:
    x = np.linspace(-1, 1, 3_000_001, dtype=np.float32)
    np.testing.assert_array_equal(client.evaluate("relu", x).value, np.maximum(x, 0))


def test_an_unknown_name_is_an_error_with_a_suggestion(client: Client) -> None:
    with pytest.raises(rectifier.InvalidArgument, match="gelu") as raised:
        client.evaluate_batch([Evaluation("relu", (X,)), Evaluation("gellu", (X,))])
    assert raised.value.code.name == "INVALID_ARGUMENT"
    assert raised.value.reason.isupper()
    assert [v.field for v in raised.value.violations] == ["evaluations[1].activation.name"]


@pytest.mark.parametrize("number", [np.nan, np.inf, -1.0])
def test_an_argument_out_of_range_names_its_field(number: float, client: Client) -> None:
    with pytest.raises(rectifier.InvalidArgument) as raised:
        client.evaluate("softplus", X, arguments={"beta": number})
    (violation,) = raised.value.violations
    assert violation.field == 'evaluations[0].activation.arguments["beta"]'


def test_an_upstream_of_another_shape_is_an_error(client: Client) -> None:
    with pytest.raises(rectifier.InvalidArgument) as raised:
        client.evaluate("relu", X, upstream=np.ones(4, np.float32), gradient=True)
    (violation,) = raised.value.violations
    assert violation.field.startswith("evaluations[0].upstream")


def test_an_empty_batch_is_the_servers_to_refuse(client: Client) -> None:
    with pytest.raises(rectifier.InvalidArgument):
        client.evaluate_batch([])


def test_describe_finds_every_activation_by_each_of_its_names(client: Client) -> None:
    for description in client.list_activations():
        for name in (description.name, *description.aliases):
            assert client.describe(name) == description


def test_server_info_has_limits_and_transports(client: Client) -> None:
    info = client.server_info()
    assert info.version
    assert info.threads >= 1
    assert info.limits.max_message_bytes > 0
    assert set(info.transports) == {"tcp", "unix", "buffer"}


def test_one_client_serves_many_threads(client: Client) -> None:
    def evaluate(number: int) -> Array:
        return client.evaluate("relu", np.full(1000, number, np.float64)).value

    with ThreadPoolExecutor(8) as threads:
        for number, value in enumerate(threads.map(evaluate, range(200))):
            np.testing.assert_array_equal(value, np.full(1000, number))
