"""What Callgrind counted: instructions by object and room, misses of caches, calls."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import PurePath

_NAME = re.compile(r"\((\d+)\)(?: (.*))?")
_INSTRUCTIONS = "Ir"
_FIRST_LEVEL_MISSES = ("I1mr", "D1mr", "D1mw")
_LAST_LEVEL_MISSES = ("ILmr", "DLmr", "DLmw")


@dataclass
class Profile:
    """All counts are of the whole run."""

    instructions: Counter[tuple[str, str]] = field(
        default_factory=Counter
    )  # by object, source file
    first_level_misses: int = 0
    last_level_misses: int = 0
    calls: Counter[str] = field(default_factory=Counter)  # by function

    def by_object(self) -> Counter[str]:
        """The file names of programs and libraries."""
        result: Counter[str] = Counter()
        for (object_, _), count in self.instructions.items():
            result[PurePath(object_).name] += count
        return result

    def by_room(self, root: str) -> Counter[str]:
        """The folders of those sources that are below `root`."""
        result: Counter[str] = Counter()
        for (_, source), count in self.instructions.items():
            path = PurePath(source)
            if path.is_relative_to(root):
                result[str(path.relative_to(root).parent)] += count
        return result

    def calls_of(self, pattern: str) -> int:
        """Of the functions whose whole name matches, without what GNU appends to it."""
        whole = re.compile(pattern)
        return sum(
            count
            for name, count in self.calls.items()
            if whole.fullmatch(re.split("[@'(]", name)[0])
        )


def parse(lines: Iterable[str]) -> Profile:
    """Of a file in Callgrind's format, version 1.

    Source: "Callgrind Format Specification" in Valgrind's manual.
    """
    return _Parser().run(lines)


class _Parser:
    """Names are given a number where they are met first, which stands for them from then on."""

    def __init__(self) -> None:
        self._profile = Profile()
        self._names: dict[tuple[str, str], str] = {}
        self._events: list[str] = []
        self._object = self._source = self._callee = ""
        self._is_inclusive = False  # the next line of costs counts what a callee did

    def run(self, lines: Iterable[str]) -> Profile:
        for line in lines:
            key, _, value = line.rstrip("\n").partition("=")
            if line.startswith("events:"):
                self._events = line.split()[1:]
            elif line[:1].isdigit() or line[:1] in "+-*":
                self._count(line)
            elif key == "ob":
                self._object = self._name("ob", value)
            elif key == "cob":
                self._name("ob", value)
            elif key in ("fl", "fi", "fe"):
                self._source = self._name("fl", value)
            elif key in ("cfi", "cfl"):
                self._name("fl", value)
            elif key == "fn":
                self._name("fn", value)
            elif key == "cfn":
                self._callee = self._name("fn", value)
            elif key == "calls":
                self._profile.calls[self._callee] += int(value.split()[0])
                self._is_inclusive = True
        return self._profile

    def _name(self, kind: str, text: str) -> str:
        match = _NAME.fullmatch(text)
        assert match is not None, text
        if match[2] is not None:
            self._names[kind, match[1]] = match[2]
        return self._names[kind, match[1]]

    def _count(self, line: str) -> None:
        if self._is_inclusive:
            self._is_inclusive = False
            return
        counts = dict(zip(self._events, map(int, line.split()[1:]), strict=False))
        profile = self._profile
        profile.instructions[self._object, self._source] += counts.get(_INSTRUCTIONS, 0)
        profile.first_level_misses += sum(counts.get(event, 0) for event in _FIRST_LEVEL_MISSES)
        profile.last_level_misses += sum(counts.get(event, 0) for event in _LAST_LEVEL_MISSES)
