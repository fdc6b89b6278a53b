"""The methods of the server."""

from google.protobuf.wrappers_pb2 import Int32Value

from rectifier.exchange import Method
from rectifier.v1 import activation_pb2 as pb

_SERVICE = "/rectifier.v1.ActivationService"

EVALUATE = Method(f"{_SERVICE}/Evaluate", pb.EvaluateResponse)
EVALUATE_STREAM = Method(f"{_SERVICE}/EvaluateStream", pb.EvaluateStreamResponse, is_stream=True)
LIST_ACTIVATIONS = Method(f"{_SERVICE}/ListActivations", pb.ListActivationsResponse)
GET_SERVER_INFO = Method(f"{_SERVICE}/GetServerInfo", pb.GetServerInfoResponse)

# The messages of the standard service have one field each, a string and an enumerator, of number 1,
# and so have the wrappers that protobuf comes with: stubs of the service would be a dependency.
HEALTH_CHECK = Method("/grpc.health.v1.Health/Check", Int32Value)
