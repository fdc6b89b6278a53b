"""Cases that fail and that no client of ours sends: requests and streams as bytes."""

from __future__ import annotations

from collections.abc import Iterator

from rectifier.v1 import activation_pb2 as pb

from calls import element_type, quantity
from error_cases import invalid
from vectors import Case, Error


def raw(name: str, reason: str, field: str, request: pb.EvaluateRequest | bytes) -> Case:
    data = request if isinstance(request, bytes) else request.SerializeToString(deterministic=True)
    error = invalid(reason, field) if field else Error("INVALID_ARGUMENT", reason)
    return Case(name, request=data, error=error)


def _evaluation(**fields: object) -> pb.EvaluateRequest:
    request = pb.EvaluateRequest()
    request.evaluations.add(activation=pb.Activation(name="relu"), **({"inputs": [0]} | fields))
    return request


def _request(tensor: pb.Tensor | None = None, **fields: object) -> pb.EvaluateRequest:
    request = _evaluation(**fields)
    request.tensors.append(tensor or pb.Tensor(shape=[1], values=[1.0]))
    return request


def raw_tensors() -> Iterator[Case]:
    float32, float64 = element_type("float32"), element_type("float64")
    length = "PAYLOAD_LENGTH_MISMATCH"
    shape, data, values = (f"tensors[0].{field}" for field in ("shape", "data", "values"))

    def tensor(**fields: object) -> pb.EvaluateRequest:
        return _request(pb.Tensor(**fields))

    yield raw(
        "a byte too few", length, data, tensor(element_type=float32, shape=[2], data=b"1234567")
    )
    yield raw("too few values", length, values, tensor(shape=[2], values=[1.0]))
    yield raw("values for no elements", length, values, tensor(shape=[0], values=[1.0]))
    yield raw(
        "two payloads", "TWO_PAYLOADS", data, tensor(shape=[1], values=[1.0], data=b"12345678")
    )
    yield raw("no payload", "NO_PAYLOAD", data, tensor(shape=[1]))
    yield raw(
        "data of no type", "UNKNOWN_ELEMENT_TYPE", "tensors[0].element_type",
        tensor(shape=[1], data=b"12345678"),
    )  # fmt: skip
    yield raw(
        "an unknown type", "UNKNOWN_ELEMENT_TYPE", "tensors[0].element_type",
        tensor(element_type=99, shape=[1], values=[1.0]),
    )  # fmt: skip
    yield raw(
        "a negative dimension",
        "NEGATIVE_DIMENSION",
        shape + "[1]",
        tensor(shape=[3, -1], values=[1.0]),
    )
    yield raw(
        "a shape beyond int64", "TOO_MANY_ELEMENTS", shape,
        tensor(shape=[2**32, 2**32], values=[1.0]),
    )  # fmt: skip
    yield raw("a rank of 17", "RANK_TOO_HIGH", shape, tensor(shape=[1] * 17, values=[1.0]))
    region = pb.BufferRegion(token=b"x" * 16, length=8)
    yield Case(
        "an unknown shared buffer",
        request=tensor(element_type=float64, shape=[1], region=region).SerializeToString(
            deterministic=True
        ),
        error=Error("NOT_FOUND", "UNKNOWN_SHARED_BUFFER", ("tensors[0].region.token",)),
    )


def raw_evaluations() -> Iterator[Case]:
    at = "evaluations[0]"
    index = "INDEX_OUT_OF_RANGE"
    value = quantity("value")
    nothing = pb.EvaluateRequest()
    yield raw("no evaluations", "NO_EVALUATIONS", "evaluations", nothing)
    yield raw("no inputs", "NO_INPUTS", f"{at}.inputs", _evaluation(inputs=[]))
    yield raw("an input that is not there", index, f"{at}.inputs[0]", _request(inputs=[5]))
    yield raw("an upstream that is not there", index, f"{at}.upstream", _request(upstream=7))
    yield raw(
        "a quantity twice", "DUPLICATE_QUANTITY", f"{at}.quantities[1]",
        _request(quantities=[value, value]),
    )  # fmt: skip
    for number in (0, 77):
        yield raw(
            f"quantity {number}", "UNKNOWN_QUANTITY", f"{at}.quantities[0]",
            _request(quantities=[number]),
        )  # fmt: skip
    empty = _request()
    empty.evaluations[0].activation.arguments["a"].SetInParent()
    yield raw(
        "an argument of nothing", "NO_ARGUMENT_VALUE", f'{at}.activation.arguments["a"]', empty
    )
    missing = _request()
    missing.evaluations[0].activation.arguments["a"].tensor = 9
    yield raw(
        "an argument that is not there", index, f'{at}.activation.arguments["a"].tensor', missing
    )
    bare = _request()
    bare.evaluations[0].activation.name = "softplus"
    bare.evaluations[0].activation.arguments["beta"].number = 1.0
    bare.evaluations[0].activation.arguments["beta"].axis = 0
    yield raw(
        "the axis of a number",
        "AXIS_WITHOUT_TENSOR",
        f'{at}.activation.arguments["beta"].axis',
        bare,
    )
    many = _request()
    for number in range(17):
        many.evaluations[0].activation.arguments[f"p{number}"].number = 1.0
    yield raw("17 arguments", "TOO_MANY_ARGUMENTS", f"{at}.activation.arguments", many)
    destination = pb.Destination(quantity=value, input=3)
    yield raw(
        "the input of a value's destination", "FIELD_NOT_APPLICABLE", f"{at}.destinations[0].input",
        _request(destinations=[destination]),
    )  # fmt: skip
    yield raw("bytes that are no message", "MALFORMED_REQUEST", "", b"\xff\xff\xff\xff")


def raw_sizes() -> Iterator[Case]:
    """What has more of something than there may be, or too large a thing."""
    at, value = "evaluations[0]", quantity("value")
    yield raw(
        "257 inputs", "TOO_MANY_INPUTS", f"{at}.inputs", _request(inputs=[0] * 257),
    )  # fmt: skip
    yield raw(
        "257 quantities", "TOO_MANY_QUANTITIES", f"{at}.quantities",
        _request(quantities=[value] * 257),
    )  # fmt: skip
    yield raw(
        "65 destinations", "TOO_MANY_DESTINATIONS", f"{at}.destinations",
        _request(destinations=[pb.Destination(quantity=value)] * 65),
    )  # fmt: skip
    yield raw(
        "a bool of 2", "VALUE_OUT_OF_RANGE", "tensors[0].values[1]",
        _request(pb.Tensor(element_type=element_type("bool"), shape=[2], values=[1.0, 2.0])),
    )  # fmt: skip
    yield raw("a group", "GROUP_IN_REQUEST", "", b"\x5b\x5c")
    yield raw("many unknown fields", "TOO_MANY_UNKNOWN_FIELDS", "", b"\xf8\x01\x00" * 5000)


def raw_destinations() -> Iterator[Case]:
    """Destinations in shared buffers that are not there."""
    at, value = "evaluations[0].destinations", quantity("value")
    region = pb.BufferRegion(token=b"x" * 16, length=8)

    def case(name: str, code: str, reason: str, field: str, *given: pb.Destination) -> Case:
        request = _request(destinations=given).SerializeToString(deterministic=True)
        return Case(name, request=request, error=Error(code, reason, (field,)))

    yield case(
        "a destination in an unknown shared buffer", "NOT_FOUND", "UNKNOWN_SHARED_BUFFER",
        f"{at}[0].region.token", pb.Destination(quantity=value, region=region),
    )  # fmt: skip


def stream_of(*messages: pb.EvaluateStreamRequest) -> tuple[bytes, ...]:
    return tuple(message.SerializeToString(deterministic=True) for message in messages)


def _header(**fields: object) -> pb.EvaluateStreamRequest:
    given = {"element_type": element_type("float32"), "shape": [2]} | fields
    header = pb.StreamHeader(activation=pb.Activation(name="relu"), **given)
    return pb.EvaluateStreamRequest(header=header)


def _chunk(**fields: bytes) -> pb.EvaluateStreamRequest:
    return pb.EvaluateStreamRequest(chunk=pb.StreamChunk(**fields))


def streams() -> Iterator[Case]:
    eight = b"\0" * 8

    def case(name: str, reason: str, field: str, *messages: pb.EvaluateStreamRequest) -> Case:
        fields = (field,) if field else ()
        error = Error("INVALID_ARGUMENT", reason, fields)
        return Case(name, stream=stream_of(*messages), error=error)

    yield case("a chunk before the header", "HEADER_EXPECTED", "header", _chunk(input=eight))
    yield case("a second header", "CHUNK_EXPECTED", "chunk", _header(), _header())
    yield case(
        "an end before all bytes",
        "STREAM_TOO_SHORT",
        "chunk.input",
        _header(),
        _chunk(input=eight[:7]),
    )
    yield case(
        "a byte too many", "TOO_MANY_BYTES", "chunk.input", _header(), _chunk(input=eight + b"0")
    )
    yield case(
        "an upstream that the header has not", "TOO_MANY_BYTES", "chunk.upstream",
        _header(), _chunk(input=eight, upstream=eight),
    )  # fmt: skip
    yield case(
        "a second input that the header has not", "TOO_MANY_BYTES", "chunk.second_input",
        _header(), _chunk(input=eight, second_input=eight),
    )  # fmt: skip
    yield case(
        "a stream of no type",
        "UNKNOWN_ELEMENT_TYPE",
        "header.element_type",
        _header(element_type=0),
    )
    yield case(
        "a stream of an unknown activation", "UNKNOWN_ACTIVATION", "header.activation.name",
        pb.EvaluateStreamRequest(
            header=pb.StreamHeader(
                activation=pb.Activation(name="reluu"),
                element_type=element_type("float32"),
                shape=[2],
            )
        ),
    )  # fmt: skip
    yield case("no message at all", "HEADER_EXPECTED", "")
    yield case("a message of nothing", "HEADER_EXPECTED", "header", pb.EvaluateStreamRequest())
    yield case(
        "rows that are too long for a stream", "ROWS_TOO_LONG", "header.shape",
        pb.EvaluateStreamRequest(
            header=pb.StreamHeader(
                activation=pb.Activation(name="softmax"),
                element_type=element_type("float32"),
                shape=[1 << 40],
            )
        ),
    )  # fmt: skip
    yield case(
        "a stream of 2^61 elements", "TOO_MANY_ELEMENTS", "header.shape", _header(shape=[1 << 61]),
    )  # fmt: skip


def cases() -> Iterator[Case]:
    yield from raw_tensors()
    yield from raw_evaluations()
    yield from raw_sizes()
    yield from raw_destinations()
    yield from streams()
