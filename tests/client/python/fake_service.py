"""An ActivationService in this process, for what the real server cannot be made to do at will."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import grpc

from rectifier.v1 import activation_pb2 as pb
from rectifier.v1.activation_pb2_grpc import (
    ActivationServiceServicer,
    add_ActivationServiceServicer_to_server,
)


class FakeService(ActivationServiceServicer):
    """Keeps the requests to Evaluate, and answers with what the test has put in its attributes."""

    def __init__(self, target: str) -> None:
        self.target = target
        self.requests: list[pb.EvaluateRequest] = []
        self.evaluate: Callable[[pb.EvaluateRequest, Any], pb.EvaluateResponse] = echo
        self.activations = pb.ListActivationsResponse()
        self.server_info = pb.GetServerInfoResponse()
        self._server = grpc.server(
            ThreadPoolExecutor(),
            options=[("grpc.max_receive_message_length", -1)],
        )
        add_ActivationServiceServicer_to_server(self, self._server)  # type: ignore[no-untyped-call]
        self._server.add_insecure_port(target)

    def __enter__(self) -> "FakeService":
        self._server.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._server.stop(grace=None).wait()

    def Evaluate(self, request: pb.EvaluateRequest, context: Any) -> pb.EvaluateResponse:  # noqa: N802
        self.requests.append(request)
        return self.evaluate(request, context)

    def ListActivations(self, request: Any, context: Any) -> pb.ListActivationsResponse:  # noqa: N802
        return self.activations

    def GetServerInfo(self, request: Any, context: Any) -> pb.GetServerInfoResponse:  # noqa: N802
        return self.server_info


def echo(request: pb.EvaluateRequest, context: Any) -> pb.EvaluateResponse:
    """The first input of each evaluation as its value."""
    return pb.EvaluateResponse(
        results=[
            pb.Result(value=request.tensors[evaluation.inputs[0]])
            for evaluation in request.evaluations
        ]
    )
