"""Fields that nobody knows, in parts of messages that protobuf parses: it would keep them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from fields import MOST, UNKNOWN, field, heavy, peak_of
from http2 import EVALUATE

PARTS: dict[str, Callable[[], bytes]] = {
    "an argument": lambda: field(
        1, field(2, field(1, b"relu") + field(2, field(1, b"a") + field(2, heavy(UNKNOWN))))
    ),
    "a destination": lambda: field(1, field(2, field(1, b"relu")) + field(5, heavy(UNKNOWN))),
    "a region": lambda: field(2, field(13, heavy(UNKNOWN))),
}


@pytest.mark.parametrize("name", PARTS)
def test_parts_of_an_evaluate_are_short(name: str) -> None:
    assert peak_of(EVALUATE, PARTS[name]()) < MOST


@pytest.mark.parametrize(
    "method",
    [
        EVALUATE.replace("Evaluate", "ListActivations"),
        "/grpc.health.v1.Health/Check",
    ],
)
def test_a_heavy_question_is_refused_unread(method: str) -> None:
    assert peak_of(method, heavy(UNKNOWN)) < MOST
