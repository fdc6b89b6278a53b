"""Whether a call is answered that has a field whose name ends in -bin and whose value is no base64.

    malformed_field.py HOST:PORT

gRPC 1.51 hangs up on such a connection, with the calls of all others on it. Exit code 0: answered.
"""

import sys

from http2 import (
    DATA,
    END_HEADERS,
    END_STREAM,
    EVALUATE,
    HEADERS,
    Connection,
    call_headers,
    frame,
    message_head,
)

from rectifier.v1 import activation_pb2 as pb


def request() -> bytes:
    message = pb.EvaluateRequest()
    message.tensors.add().values.extend([-1, 0, 2])
    message.evaluations.add(inputs=[0]).activation.name = "relu"
    return message.SerializeToString()


def is_answered(target: str) -> bool:
    body = request()
    with Connection(target) as connection:
        connection.settings()
        connection.send(
            frame(HEADERS, END_HEADERS, 1, call_headers(EVALUATE, x_bin="!"))
            + frame(DATA, END_STREAM, 1, message_head(len(body)) + body)
        )
        while (got := connection.receive()) is not None:
            if got.stream == 1 and got.flags & END_STREAM:
                return False  # a status without a message
            if got.stream == 1 and got.kind == DATA and got.payload:
                return True
    return False


if __name__ == "__main__":
    sys.exit(0 if is_answered(sys.argv[1]) else 1)
