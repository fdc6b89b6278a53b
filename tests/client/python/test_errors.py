"""Failed calls as exceptions."""

import pickle
import re
from typing import Any

import grpc
import pytest
from fake_service import FakeService
from google.protobuf.any_pb2 import Any as Packed
from google.protobuf.duration_pb2 import Duration

import rectifier
from rectifier import Client, Violation
from rectifier.v1 import activation_pb2 as pb
from rectifier.v1 import status_pb2


def packed(name: str, message: Any) -> Packed:
    data = message.SerializeToString()
    return Packed(type_url=f"type.googleapis.com/google.rpc.{name}", value=data)


def fail(fake: FakeService, code: grpc.StatusCode, message: str, *details: Packed) -> None:
    """Makes Evaluate fail, with details where there are some."""

    def abort(request: pb.EvaluateRequest, context: Any) -> Any:
        if details:
            status = status_pb2.Status(code=code.value[0], message=message, details=details)
            context.set_trailing_metadata(
                [("grpc-status-details-bin", status.SerializeToString())],
            )
        context.abort(code, message)

    fake.evaluate = abort


@pytest.mark.parametrize(
    ("code", "error_class"),
    [
        (grpc.StatusCode.INVALID_ARGUMENT, rectifier.InvalidArgument),
        (grpc.StatusCode.RESOURCE_EXHAUSTED, rectifier.ResourceExhausted),
        (grpc.StatusCode.UNAVAILABLE, rectifier.Unavailable),
        (grpc.StatusCode.DEADLINE_EXCEEDED, rectifier.DeadlineExceeded),
        (grpc.StatusCode.CANCELLED, rectifier.Cancelled),
        (grpc.StatusCode.INTERNAL, rectifier.Internal),
        (grpc.StatusCode.PERMISSION_DENIED, rectifier.PermissionDenied),
        (grpc.StatusCode.UNAUTHENTICATED, rectifier.Unauthenticated),
        (grpc.StatusCode.ABORTED, rectifier.RectifierError),
    ],
)
def test_a_code_has_its_class(
    code: grpc.StatusCode,
    error_class: type[rectifier.RectifierError],
    fake: FakeService,
    fake_client: Client,
) -> None:
    fail(fake, code, "why")
    with pytest.raises(rectifier.RectifierError, match=r"\Awhy") as raised:
        fake_client.evaluate("relu", 1.0)
    assert type(raised.value) is error_class
    assert raised.value.code is code
    assert raised.value.reason == ""
    assert raised.value.violations == ()
    assert raised.value.retry_delay is None


def test_details_name_the_field_and_the_reason(fake: FakeService, fake_client: Client) -> None:
    violation = status_pb2.BadRequest.FieldViolation(
        field='evaluations[0].activation.arguments["beta"]', description="NaN; finite is allowed"
    )
    fail(
        fake,
        grpc.StatusCode.INVALID_ARGUMENT,
        "beta",
        packed("BadRequest", status_pb2.BadRequest(field_violations=[violation])),
        packed(
            "ErrorInfo",
            status_pb2.ErrorInfo(reason="ARGUMENT_OUT_OF_RANGE", metadata={"element": "17"}),
        ),
        packed("Help", status_pb2.ErrorInfo(reason="a detail of a type that is not known")),
    )
    with pytest.raises(rectifier.InvalidArgument) as raised:
        fake_client.evaluate("swish", 1.0)
    assert raised.value.reason == "ARGUMENT_OUT_OF_RANGE"
    assert raised.value.violations == (Violation(violation.field, violation.description),)
    assert raised.value.metadata == {"element": "17"}


def test_details_tell_when_to_retry(fake: FakeService, fake_client: Client) -> None:
    delay = Duration(seconds=1, nanos=250_000_000)
    retry = packed("RetryInfo", status_pb2.RetryInfo(retry_delay=delay))
    fail(fake, grpc.StatusCode.RESOURCE_EXHAUSTED, "full", retry)
    with pytest.raises(rectifier.ResourceExhausted) as raised:
        fake_client.evaluate("relu", 1.0)
    assert raised.value.retry_delay == 1.25


def test_no_server_is_unavailable() -> None:
    target = "unix:/no/such/rectifierd.sock"
    with Client(target) as client, pytest.raises(rectifier.Unavailable, match=re.escape(target)):
        client.server_info()


def test_an_error_survives_pickling() -> None:
    error = rectifier.InvalidArgument(
        "why", grpc.StatusCode.INVALID_ARGUMENT, "REASON", (Violation("field", "text"),), 0.5
    )
    copy = pickle.loads(pickle.dumps(error))
    assert type(copy) is rectifier.InvalidArgument
    assert str(copy) == "why"
    assert vars(copy) == vars(error)
