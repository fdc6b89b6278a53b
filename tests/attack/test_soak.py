"""A short soak. ./dev soak MINUTES is the long one."""

from __future__ import annotations

import pytest
from overload import CAPACITY, MOST_MEMORY, overload
from soak import soak
from victim import IS_LONG


def test_mixed_traffic_leaves_nothing_behind() -> None:
    seconds = 60 if IS_LONG else 20
    result = soak(seconds)
    print(result.report(seconds))
    assert result.problems() == []


def test_three_times_the_load_is_borne() -> None:
    """That the goodput stays is asked of ./dev attack, which has the machine to itself."""
    result = overload(3, *CAPACITY)
    print(result.report())
    assert result.over.codes["OK"] > 0
    assert result.memory < MOST_MEMORY


@pytest.mark.skipif(not IS_LONG, reason="./dev attack runs it")
@pytest.mark.parametrize("flags", [CAPACITY, ()], ids=["bounded", "default"])
def test_three_times_the_load_leaves_the_goodput(flags: tuple[str, ...]) -> None:
    result = overload(20, *flags)
    print(result.report())
    assert result.problems() == []
