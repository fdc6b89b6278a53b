"""NumPy arrays in shared buffers, whose memory goes back when the last view of it has gone."""

import math
import threading
import weakref
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from rectifier import errors
from rectifier.forks import forget_in_forks
from rectifier.shared_memory.connection import Buffer, Connection
from rectifier.tensor import Array
from rectifier.v1 import activation_pb2 as pb

# Buffers that nobody uses are kept up to this, because a new one costs the clearing of all its
# pages; beyond it they are released, because the server's memory for buffers is everybody's.
_MAX_IDLE_BYTES = 128 << 20


@dataclass(frozen=True)
class _Lent:
    """A buffer that arrays are in."""

    buffer: Buffer
    memory: "weakref.ref[Array]"
    """All of its bytes; every array in it is a view of that."""
    address: int


class InUse:
    """Whether the server may be using the buffers of a call."""

    def __init__(self) -> None:
        self.is_now = False

    def begin(self) -> None:
        """The call is made."""
        self.is_now = True

    def end(self) -> None:
        """It has been answered."""
        self.is_now = False


class BufferPool:
    """Makes arrays in buffers of one server. Thread-safe.

    After `close`, arrays stay what they are; the connection ends with the last of them. In a
    process that a fork makes, the arrays are the parent's, and the pool is closed.
    """

    def __init__(self, path: str) -> None:
        """Errors: Unavailable where no server listens at `path`."""
        self._connection = Connection(path)
        self._idle: list[Buffer] = []
        self._lent: dict[bytes, _Lent] = {}
        self._returned: deque[tuple[Buffer, InUse | None]] = deque()
        self._lock = threading.Lock()
        self._is_closed = self._is_child = False
        forget_in_forks(self)

    def forget(self) -> None:
        self._lock = threading.Lock()
        self._is_closed = self._is_child = True
        self._lent = {}
        self._idle = []

    def empty(
        self, shape: Sequence[int], dtype: "np.dtype[Any]", in_use: InUse | None = None
    ) -> Array:
        """An array whose contents are whatever they are.

        in_use: of the call that it is for. Where that is given up before it has been answered, the
            server may write to the array later, so that its buffer is not lent again.

        Errors: RectifierError where the server does not allow it now, or has gone.
        """
        size = math.prod(shape) * dtype.itemsize
        with self._lock:
            self._take_returned()
            if self._is_closed:
                raise errors.Unavailable("shared buffers: the client is closed")
            buffer = self._idle_buffer(size) or self._allocate(max(size, 1))
            memory = np.frombuffer(buffer.mapping, np.uint8)
            address = memory.__array_interface__["data"][0]
            self._lent[buffer.token] = _Lent(buffer, weakref.ref(memory), address)
        weakref.finalize(memory, self._give_back, buffer, in_use).atexit = False
        return memory[:size].view(dtype).reshape(tuple(shape))

    def region(self, array: Array) -> pb.BufferRegion | None:
        """Where in a buffer `array` lies; None where it does not, or not in one piece."""
        if not array.flags.c_contiguous:
            return None
        address = array.__array_interface__["data"][0]
        with self._lock:
            for lent in self._lent.values():
                offset = address - lent.address
                if 0 <= offset <= lent.buffer.size - array.nbytes:
                    return pb.BufferRegion(
                        token=lent.buffer.token, offset=offset, length=array.nbytes
                    )
        return None

    def close(self) -> None:
        with self._lock:
            self._is_closed = True
            self._take_returned()
            self._release(self._idle)

    def _idle_buffer(self, size: int) -> Buffer | None:
        """The smallest that has room, unless it has far too much."""
        fits = [buffer for buffer in self._idle if size <= buffer.size <= 2 * size + 4096]
        if not fits:
            return None
        best = min(fits, key=lambda buffer: buffer.size)
        self._idle.remove(best)
        return best

    def _allocate(self, size: int) -> Buffer:
        try:
            return self._connection.allocate(size)
        except errors.ResourceExhausted:
            if not self._idle:
                raise
            self._release(self._idle)
            return self._connection.allocate(size)

    def _give_back(self, buffer: Buffer, in_use: InUse | None) -> None:
        """Of a finalizer, which may run in any thread at any time: so it never waits for a lock."""
        self._returned.append((buffer, in_use))
        if self._lock.acquire(blocking=False):
            try:
                self._take_returned()
            finally:
                self._lock.release()

    def _take_returned(self) -> None:
        while self._returned and not self._is_child:
            buffer, in_use = self._returned.popleft()
            del self._lent[buffer.token]
            if in_use is not None and in_use.is_now:
                self._release([buffer])
                continue
            self._idle.append(buffer)
            while sum(idle.size for idle in self._idle) > _MAX_IDLE_BYTES:
                self._release([self._idle.pop(0)])
        if self._is_closed and not self._is_child:
            self._release(self._idle)

    def _release(self, buffers: list[Buffer]) -> None:
        """Releases and forgets them; with the last buffer of a closed pool the connection ends."""
        while buffers:
            try:
                self._connection.release(buffers.pop().token)
            except errors.RectifierError:
                buffers.clear()  # it has gone, and with it all its buffers
        if self._is_closed and not self._lent and not self._is_child:
            self._connection.close()
