"""Large arrays: by every way the same bits, and refused before they are sent."""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest
from rectifierd_process import RectifierdProcess

import rectifier
from rectifier import Client, Evaluation, routes
from rectifier.tensor import Array

MIB = 1 << 20


def numbers(count: int, dtype: Any = np.float32) -> Array:
    drawn: Array = np.random.default_rng(7).standard_normal(count).astype(dtype)
    return drawn


@pytest.fixture(name="ways", scope="module")
def _ways(rectifierd: RectifierdProcess) -> Iterator[dict[str, Client]]:
    """Clients that send large arrays by stream, and by shared memory."""
    with (
        Client(rectifierd.tcp_target) as tcp,
        Client(rectifierd.unix_target, shared_memory=False) as unix,
        Client(rectifierd.unix_target) as shared,
    ):
        yield {"stream over TCP": tcp, "stream over a unix socket": unix, "shared memory": shared}


def assert_same_bits(actual: Array, expected: Array) -> None:
    assert actual.shape == expected.shape
    assert actual.dtype == expected.dtype
    assert actual.tobytes() == expected.tobytes()


@pytest.fixture(name="in_one_message")
def _in_one_message(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Has a client send what is large in one message, too."""

    def evaluate(client: Client, *given: Any, **keywords: Any) -> rectifier.Result:
        with monkeypatch.context() as patched:
            patched.setattr(routes, "_LITTLE", 1 << 40)
            return client.evaluate(*given, **keywords)

    return evaluate


CASES: dict[str, tuple[str, tuple[Any, ...], dict[str, Any]]] = {
    "all of an elementwise one": (
        "swish",
        (numbers(3 * MIB).reshape(3, -1),),
        {
            "arguments": {"beta": numbers(MIB, np.float64).reshape(1, -1)},
            "upstream": numbers(3 * MIB)[::-1].reshape(3, -1),
            "gradient": True,
            "second_derivative": True,
            "parameter_gradients": True,
        },
    ),
    "no value": ("gelu", (numbers(5 * MIB),), {"value": False, "gradient": True}),
    "parameters alone": (
        "prelu",
        (numbers(5 * MIB).reshape(4, -1),),
        {
            "arguments": {"weight": rectifier.PerChannel(numbers(4), axis=0)},
            "value": False,
            "parameter_gradients": True,
        },
    ),
    "rows": (
        "softmax",
        (numbers(5 * MIB).reshape(-1, 1024),),
        {"upstream": numbers(5 * MIB).reshape(-1, 1024), "gradient": True},
    ),
    "reduced rows": ("logsumexp", (numbers(5 * MIB).reshape(-1, 1024),), {"gradient": True}),
    "a pair in two": (
        "swiglu",
        (numbers(3 * MIB), numbers(3 * MIB)[::-1]),
        {"arguments": {"gate": "first"}, "gradient": True},
    ),
    "a pair in one": (
        "glu",
        (numbers(5 * MIB).reshape(-1, 1024),),
        {"arguments": {"gate": "first"}, "gradient": True},
    ),
    "big-endian and strided": ("relu", (numbers(12 * MIB).astype(">f4")[::2],), {}),
    "float16": ("tanh", (numbers(10 * MIB, np.float16),), {"gradient": True}),
}


@pytest.mark.parametrize("case", CASES)
def test_the_bits_are_those_of_one_message(
    case: str, ways: dict[str, Client], in_one_message: Any, client: Client
) -> None:
    activation, inputs, keywords = CASES[case]
    expected = in_one_message(client, activation, *inputs, **keywords).arrays()
    for way, other in ways.items():
        actual = other.evaluate(activation, *inputs, **keywords).arrays()
        assert list(actual) == list(expected), way
        for name, array in actual.items():
            assert_same_bits(array, expected[name])


def buffers_in_use(rectifierd: RectifierdProcess) -> int:
    from urllib.request import urlopen

    with urlopen(f"http://{rectifierd.metrics_address}/metrics") as page:
        lines = page.read().decode().splitlines()
    return int(
        next(line.split()[1] for line in lines if line.startswith("rectifier_shared_buffers "))
    )


def test_a_unix_socket_shares_memory_by_itself_and_gives_it_back(
    rectifierd: RectifierdProcess,
) -> None:
    before = buffers_in_use(rectifierd)
    x = numbers(4 * MIB)
    with Client(rectifierd.unix_target) as client:
        result = client.evaluate("relu", x, gradient=True)
        assert buffers_in_use(rectifierd) == before + 3  # the input's copy is idle
        part = result.value[5:7]
        expected = np.maximum(x[5:7], 0)
        del result
    assert buffers_in_use(rectifierd) == before + 1
    np.testing.assert_array_equal(part, expected)  # it outlives its client
    del part
    assert buffers_in_use(rectifierd) == before


def test_threads_share_memory_side_by_side(rectifierd: RectifierdProcess) -> None:
    before = buffers_in_use(rectifierd)
    x = numbers(MIB)
    with Client(rectifierd.unix_target) as client, ThreadPoolExecutor(4) as threads:

        def evaluate(i: int) -> bool:
            result = client.evaluate("relu", x[i:], gradient=True)
            return bool(
                (result.value == np.maximum(x[i:], 0)).all() and result.gradient[0] in (0, 1)
            )

        assert all(threads.map(evaluate, range(64)))
    assert buffers_in_use(rectifierd) == before


def test_an_array_in_shared_memory_is_evaluated_where_it_is(
    rectifierd: RectifierdProcess,
) -> None:
    before = buffers_in_use(rectifierd)
    with Client(rectifierd.unix_target) as client:
        x = client.empty((2, MIB), np.float32)
        x[:] = numbers(2 * MIB).reshape(2, -1)
        kept = x.copy()
        value = client.evaluate("relu", x).value
        again = client.evaluate("relu", value[1]).value
        assert buffers_in_use(rectifierd) == before + 3
    assert_same_bits(x, kept)
    assert_same_bits(value, np.maximum(kept, 0))
    assert_same_bits(again, value[1])


def test_a_batch_in_shared_memory_leaves_what_others_read(client: Client) -> None:
    x, dy = numbers(2 * MIB), numbers(2 * MIB)[::-1].copy()
    batch = [
        Evaluation("relu", (x,), upstream=dy, gradient=True),
        Evaluation("gelu", (x,), gradient=True),
        Evaluation("swiglu", (dy, x), {"gate": "first"}),
    ]
    results = client.evaluate_batch(batch)
    for evaluation, result in zip(batch, results, strict=True):
        with Client(client.target, shared_memory=False) as other:
            expected = other.evaluate_batch([evaluation])[0].arrays()
        for name, array in result.arrays().items():
            assert_same_bits(array, expected[name])


def test_results_that_are_kept_go_by_another_way_when_the_server_shares_no_more(
    narrow: RectifierdProcess,
) -> None:
    x = numbers(900_000)
    with Client(narrow.unix_target) as client:
        before = buffers_in_use(narrow)
        kept = [client.evaluate("relu", x).value for _ in range(8)]
        assert buffers_in_use(narrow) == before + 4
    for value in kept:
        assert_same_bits(value, np.maximum(x, 0))


def test_one_gibibyte_is_evaluated_by_the_default_call(
    client: Client,
) -> None:
    block = numbers(MIB)
    x = np.tile(block, 256)
    value = client.evaluate("gelu", block).value
    y = client.evaluate("gelu", x, timeout=600).value  # the machine may be busy
    for begin in range(0, y.size, MIB):
        assert_same_bits(y[begin : begin + MIB], value)


def test_a_reply_that_outgrows_a_message_says_so() -> None:
    path = os.environ["RECTIFIERD"]
    with (
        RectifierdProcess(path, "--max_message_bytes=64KiB") as server,
        Client(server.tcp_target) as client,
        pytest.raises(rectifier.RectifierError) as raised,
    ):
        # Its value has twice as many elements as its input, which only the server knows.
        client.evaluate("crelu", numbers(6000), gradient=True)
    assert raised.value.reason == "REPLY_TOO_LARGE"


def test_a_batch_over_the_limits_goes_in_several_calls(client: Client) -> None:
    many = [Evaluation("relu", (np.array([i - 1.0]),)) for i in range(3000)]
    values = [result.value.item() for result in client.evaluate_batch(many)]
    assert values == [max(i - 1.0, 0) for i in range(3000)]


@pytest.fixture(name="narrow", scope="module")
def _narrow() -> Iterator[RectifierdProcess]:
    flags = ["--max_message_bytes=2MiB", "--max_elements=1000000", "--max_rank=3"]
    flags += ["--max_buffer_bytes=64MiB", "--max_buffer_bytes_per_connection=16MiB"]
    with RectifierdProcess(os.environ["RECTIFIERD"], *flags) as server:
        yield server


def test_an_array_over_the_limits_of_a_message_is_streamed(narrow: RectifierdProcess) -> None:
    x = numbers(2 * MIB)
    for target in (narrow.unix_target, narrow.tcp_target):
        with Client(target) as client:
            result = client.evaluate("relu", x, upstream=x, gradient=True)
            assert_same_bits(result.value, np.maximum(x, 0))
            batch = client.evaluate_batch([Evaluation("relu", (x,)), Evaluation("relu", (x[:9],))])
            assert_same_bits(batch[1].value, np.maximum(x[:9], 0))


REFUSED: list[tuple[dict[str, Any], str, str, str]] = [
    (
        {"inputs": (numbers(MIB).reshape(2, 2, 2, -1),)},
        "RANK_TOO_HIGH",
        "tensors[0].shape",
        "reshape",
    ),
    (
        {"inputs": (numbers(MIB).reshape(2, -1),), "upstream": numbers(MIB)},
        "SHAPE_MISMATCH",
        "evaluations[0].upstream",
        "that of the output is",
    ),
    (
        {"activation": "prelu", "arguments": {"weight": numbers(MIB, np.float64)}},
        "TOO_MANY_ELEMENTS",
        "tensors[1].shape",
        "the server allows 1000000",
    ),
    (
        {"activation": "prelu", "arguments": {"weight": numbers(900_000, np.float64)}},
        "ARGUMENTS_TOO_LARGE",
        "evaluations[0].activation.arguments",
        "evaluate parts of the input",
    ),
    (
        {"activation": "swiglu", "inputs": (numbers(MIB), numbers(MIB)[:-1])},
        "SHAPE_MISMATCH",
        "evaluations[0].inputs[1]",
        "that of the first input",
    ),
    (
        {"activation": "swiglu", "inputs": (numbers(MIB), numbers(MIB, np.float64))},
        "ELEMENT_TYPE_MISMATCH",
        "evaluations[0].inputs[1]",
        "ELEMENT_TYPE_FLOAT64",
    ),
    ({"activation": "gellu"}, "UNKNOWN_ACTIVATION", "evaluations[0].activation.name", "gelu"),
    (
        {
            "activation": "softmax",
            "inputs": (numbers(MIB).reshape(-1, 2),),
            "arguments": {"axis": 0},
        },
        "ROWS_TOO_LONG",
        "evaluations[0].inputs[0]",
        "axis further back",
    ),
]


@pytest.mark.parametrize(("given", "reason", "field", "advice"), REFUSED)
def test_what_the_server_would_refuse_is_refused_before_it_is_sent(
    given: dict[str, Any], reason: str, field: str, advice: str, narrow: RectifierdProcess
) -> None:
    keywords: dict[str, Any] = {
        "activation": "relu",
        "inputs": (numbers(4 * MIB),),
        "gradient": True,
    } | given
    with Client(narrow.tcp_target) as client:
        before = received_bytes(narrow)
        with pytest.raises(rectifier.InvalidArgument) as raised:
            client.evaluate_batch([Evaluation(**keywords)])
    assert raised.value.reason == reason
    assert [violation.field for violation in raised.value.violations] == [field]
    assert advice in str(raised.value)
    assert received_bytes(narrow) - before < MIB


def received_bytes(server: RectifierdProcess) -> float:
    from urllib.request import urlopen

    with urlopen(f"http://{server.metrics_address}/metrics") as page:
        lines = page.read().decode().splitlines()
    name = 'rectifier_payload_bytes_total{direction="received"'
    return sum(float(line.rsplit(" ", 1)[1]) for line in lines if line.startswith(name))


def test_a_server_that_was_started_anew_is_asked_anew(tmp_path: Any) -> None:
    x = numbers(MIB)
    socket = f"unix:{tmp_path}/r.sock"
    path = os.environ["RECTIFIERD"]
    with Client(socket) as client:
        for _ in range(2):
            with RectifierdProcess(path, f"--listen={socket},127.0.0.1:0"):
                assert_same_bits(client.evaluate("relu", x).value, np.maximum(x, 0))


def test_progress_is_told_to_a_function_and_shown_as_a_bar(
    ways: dict[str, Client], capsys: pytest.CaptureFixture[str]
) -> None:
    x = numbers(8 * MIB)
    for way, client in ways.items():
        told: list[tuple[int, int]] = []
        client.evaluate("relu", x, progress=lambda done, total: told.append((done, total)))  # noqa: B023
        assert told[-1] == (x.nbytes, x.nbytes), way
        assert told == sorted(told)
    many = [Evaluation("relu", (x,)), Evaluation("relu", (x[:MIB],))]
    ways["stream over TCP"].evaluate_batch(many, progress=True)
    shown = capsys.readouterr().err
    assert shown.startswith("\r[")
    assert "100% 36 of 36 MiB" in shown
    assert shown.endswith("\n")
