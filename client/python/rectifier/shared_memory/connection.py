"""The connection to a server's socket of shared buffers: one request, one answer."""

import array
import mmap
import os
import socket
import threading
from contextlib import suppress
from dataclasses import dataclass

import grpc

from rectifier import errors
from rectifier.v1 import shared_buffer_pb2 as pb

_PATIENCE = 60.0  # seconds
# The server's longest message is a few hundred bytes.
_MAX_RESPONSE_BYTES = 4096
_CODES = {code.value[0]: code for code in grpc.StatusCode}


@dataclass(frozen=True)
class Buffer:
    """Memory that both sides have mapped."""

    token: bytes
    mapping: mmap.mmap

    @property
    def size(self) -> int:
        return len(self.mapping)


class Connection:
    """Its end frees its buffers in the server. Thread-safe.

    Errors: a RectifierError with what the server answered; Unavailable where it cannot be reached,
    has hung up or does not answer, after which nothing more is asked. The buffers stay: others may
    be reading results there, and the server would empty them.
    """

    def __init__(self, path: str) -> None:
        self._lock = threading.Lock()  # keeps answers with their requests
        self._is_in_step = True
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._socket.settimeout(_PATIENCE)
        try:
            self._socket.connect(path)
        except (OSError, ValueError) as error:
            self._socket.close()
            raise _unavailable(f"cannot connect to {path}: {error}") from None

    def close(self) -> None:
        self._socket.close()

    def allocate(self, size: int) -> Buffer:
        """A buffer of `size` bytes or somewhat more; it holds zeros."""
        request = pb.BufferRequest(allocate=pb.AllocateBuffer(bytes=size))
        response, descriptor = self._ask(request)
        if descriptor is None:
            raise _unavailable("the answer has no buffer with it")
        try:
            mapping = mmap.mmap(descriptor, response.bytes, mmap.MAP_SHARED | _POPULATE)
        except OSError as error:
            self.release(response.token)
            raise _unavailable(f"the buffer cannot be mapped: {error}") from None
        finally:
            os.close(descriptor)
        return Buffer(response.token, mapping)

    def release(self, token: bytes) -> None:
        _, descriptor = self._ask(pb.BufferRequest(release=pb.ReleaseBuffer(token=token)))
        if descriptor is not None:
            os.close(descriptor)

    def _ask(self, request: pb.BufferRequest) -> tuple[pb.BufferResponse, int | None]:
        with self._lock:
            if not self._is_in_step:
                raise _unavailable("it did not answer before")
            self._is_in_step = False  # also where an interrupt ends the wait
            with suppress(OSError):  # a server that has no room says so before it hangs up
                self._socket.send(request.SerializeToString())
            packet, descriptor = self._receive()
            self._is_in_step = True
        response = pb.BufferResponse.FromString(packet)
        if response.code != 0:
            if descriptor is not None:
                os.close(descriptor)
            code = _CODES.get(response.code, grpc.StatusCode.UNKNOWN)
            raise errors.class_of(code)(f"shared buffers: {response.message}", code)
        return response, descriptor

    def _receive(self) -> tuple[bytes, int | None]:
        room = socket.CMSG_SPACE(array.array("i").itemsize)
        try:
            packet, control, _, _ = self._socket.recvmsg(
                _MAX_RESPONSE_BYTES, room, socket.MSG_CMSG_CLOEXEC
            )
        except OSError as error:
            raise _unavailable(str(error)) from None
        if not packet:
            raise _unavailable("it has hung up")
        for level, kind, data in control:
            if (level, kind) == (socket.SOL_SOCKET, socket.SCM_RIGHTS):
                return packet, int(array.array("i", data)[0])
        return packet, None


# The pages are there at once, which is faster than one fault for each.
_POPULATE = getattr(mmap, "MAP_POPULATE", 0)


def _unavailable(why: str) -> errors.RectifierError:
    return errors.Unavailable(f"shared buffers: {why}", grpc.StatusCode.UNAVAILABLE)
