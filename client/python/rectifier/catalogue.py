"""The catalogue and the server's description of itself, as plain dataclasses.

The fields are those of the messages of the same name in activation.proto, which documents them;
enumerators are words (`float32` for ELEMENT_TYPE_FLOAT32).
"""

from dataclasses import dataclass, fields
from typing import Any

from rectifier.v1 import activation_pb2 as pb


@dataclass(frozen=True)
class ParameterDescription:
    """What an activation declares for one parameter."""

    name: str
    aliases: tuple[str, ...]
    summary: str
    type: str
    default: float | str | None
    """A number; a word where `type` is word; None where it is seed or mask."""
    range: str
    words: tuple[str, ...]
    learnable: bool
    shape: str = "unspecified"
    """Which tensors it takes: none (`scalar`), those that broadcast to the input (`input`) or to
    its rows (`rows`), or a vector of any length (`list`)."""


@dataclass(frozen=True)
class Preset:
    """What a framework or a name implies: a default for one parameter, or another activation."""

    framework: str
    parameter: str = ""
    number: float = 0.0
    activation: str = ""
    names: tuple[str, ...] = ()
    word: str = ""
    tensor_axis: int | None = None


@dataclass(frozen=True)
class Accuracy:
    """The worst error of a quantity."""

    quantity: str
    element_type: str
    max_ulp: float
    note: str
    evidence: str = "stated"
    correctly_rounded: float | None = None
    """A share of the inputs; None where it was not counted."""


@dataclass(frozen=True)
class ActivationDescription:
    """What the catalogue says about one activation."""

    name: str
    aliases: tuple[str, ...]
    kind: str
    summary: str
    formula: str
    parameters: tuple[ParameterDescription, ...]
    quantities: tuple[str, ...]
    element_types: tuple[str, ...]
    presets: tuple[Preset, ...]
    source: str
    source_checked: bool
    conventions: str
    accuracies: tuple[Accuracy, ...]
    exact_names: tuple[str, ...] = ()
    other_names: tuple[tuple[str, str], ...] = ()
    """Names of others, each with the arguments that make this activation of it."""


@dataclass(frozen=True)
class Limits:
    """The server's configured limits."""

    max_message_bytes: int
    max_elements: int
    max_tensors: int
    max_evaluations: int
    max_arguments: int
    max_rank: int
    max_inflight_bytes: int
    max_inflight_calls: int
    max_buffer_bytes: int
    max_buffer_bytes_per_connection: int
    max_streams: int
    max_inflight_bytes_per_connection: int
    max_inflight_calls_per_connection: int
    max_streams_per_connection: int
    max_buffer_connections: int
    max_values: int


@dataclass(frozen=True)
class ServerInfo:
    """What the server says about itself."""

    version: str
    cpu_target: str
    threads: int
    limits: Limits
    transports: tuple[str, ...]
    buffers_socket: str


def activation_description(message: pb.ActivationDescription) -> ActivationDescription:
    return ActivationDescription(
        name=message.name,
        aliases=tuple(message.aliases),
        kind=_word(pb.ActivationKind, message.kind),
        summary=message.summary,
        formula=message.formula,
        parameters=tuple(_parameter(parameter) for parameter in message.parameters),
        quantities=tuple(_word(pb.Quantity, quantity) for quantity in message.quantities),
        element_types=tuple(_word(pb.ElementType, t) for t in message.element_types),
        presets=tuple(
            Preset(
                p.framework,
                p.parameter,
                p.number,
                p.activation,
                tuple(p.names),
                p.word,
                p.tensor_axis if p.HasField("tensor_axis") else None,
            )
            for p in message.presets
        ),
        source=message.source,
        source_checked=message.source_checked,
        conventions=message.conventions,
        accuracies=tuple(
            Accuracy(
                _word(pb.Quantity, a.quantity),
                _word(pb.ElementType, a.element_type),
                a.max_ulp,
                a.note,
                _word(pb.AccuracyEvidence, a.evidence),
                a.correctly_rounded if a.HasField("correctly_rounded") else None,
            )
            for a in message.accuracies
        ),
        exact_names=tuple(message.exact_names),
        other_names=tuple((other.name, other.arguments) for other in message.other_names),
    )


def server_info(message: pb.GetServerInfoResponse) -> ServerInfo:
    return ServerInfo(
        version=message.version,
        cpu_target=message.cpu_target,
        threads=message.threads,
        limits=Limits(**{f.name: getattr(message.limits, f.name) for f in fields(Limits)}),
        transports=tuple(message.transports),
        buffers_socket=message.buffers_socket,
    )


def _parameter(message: pb.ParameterDescription) -> ParameterDescription:
    return ParameterDescription(
        name=message.name,
        aliases=tuple(message.aliases),
        summary=message.summary,
        type=_word(pb.ParameterType, message.type),
        default=_default(message),
        range=message.range,
        words=tuple(message.words),
        learnable=message.learnable,
        shape=_word(pb.ParameterShape, message.shape),
    )


def _default(message: pb.ParameterDescription) -> float | str | None:
    if message.type in (pb.PARAMETER_TYPE_MASK, pb.PARAMETER_TYPE_SEED):
        return None
    return message.default_word if message.default_word else message.default_number


def _word(enum: Any, number: int) -> str:
    """The enumerator without its prefix, in lower case; of a newer server's, its number."""
    prefix = enum.Name(0).removesuffix("UNSPECIFIED")
    if number not in enum.values():
        return str(number)
    name: str = enum.Name(number)
    return name.removeprefix(prefix).lower()
