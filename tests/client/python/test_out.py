"""Results that may be written to, and arrays that results are written to."""

from typing import Any

import numpy as np
import pytest
from rectifierd_process import RectifierdProcess

from rectifier import BFloat16Bits, Client, Evaluation, Result

X = np.array([-1.0, 0.5, 2.0], np.float32)
LARGE = np.linspace(-3, 3, 6 << 20, dtype=np.float32)


@pytest.mark.parametrize("x", [X, LARGE])
@pytest.mark.parametrize("shared_memory", [True, False])
def test_results_may_be_written_to_and_speak_dlpack(
    x: Any, shared_memory: bool, rectifierd: RectifierdProcess
) -> None:
    with Client(rectifierd.unix_target, shared_memory=shared_memory) as client:
        result = client.evaluate("relu", x, gradient=True)
    for array in (result.value, result.gradient):
        array += 1
        other = np.from_dlpack(array)
        np.testing.assert_array_equal(other, array)
    np.testing.assert_array_equal(result.value, np.maximum(x, 0) + 1)


@pytest.mark.parametrize("x", [X, LARGE])
@pytest.mark.parametrize("shared_memory", [True, False])
@pytest.mark.parametrize("stride", [1, 2])
def test_out_is_what_the_result_is_written_to(
    x: Any, shared_memory: bool, stride: int, rectifierd: RectifierdProcess
) -> None:
    y, dx = (np.zeros(x.size * stride, np.float32)[::stride] for _ in range(2))
    with Client(rectifierd.unix_target, shared_memory=shared_memory) as client:
        result = client.evaluate("relu", x, gradient=True, out={"value": y, "gradient": dx})
        assert result.value is y
        assert result.gradient is dx
        np.testing.assert_array_equal(y, np.maximum(x, 0))
        np.testing.assert_array_equal(dx, x > 0)
        (again,) = client.evaluate_batch([Evaluation("relu", (x,), out=y)])
        assert again.value is y
        assert client.evaluate("relu", x, value=False, gradient=True, out=dx).gradient is dx


@pytest.mark.parametrize("x", [X, LARGE])
@pytest.mark.parametrize("shared_memory", [True, False])
def test_out_may_be_the_input(x: Any, shared_memory: bool, rectifierd: RectifierdProcess) -> None:
    own = x.copy()
    with Client(rectifierd.unix_target, shared_memory=shared_memory) as client:
        assert client.evaluate("relu", own, out=own).value is own
    np.testing.assert_array_equal(own, np.maximum(x, 0))


def read_only() -> Any:
    array = np.zeros(3, np.float32)
    array.flags.writeable = False
    return array


@pytest.mark.parametrize(
    ("keywords", "error", "message"),
    [
        ({"out": np.zeros(3)}, TypeError, r'out\["value"\]: dtype float64 given; .* float32'),
        ({"out": [0.0]}, TypeError, r'out\["value"\]: an array of NumPy is needed; given list'),
        ({"out": read_only()}, ValueError, r'out\["value"\]: the array is read-only'),
        ({"out": np.zeros(2, np.float32)}, ValueError, r"value: shape \(2,\) .* has \(3,\)"),
        (
            {"out": {"gradient": np.zeros(2, np.float32)}, "gradient": True},
            ValueError,
            r'out\["gradient"\]: shape \(2,\) given; the result has \(3,\)',
        ),
        ({"out": X.copy(), "gradient": True}, ValueError, r"out: one array for 2 quantities"),
        ({"out": {"gradient": X.copy()}}, ValueError, r'out\["gradient"\]: not asked for'),
        ({"out": {"weight": X.copy()}}, ValueError, r'out\["weight"\]: a quantity is needed'),
    ],
)
def test_what_a_result_cannot_be_written_to_names_its_field(
    keywords: dict[str, Any], error: type[Exception], message: str, client: Client
) -> None:
    with pytest.raises(error, match=message):
        client.evaluate("relu", X, **keywords)


def test_an_out_of_another_shape_ends_a_stream(rectifierd: RectifierdProcess) -> None:
    with (
        Client(rectifierd.tcp_target) as client,
        pytest.raises(ValueError, match=r"value: shape \(3,\) given; the result has \(6291456,\)"),
    ):
        client.evaluate("relu", LARGE, out=np.zeros(3, np.float32))


def test_a_notebook_shows_a_table_and_a_plot(client: Client) -> None:
    shown = client.evaluate("gelu", np.linspace(-3, 3, 50), gradient=True)._repr_html_()
    assert "<th>gradients[0]</th><td>float64</td><td>(50,)</td>" in shown
    assert shown.count("<polyline") == 2
    assert "nan" not in shown


@pytest.mark.parametrize(
    "x", [np.array([np.nan, np.inf, 0.0]), np.zeros((0, 3)), np.float32(1), np.full(9, np.nan)]
)
def test_a_notebook_shows_whatever_there_is(x: Any, client: Client) -> None:
    result: Result = client.evaluate("softmax", x, gradient=True)
    assert result._repr_html_().startswith("<table>")
    bits = client.evaluate("relu", BFloat16Bits(np.array([0x3F80, 0xC000], np.uint16)))
    assert "<td>0</td><td>1</td>" in bits._repr_html_()


# The large way of a stream writes results while it still reads inputs.
@pytest.mark.parametrize("x", [X, LARGE])
@pytest.mark.parametrize("shared_memory", [True, False])
@pytest.mark.parametrize("is_ahead", [True, False])
def test_out_may_overlap_the_input(
    x: Any, shared_memory: bool, is_ahead: bool, rectifierd: RectifierdProcess
) -> None:
    shift = x.size // 2 if is_ahead else -(x.size // 2)
    own = np.zeros(x.size + abs(shift), np.float32)
    given, out = own[max(-shift, 0) :][: x.size], own[max(shift, 0) :][: x.size]
    given[:] = x
    with Client(rectifierd.unix_target, shared_memory=shared_memory) as client:
        assert client.evaluate("softplus", given, out=out).value is out
        np.testing.assert_array_equal(out, client.evaluate("softplus", x).value)


@pytest.mark.parametrize("x", [X, LARGE])
@pytest.mark.parametrize("shared_memory", [True, False])
def test_an_out_of_one_evaluation_may_be_the_input_of_another(
    x: Any, shared_memory: bool, rectifierd: RectifierdProcess
) -> None:
    own = x.copy()
    batch = [Evaluation("relu", (own,), out=own), Evaluation("softplus", (own,))]
    with Client(rectifierd.unix_target, shared_memory=shared_memory) as client:
        first, second = client.evaluate_batch(batch)
        np.testing.assert_array_equal(second.value, client.evaluate("softplus", x).value)
        np.testing.assert_array_equal(first.value, np.maximum(x, 0))
        assert first.value is own


@pytest.mark.parametrize("x", [X, LARGE])
@pytest.mark.parametrize("shared_memory", [True, False])
def test_out_keeps_its_byte_order(
    x: Any, shared_memory: bool, rectifierd: RectifierdProcess
) -> None:
    big_endian = x.astype(">f4")
    out = np.zeros_like(big_endian)
    with Client(rectifierd.unix_target, shared_memory=shared_memory) as client:
        client.evaluate("relu", big_endian, out=out)
    np.testing.assert_array_equal(out, np.maximum(x, 0))
