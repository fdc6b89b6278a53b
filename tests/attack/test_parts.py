"""Fields that nobody knows, in parts of messages that protobuf parses: it would keep them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from fields import MOST, UNKNOWN, field, heavy, peak_of
from http2 import EVALUATE
from victim import MIB

SHORT = UNKNOWN * 1300  # as long as a part may be; four in each of 1,024 are 16 MiB


def evaluation(arguments: int = 0, destinations: int = 0) -> bytes:
    """One of relu, whose parts are no longer than they may be."""
    named = [field(2, field(1, b"a%d" % i) + field(2, SHORT)) for i in range(arguments)]
    activation = field(2, field(1, b"relu") + b"".join(named))
    return field(1, activation + destinations * field(5, SHORT))


PARTS: dict[str, Callable[[], bytes]] = {
    "an argument": lambda: field(
        1, field(2, field(1, b"relu") + field(2, field(1, b"a") + field(2, heavy(UNKNOWN))))
    ),
    "a destination": lambda: field(1, field(2, field(1, b"relu")) + field(5, heavy(UNKNOWN))),
    "a region": lambda: field(2, field(13, heavy(UNKNOWN))),
    "many arguments": lambda: 1024 * evaluation(arguments=4),
    "many destinations": lambda: 1024 * evaluation(destinations=4),
    "many regions": lambda: 1024 * field(2, field(13, SHORT)),
}


@pytest.mark.parametrize("name", PARTS)
def test_parts_of_an_evaluate_are_short(name: str) -> None:
    message = PARTS[name]()
    assert peak_of(EVALUATE, message) < 3 * len(message) + 4 * MIB


@pytest.mark.parametrize(
    "method",
    [
        EVALUATE.replace("Evaluate", "ListActivations"),
        "/grpc.health.v1.Health/Check",
    ],
)
def test_a_heavy_question_is_refused_unread(method: str) -> None:
    assert peak_of(method, heavy(UNKNOWN)) < MOST
