"""What the client sends, and what it makes of the answer."""

import re
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from typing import Any, cast

import grpc
import numpy as np
import pytest
from fake_service import FakeService, echo

import rectifier
from rectifier import BFloat16Bits, Client, Evaluation, PerChannel
from rectifier.v1 import activation_pb2 as pb

X = np.arange(6, dtype=np.float32).reshape(2, 3)


def tensor(numbers: Sequence[float]) -> pb.Tensor:
    data = np.array(numbers, np.float32).tobytes()
    return pb.Tensor(element_type=pb.ELEMENT_TYPE_FLOAT32, shape=[len(numbers)], data=data)


def test_value_alone_is_asked_for_by_default(fake: FakeService, fake_client: Client) -> None:
    fake_client.evaluate("relu", X)
    assert list(fake.requests[0].evaluations[0].quantities) == [pb.QUANTITY_VALUE]


@pytest.mark.parametrize(
    ("argument", "sent"),
    [
        (2, pb.Argument(number=2)),
        (np.float32(0.25), pb.Argument(number=0.25)),
        (np.float16(0.25), pb.Argument(number=0.25)),
        (np.int64(-3), pb.Argument(number=-3)),
        (np.array(0.5), pb.Argument(number=0.5)),
        (np.array(7, dtype=np.uint8), pb.Argument(number=7)),
        (True, pb.Argument(word="true")),
        (False, pb.Argument(word="false")),
        (np.True_, pb.Argument(word="true")),
        (np.array(False), pb.Argument(word="false")),
        (np.str_("first"), pb.Argument(word="first")),
    ],
)
def test_scalars_are_numbers_and_truth_values_are_words(
    argument: rectifier.Argument, sent: pb.Argument, fake: FakeService, fake_client: Client
) -> None:
    fake_client.evaluate("swish", X, arguments={"beta": argument})
    assert fake.requests[0].evaluations[0].activation.arguments["beta"] == sent
    assert len(fake.requests[0].tensors) == 1


def test_every_keyword_reaches_its_field(fake: FakeService, fake_client: Client) -> None:
    fake_client.evaluate(
        "swish",
        X,
        arguments={
            "beta": 1.5,
            "scale": np.float32(0.25),
            "slope": PerChannel(np.array([1.0, 2.0]), axis=0),
            "bias": np.array([[1.0], [2.0]]),
            "gate": "first",
        },
        preset="pytorch",
        upstream=np.ones_like(X),
        value=False,
        gradient=True,
        second_derivative=True,
        parameter_gradients=True,
    )
    (evaluation,) = fake.requests[0].evaluations
    arguments = evaluation.activation.arguments
    assert evaluation.activation.name == "swish"
    assert evaluation.activation.preset == "pytorch"
    assert list(evaluation.quantities) == [
        pb.QUANTITY_GRADIENT,
        pb.QUANTITY_SECOND_DERIVATIVE,
        pb.QUANTITY_PARAMETER_GRADIENT,
    ]
    assert list(evaluation.inputs) == [0]
    assert arguments["beta"] == pb.Argument(number=1.5)
    assert arguments["scale"] == pb.Argument(number=0.25)
    assert arguments["slope"] == pb.Argument(tensor=1, axis=0)
    assert arguments["bias"] == pb.Argument(tensor=2)
    assert arguments["gate"] == pb.Argument(word="first")
    assert evaluation.upstream == 3
    assert [list(t.shape) for t in fake.requests[0].tensors] == [[2, 3], [2], [2, 1], [2, 3]]


def test_upstream_is_absent_where_none_is_given(fake: FakeService, fake_client: Client) -> None:
    fake_client.evaluate("relu", X)
    assert not fake.requests[0].evaluations[0].HasField("upstream")


def test_a_batch_sends_an_array_that_several_use_once(
    fake: FakeService, fake_client: Client
) -> None:
    upstream = np.ones_like(X)
    fake_client.evaluate_batch(
        [
            Evaluation("relu", (X,), upstream=upstream),
            Evaluation("gelu", (X,), upstream=upstream),
            Evaluation("swiglu", (X, upstream)),
        ]
    )
    (request,) = fake.requests
    assert len(request.tensors) == 2
    assert [list(e.inputs) for e in request.evaluations] == [[0], [0], [0, 1]]
    assert [e.upstream for e in request.evaluations[:2]] == [1, 1]


def test_equal_arrays_that_are_not_the_same_are_both_sent(
    fake: FakeService, fake_client: Client
) -> None:
    fake_client.evaluate("swiglu", X, X.copy())
    assert len(fake.requests[0].tensors) == 2


def test_arrays_made_on_the_way_are_kept_apart(fake: FakeService, fake_client: Client) -> None:
    class Made(dict[str, float]):
        """Makes each array when it is asked for, perhaps where one before it has been freed."""

        def items(self) -> Any:
            return ((name, np.full(3, float(number))) for name, number in super().items())

    fake_client.evaluate("relu", X, arguments=Made({str(i): i for i in range(16)}))
    arguments = fake.requests[0].evaluations[0].activation.arguments
    assert len({argument.tensor for argument in arguments.values()}) == 16


def test_an_array_in_place_of_the_tuple_of_inputs_is_an_error() -> None:
    x: Any = X
    with pytest.raises(TypeError, match=r"inputs: a tuple of tensors is needed, .*; given ndarray"):
        Evaluation("glu", x)


def test_a_result_holds_the_quantities_of_the_answer(
    fake: FakeService, fake_client: Client
) -> None:
    fake.evaluate = lambda request, context: pb.EvaluateResponse(
        results=[
            pb.Result(
                value=tensor([1, 2]),
                gradients=[tensor([3, 4])],
                second_derivative=tensor([5, 6]),
                parameter_gradients=[pb.ParameterGradient(parameter="beta", gradient=tensor([7]))],
            )
        ]
    )
    result = fake_client.evaluate(
        "swish", X, gradient=True, second_derivative=True, parameter_gradients=True
    )
    assert result.value.tolist() == [1, 2]
    assert result.gradient.tolist() == [3, 4]
    assert result.second_derivative.tolist() == [5, 6]
    assert result.parameter_gradients["beta"].tolist() == [7]
    assert result.value.dtype == np.float32
    assert repr(result) == (
        "Result(value: float32[2], gradients[0]: float32[2], second_derivative: float32[2], "
        "parameter_gradients['beta']: float32[1])"
    )


def test_a_pair_of_inputs_has_two_gradients(fake: FakeService, fake_client: Client) -> None:
    fake.evaluate = lambda request, context: pb.EvaluateResponse(
        results=[pb.Result(gradients=[tensor([1]), tensor([2])])]
    )
    result = fake_client.evaluate("glu", X, X, gradient=True)
    assert [gradient.tolist() for gradient in result.gradients] == [[1], [2]]
    with pytest.raises(AttributeError, match="there are 2 inputs: see gradients"):
        _ = result.gradient


@pytest.mark.parametrize("quantity", ["gradient", "second_derivative", "parameter_gradients"])
def test_a_quantity_that_was_not_asked_for_says_so(quantity: str, fake_client: Client) -> None:
    result = fake_client.evaluate("relu", X)
    with pytest.raises(AttributeError, match=f"{quantity}: not asked for: pass {quantity}=True"):
        getattr(result, quantity)
    with pytest.raises(AttributeError, match="gradient: not asked for: pass gradient=True"):
        _ = result.gradients


def test_results_of_bfloat16_bits_are_bits(fake_client: Client) -> None:
    bits = np.array([0x3F80, 0xC000], np.uint16)
    result = fake_client.evaluate("identity", BFloat16Bits(bits))
    assert result.value.dtype == np.uint16
    assert result.value.tolist() == bits.tolist()


def test_results_are_little_endian(fake_client: Client) -> None:
    result = fake_client.evaluate("identity", np.array([1.0, 2.0], ">f4"))
    assert result.value.dtype == np.dtype("<f4")
    assert result.value.tolist() == [1, 2]


def test_a_wrong_dtype_names_its_field_and_sends_nothing(
    fake: FakeService, fake_client: Client
) -> None:
    with pytest.raises(TypeError, match=r'evaluations\[1\].activation.arguments\["slope"\]: dtype'):
        fake_client.evaluate_batch(
            [
                Evaluation("relu", (X,)),
                Evaluation("prelu", (X,), {"slope": PerChannel(np.arange(3), axis=1)}),
            ]
        )
    assert fake.requests == []


@pytest.mark.parametrize("axes", [[0, 1], [-1], []])
def test_whole_numbers_in_an_array_are_what_they_are_in_a_list(
    axes: list[int], fake: FakeService, fake_client: Client
) -> None:
    sources: list[Any] = [axes, tuple(axes), np.array(axes, np.int64), np.array(axes, np.int8)]
    for given in sources:
        fake_client.evaluate("softmax", X, arguments={"axis": given})
    first, *others = [request.tensors[1] for request in fake.requests]
    assert first.element_type == pb.ELEMENT_TYPE_FLOAT64
    assert others == [first] * 3


BAD_ARGUMENTS: list[tuple[Any, type[Exception], str]] = [
    (None, TypeError, ": None is given; leave the argument out"),
    (10**400, ValueError, ": the number is larger than a float64"),
    (Fraction(10**400, 3), ValueError, ": the number is larger than a float64"),
    (2**53 + 1, ValueError, r": 9007199254740993 is no float64; whole numbers up to 2\*\*53 are"),
    (PerChannel(X[0], axis=cast("int", 1.0)), TypeError, r"\.axis: a whole number .* given 1\.0"),
    (PerChannel(X[0], axis=cast("int", None)), TypeError, r"\.axis: a whole number .* given None"),
    (PerChannel(X[0], axis=True), TypeError, r"\.axis: a whole number is needed"),
    (PerChannel(X[0], axis=2**31), ValueError, r"\.axis: 2147483648 is no axis"),
    (np.ma.asarray(X), TypeError, ": a masked array is given"),  # type: ignore[no-untyped-call]
    (np.ma.masked, TypeError, ": a masked array is given"),
    (np.array([[0, 1]]), TypeError, ": dtype int64 is not an element type"),
    (np.array([2**53 + 1]), TypeError, ": dtype int64 is not an element type"),
    ([[1.0], [1.0, 2.0]], ValueError, ": "),
]


@pytest.mark.parametrize(("argument", "error", "message"), BAD_ARGUMENTS)
def test_what_cannot_be_sent_as_an_argument_names_its_field(
    argument: Any, error: type[Exception], message: str, fake: FakeService, fake_client: Client
) -> None:
    field = re.escape('evaluations[0].activation.arguments["slope"]')
    with pytest.raises(error, match=f"^{field}{message}"):
        fake_client.evaluate("prelu", X, arguments={"slope": argument})
    assert fake.requests == []


@pytest.mark.parametrize(
    ("keywords", "message"),
    [
        ({"activation": None}, r"activation\.name: a name is a string, not NoneType \(None\)"),
        ({"preset": None}, r"activation\.preset: a name is a string, not NoneType"),
        ({"arguments": {3: 1.0}}, r"activation\.arguments: a name is a string, not int \(3\)"),
        ({"arguments": [1.0]}, r"activation\.arguments: a mapping .* given list"),
    ],
)
def test_what_is_no_name_is_an_error_that_names_its_field(
    keywords: dict[str, Any], message: str, fake_client: Client
) -> None:
    given: dict[str, Any] = {"activation": "relu", "inputs": (X,)} | keywords
    with pytest.raises(TypeError, match=rf"^evaluations\[0\]\.{message}"):
        fake_client.evaluate_batch([Evaluation(**given)])


def test_an_axis_may_be_any_whole_number(fake: FakeService, fake_client: Client) -> None:
    axis: Any = np.int64(-1)
    fake_client.evaluate("prelu", X, arguments={"slope": PerChannel(X[0], axis=axis)})
    assert fake.requests[0].evaluations[0].activation.arguments["slope"].axis == -1


def test_no_input_is_an_error(fake_client: Client) -> None:
    with pytest.raises(ValueError, match=r"evaluations\[0\].inputs: empty"):
        fake_client.evaluate("relu")


def test_no_quantity_is_an_error(fake_client: Client) -> None:
    with pytest.raises(ValueError, match=r"evaluations\[0\].quantities: none is asked for"):
        fake_client.evaluate("relu", X, value=False)


@pytest.fixture
def arrived(fake: FakeService) -> Iterator[threading.Event]:
    """Is set when a call arrives; no call is answered before the test ends."""
    arrived, ended = threading.Event(), threading.Event()

    def wait(request: pb.EvaluateRequest, context: Any) -> pb.EvaluateResponse:
        arrived.set()
        ended.wait(timeout=60)
        return echo(request, context)

    fake.evaluate = wait
    yield arrived
    ended.set()


@pytest.mark.usefixtures("arrived")
def test_a_call_past_its_timeout_raises_deadline_exceeded(fake: FakeService) -> None:
    with Client(fake.target, timeout=0.05) as client, pytest.raises(rectifier.DeadlineExceeded):
        client.evaluate("relu", X)


def test_closing_the_client_cancels_a_running_call(
    fake: FakeService, arrived: threading.Event
) -> None:
    with ThreadPoolExecutor(1) as thread, Client(fake.target) as client:
        call = thread.submit(client.evaluate, "relu", X)
        arrived.wait()
        client.close()
        with pytest.raises(rectifier.Cancelled):
            call.result()


def test_a_channel_of_ones_own_is_used_and_stays_open(fake: FakeService) -> None:
    with grpc.insecure_channel(fake.target) as channel:
        for _ in range(2):
            with Client(channel=channel) as client:
                client.evaluate("relu", X)
    assert len(fake.requests) == 2


def test_a_target_and_a_channel_together_are_an_error(fake: FakeService) -> None:
    both = "both target 'unix:x' and a channel are given"
    with grpc.insecure_channel(fake.target) as channel, pytest.raises(ValueError, match=both):
        Client("unix:x", channel=channel)
