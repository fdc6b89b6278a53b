"""A caller that holds buffers and has calls under way until it is killed.

Usage: doomed_caller.py TARGET BUFFERS_PATH
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

from buffers import Buffers
from hog import STREAM, header
from http2 import EVALUATE
from polite import numbers, open_channel, request_of

SIZE = 1 << 20


def endless() -> Iterator[bytes]:
    yield header(1 << 20)
    sys.stdin.read()  # which nobody writes


def main(target: str, path: str) -> None:
    channel = open_channel(target)
    request = request_of("logsumexp", numbers(SIZE // 4, seed=0))
    for _ in range(500):
        request.evaluations.add().CopyFrom(request.evaluations[0])
    with Buffers(path) as buffers:
        held = [buffers.allocate(SIZE) for _ in range(8)]
        calls = [channel.unary_unary(EVALUATE).future(request.SerializeToString()) for _ in held]
        calls.append(channel.stream_stream(STREAM)(endless()))
        print("ready", flush=True)
        calls[0].result()


if __name__ == "__main__":
    main(*sys.argv[1:])
