"""Calls of a peer that takes no reply."""

from __future__ import annotations

from http2 import (
    DATA,
    END_HEADERS,
    END_STREAM,
    HEADERS,
    INITIAL_WINDOW_SIZE,
    Connection,
    call_headers,
    frame,
    message_head,
)

from rectifier.v1 import activation_pb2 as pb

STREAM = "/rectifier.v1.ActivationService/EvaluateStream"


def relu(elements: int) -> bytes:
    request = pb.EvaluateRequest()
    request.evaluations.add(inputs=[0]).activation.name = "relu"
    tensor = request.tensors.add(element_type=pb.ELEMENT_TYPE_FLOAT32, shape=[elements])
    tensor.data = bytes(4 * elements)
    return request.SerializeToString()


def header(elements: int) -> bytes:
    request = pb.EvaluateStreamRequest()
    request.header.activation.name = "relu"
    request.header.element_type = pb.ELEMENT_TYPE_FLOAT32
    request.header.shape.append(elements)
    return request.SerializeToString()


class Hog(Connection):
    """Takes no byte of any reply: each stream's window is empty."""

    def __init__(self, target: str) -> None:
        super().__init__(target, {INITIAL_WINDOW_SIZE: 0})
        self.settings()
        self._next = 1

    def open(
        self, path: str, message: bytes, *, claimed: int | None = None, last: bool = True
    ) -> None:
        """A call with one message, of which `claimed` bytes are announced."""
        body = message_head(len(message) if claimed is None else claimed) + message
        frames = frame(HEADERS, END_HEADERS, self._next, call_headers(path))
        for start in range(0, len(body), 16384):
            piece = body[start : start + 16384]
            is_last = last and start + 16384 >= len(body)
            frames += frame(DATA, END_STREAM if is_last else 0, self._next, piece)
        self.send(frames)
        self._next += 2
