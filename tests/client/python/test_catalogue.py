"""The catalogue and the server's description of itself as dataclasses."""

from dataclasses import fields
from typing import Any

import pytest
from fake_service import FakeService

import rectifier
from rectifier import Client
from rectifier.v1 import activation_pb2 as pb

SWISH = pb.ActivationDescription(
    name="swish",
    aliases=["eltwise_swish"],
    kind=pb.ACTIVATION_KIND_ELEMENTWISE,
    summary="x times the logistic function",
    formula="x/(1 + exp(-beta*x))",
    parameters=[
        pb.ParameterDescription(
            name="beta",
            aliases=["alpha"],
            summary="sharpness",
            type=pb.PARAMETER_TYPE_NUMBER,
            default_number=1,
            range="(-inf, inf)",
            learnable=True,
            shape=pb.PARAMETER_SHAPE_INPUT,
        )
    ],
    quantities=[pb.QUANTITY_VALUE, pb.QUANTITY_PARAMETER_GRADIENT],
    element_types=[pb.ELEMENT_TYPE_BFLOAT16],
    presets=[
        pb.Preset(framework="onnx", parameter="beta", number=2),
        pb.Preset(framework="jax", activation="swish_jax"),
        pb.Preset(parameter="beta", tensor_axis=1, names=["eltwise_swish"]),
    ],
    source="a paper",
    source_checked=True,
    conventions="0 at -inf",
    exact_names=["eltwise_swish"],
    other_names=[pb.OtherName(name="sil", arguments="beta=1")],
    accuracies=[
        pb.Accuracy(
            quantity=pb.QUANTITY_VALUE,
            element_type=pb.ELEMENT_TYPE_FLOAT32,
            max_ulp=0.51,
            note="a note",
            evidence=pb.ACCURACY_EVIDENCE_EXHAUSTIVE,
            correctly_rounded=0.75,
        ),
        pb.Accuracy(
            quantity=pb.QUANTITY_VALUE,
            element_type=pb.ELEMENT_TYPE_FLOAT64,
            max_ulp=2,
            evidence=pb.ACCURACY_EVIDENCE_STATED,
        ),
    ],
)


def test_a_description_says_what_the_message_says(fake: FakeService, fake_client: Client) -> None:
    fake.activations.activations.append(SWISH)
    assert fake_client.list_activations() == [
        rectifier.ActivationDescription(
            name="swish",
            aliases=("eltwise_swish",),
            kind="elementwise",
            summary="x times the logistic function",
            formula="x/(1 + exp(-beta*x))",
            parameters=(
                rectifier.ParameterDescription(
                    name="beta",
                    aliases=("alpha",),
                    summary="sharpness",
                    type="number",
                    default=1.0,
                    range="(-inf, inf)",
                    words=(),
                    learnable=True,
                    shape="input",
                ),
            ),
            quantities=("value", "parameter_gradient"),
            element_types=("bfloat16",),
            presets=(
                rectifier.Preset("onnx", parameter="beta", number=2.0),
                rectifier.Preset("jax", activation="swish_jax"),
                rectifier.Preset("", parameter="beta", names=("eltwise_swish",), tensor_axis=1),
            ),
            source="a paper",
            source_checked=True,
            conventions="0 at -inf",
            accuracies=(
                rectifier.Accuracy("value", "float32", 0.51, "a note", "exhaustive", 0.75),
                rectifier.Accuracy("value", "float64", 2, "", "stated", None),
            ),
            exact_names=("eltwise_swish",),
            other_names=(("sil", "beta=1"),),
        )
    ]


def test_the_default_of_a_word_is_a_word(fake: FakeService, fake_client: Client) -> None:
    gate = pb.ParameterDescription(
        name="gate", type=pb.PARAMETER_TYPE_WORD, default_word="first", words=["first", "second"]
    )
    fake.activations.activations.append(pb.ActivationDescription(name="glu", parameters=[gate]))
    (parameter,) = fake_client.describe("glu").parameters
    assert parameter.default == "first"
    assert parameter.words == ("first", "second")


def test_a_mask_has_no_default(fake: FakeService, fake_client: Client) -> None:
    mask = pb.ParameterDescription(name="mask", type=pb.PARAMETER_TYPE_MASK)
    fake.activations.activations.append(pb.ActivationDescription(name="softmax", parameters=[mask]))
    (parameter,) = fake_client.describe("softmax").parameters
    assert parameter.type == "mask"
    assert parameter.default is None
    assert parameter.shape == "unspecified"  # as servers before the field say it


def test_parameters_say_which_tensors_they_take(client: Client) -> None:
    shapes = {p.name: p.shape for p in client.describe("softmax").parameters}
    assert shapes == {"axis": "list", "temperature": "rows", "mask": "input", "bias": "input"}
    assert {p.shape for p in client.describe("glu").parameters} == {"scalar"}


def test_describe_finds_by_name_and_by_alias(fake: FakeService, fake_client: Client) -> None:
    fake.activations.activations.append(SWISH)
    assert fake_client.describe("swish").name == "swish"
    assert fake_client.describe("eltwise_swish").name == "swish"


def test_describe_suggests_the_nearest_name(fake: FakeService, fake_client: Client) -> None:
    fake.activations.activations.append(SWISH)
    with pytest.raises(LookupError, match="no activation is called 'swich'; did you mean swish"):
        fake_client.describe("swich")


def test_describe_tells_what_another_s_name_stands_for(
    fake: FakeService, fake_client: Client
) -> None:
    fake.activations.activations.append(SWISH)
    with pytest.raises(LookupError, match=r"is called 'sil'; it is 'swish' with beta=1$"):
        fake_client.describe("jax.nn.sil")


def test_describe_takes_a_string(fake_client: Client) -> None:
    name: Any = None
    with pytest.raises(TypeError, match=r"name: a string is needed, not NoneType"):
        fake_client.describe(name)


def test_an_enumerator_of_a_newer_server_is_a_number(
    fake: FakeService, fake_client: Client
) -> None:
    fake.activations.activations.add(name="new", quantities=[pb.QUANTITY_VALUE, 77])
    assert fake_client.describe("new").quantities == ("value", "77")


def test_server_info_says_what_the_message_says(fake: FakeService, fake_client: Client) -> None:
    fake.server_info = pb.GetServerInfoResponse(
        version="1.2.3",
        cpu_target="AVX2",
        threads=4,
        limits=pb.Limits(max_message_bytes=1, max_rank=6, max_inflight_calls=8),
        transports=["unix"],
    )
    info = fake_client.server_info()
    assert (info.version, info.cpu_target, info.threads) == ("1.2.3", "AVX2", 4)
    assert info.transports == ("unix",)
    assert (info.limits.max_message_bytes, info.limits.max_rank) == (1, 6)
    assert info.limits.max_inflight_calls == 8


@pytest.mark.parametrize(
    ("dataclass", "message", "renamed"),
    [
        (rectifier.ActivationDescription, pb.ActivationDescription, {}),
        (
            rectifier.ParameterDescription,
            pb.ParameterDescription,
            {"default_number": "default", "default_word": "default"},
        ),
        (rectifier.Preset, pb.Preset, {}),
        (rectifier.Accuracy, pb.Accuracy, {}),
        (rectifier.Limits, pb.Limits, {}),
        (rectifier.ServerInfo, pb.GetServerInfoResponse, {}),
    ],
)
def test_a_dataclass_has_every_field_of_its_message(
    dataclass: Any, message: Any, renamed: dict[str, str]
) -> None:
    names = {renamed.get(name, name) for name in message.DESCRIPTOR.fields_by_name}
    assert {field.name for field in fields(dataclass)} == names
