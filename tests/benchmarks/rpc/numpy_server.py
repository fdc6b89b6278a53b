"""The same service as one would write it in Python: NumPy behind grpcio."""

from __future__ import annotations

import argparse
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import grpc
import numpy as np
from numpy.typing import NDArray

from rectifier.v1 import activation_pb2, activation_pb2_grpc

Array = NDArray[np.float32]


def relu(x: Array) -> tuple[Array, Array]:
    return np.maximum(x, 0), (x > 0).astype(x.dtype)


def silu(x: Array) -> tuple[Array, Array]:
    gate = 1 / (1 + np.exp(-x))
    return x * gate, gate * (1 + x * (1 - gate))


FUNCTIONS = {"relu": relu, "silu": silu}


class Service(activation_pb2_grpc.ActivationServiceServicer):
    def Evaluate(  # noqa: N802
        self, request: activation_pb2.EvaluateRequest, context: grpc.ServicerContext
    ) -> activation_pb2.EvaluateResponse:
        response = activation_pb2.EvaluateResponse()
        for evaluation in request.evaluations:
            tensor = request.tensors[evaluation.inputs[0]]
            x = np.frombuffer(tensor.data, dtype="<f4").reshape(tensor.shape)
            value, gradient = FUNCTIONS[evaluation.activation.name](x)
            result = response.results.add()
            _fill(result.value, value)
            _fill(result.gradients.add(), gradient)
        return response


def _fill(tensor: activation_pb2.Tensor, array: Array) -> None:
    tensor.element_type = activation_pb2.ELEMENT_TYPE_FLOAT32
    tensor.shape.extend(array.shape)
    tensor.data = array.tobytes()


def main() -> None:
    """Takes rectifierd's --listen and --ports_file, as every server here does."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--listen", required=True)
    parser.add_argument("--ports_file", type=Path, required=True)
    options = parser.parse_args()
    unlimited = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)]
    server = grpc.server(ThreadPoolExecutor(os.cpu_count()), options=unlimited)
    activation_pb2_grpc.add_ActivationServiceServicer_to_server(Service(), server)
    lines = [f"grpc {_bind(server, address)}\n" for address in options.listen.split(",")]
    server.start()
    unfinished = options.ports_file.with_suffix(".new")
    unfinished.write_text("".join(lines))
    unfinished.rename(options.ports_file)
    server.wait_for_termination()


def _bind(server: grpc.Server, address: str) -> str:
    port = server.add_insecure_port(address)
    return address if address.startswith("unix:") else f"{address.rpartition(':')[0]}:{port}"


if __name__ == "__main__":
    main()
