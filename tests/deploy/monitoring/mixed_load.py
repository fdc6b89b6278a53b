"""Minutes of mixed traffic on two servers, with faults, for a picture that shows something."""

from __future__ import annotations

import subprocess
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, suppress
from pathlib import Path

import grpc
from fire_alerts import greedy_callers, hanging
from http2 import EVALUATE
from polite import numbers, open_channel, request_of
from rectifierd_process import RectifierdProcess
from rude import WrongAnswer
from soak import kinds

KINDS = ("small calls", "large calls", "new connections", "streams", "shared buffers", "bad")
ACTIVATIONS = ("gelu", "silu", "mish", "softmax", "relu", "tanh", "elu", "softplus")
TOKENS = {name: f"the-token-of-{name}-here" for name in ("training", "search", "batch")}
# In seconds from the beginning: when callers become greedy, and when the other server hangs.
GREEDY, HANGING = (90, 270), (130, 225)
SECONDS = 330
PAUSE = 0.03  # between the calls of one caller


def flags_of_second(folder: Path) -> list[str]:
    """Its TCP address speaks TLS, and its callers have tokens."""
    key, certificate, tokens = (folder / name for name in ("key.pem", "cert.pem", "tokens"))
    command = "openssl req -x509 -newkey rsa:2048 -nodes -days 60 -subj /CN=localhost"
    files = ["-keyout", str(key), "-out", str(certificate)]
    subprocess.run([*command.split(), *files], check=True, capture_output=True)
    tokens.write_text("".join(f"{name} plain:{token}\n" for name, token in TOKENS.items()))
    return [f"--tls_certificate={certificate}", f"--tls_key={key}", f"--tokens_file={tokens}"]


def run(first: RectifierdProcess, second: RectifierdProcess) -> None:
    """The first server has many kinds of callers, the second those with tokens."""
    begin = time.monotonic()
    end = begin + SECONDS
    rounds = [each for kind in KINDS for each in kinds(first)[kind]]
    names = [*TOKENS, *TOKENS, "stranger", "batch"]
    rounds += [_caller(second.unix_target, *each) for each in zip(ACTIVATIONS, names, strict=True)]
    with ThreadPoolExecutor(len(rounds) + 2) as threads:
        tasks = [threads.submit(_repeat, each, end) for each in rounds]
        tasks.append(threads.submit(_during, begin, GREEDY, greedy_callers(first.tcp_target, 12)))
        tasks.append(threads.submit(_during, begin, HANGING, hanging(second)))
        for task in tasks:
            task.result()


def _caller(target: str, activation: str, name: str) -> Callable[[], None]:
    call = open_channel(target).unary_unary(EVALUATE)
    message = request_of(activation, numbers(1 << 14, seed=5)).SerializeToString()
    metadata = [("authorization", f"Bearer {TOKENS.get(name, 'of-nobody')}")]
    return lambda: call(message, timeout=30, metadata=metadata)


def _repeat(one_round: Callable[[], None], end: float) -> None:
    while time.monotonic() < end:
        with suppress(grpc.RpcError, WrongAnswer, OSError):  # who is turned away tries again
            one_round()
        time.sleep(PAUSE)


def _during(begin: float, span: tuple[int, int], fault: AbstractContextManager[None]) -> None:
    start, end = (begin + seconds for seconds in span)
    _wait_until(start)
    with fault:
        _wait_until(end)


def _wait_until(moment: float) -> None:
    threading.Event().wait(max(0.0, moment - time.monotonic()))
