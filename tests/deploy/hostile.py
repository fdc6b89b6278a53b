"""Hostile, greedy, bad and good traffic against a server that runs already.

    hostile.py FOLDER SECONDS

The server listens at FOLDER/rectifierd.sock, 127.0.0.1:50051, and 127.0.0.1:9464 for metrics. The
traffic is that of tests/attack: for SECONDS every good reply must have its bits, and every bad call
its code. Then callers ask for all the memory there is, as long; and floods of frames come, beside
which polite callers are served.
"""

from __future__ import annotations

import sys
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import grpc
from http2 import Connection
from polite import numbers, open_channel, request_of
from rude import CODES, WrongAnswer, code_of
from soak import Traffic
from test_floods import FLOODS, pour
from victim import call

LARGEST = 7 << 20  # elements of float32, for which a limit of 512 MiB leaves room: 28 of 32 MiB
GREEDY = 6
REFUSED = (CODES.RESOURCE_EXHAUSTED, CODES.UNAVAILABLE)


@dataclass
class Attacked:
    """Where a server is; as tests/attack calls it."""

    unix_target: str
    tcp_target: str = "127.0.0.1:50051"
    metrics_address: str = "127.0.0.1:9464"


class Greedy:
    """Calls of the largest size, one after the other: each is answered, or refused for now."""

    def __init__(self, target: str) -> None:
        self._channel = open_channel(target)
        self._message = request_of("relu", numbers(LARGEST, 0)).SerializeToString()
        self.codes: list[grpc.StatusCode] = []

    def call_until(self, is_over: threading.Event) -> None:
        while not is_over.is_set():
            self.codes.append(code_of(self._channel, self._message))


def attack(server: Attacked, seconds: float) -> None:
    with Traffic(server) as tally:
        time.sleep(seconds)  # which is how long it is to last
    print(dict(tally.rounds))
    if tally.failures:
        raise WrongAnswer("\n".join(tally.failures[:10]))


def exhaust(server: Attacked, seconds: float) -> None:
    """The memory that calls may have; where there is none for what they send, gRPC hangs up."""
    is_over = threading.Event()
    greedy = [Greedy(server.tcp_target) for _ in range(GREEDY)]
    with ThreadPoolExecutor(GREEDY) as threads:
        calls = [threads.submit(each.call_until, is_over) for each in greedy]
        is_over.wait(seconds)
        is_over.set()
    for each in calls:
        each.result()
    codes = Counter(code for each in greedy for code in each.codes)
    print("largest calls:", {code.name: count for code, count in codes.items()})
    if not codes[CODES.OK] or codes.keys() - {CODES.OK, *REFUSED}:
        raise WrongAnswer(f"largest calls ended with {codes}")


def flood(server: Attacked) -> None:
    for name, (first, piece, count, _) in FLOODS.items():
        with Connection(server.tcp_target) as peer:
            peer.settings()
            peer.send(first)
            sent = pour(peer, piece, count)
            call(server.tcp_target)
        print(f"{name}: {sent} frames")


def main(folder: str, seconds: float) -> None:
    server = Attacked(f"unix:{folder}/rectifierd.sock")
    attack(server, seconds)
    exhaust(server, seconds)
    flood(server)
    call(server.unix_target)


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]))
