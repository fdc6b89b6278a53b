"""Sorts differences by the reason that they have."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from difference import Difference
from expected import Expected
from rules import RULES, Rule


@dataclass
class Explanation:
    by_reason: dict[str, list[Difference]] = field(default_factory=dict)
    undocumented: list[Difference] = field(default_factory=list)
    unused: list[Expected] = field(default_factory=list)


def explain(differences: Sequence[Difference], expected: Sequence[Expected]) -> Explanation:
    """Each difference has the first reason that explains it: an expectation before a rule."""
    explanation = Explanation()
    used: set[int] = set()
    reasons: list[Expected | Rule] = [*expected, *RULES]
    for difference in differences:
        for i, reason in enumerate(reasons):
            if reason.explains(difference):
                used.add(i)
                explanation.by_reason.setdefault(reason.reason, []).append(difference)
                break
        else:
            explanation.undocumented.append(difference)
    explanation.unused = [each for i, each in enumerate(expected) if i not in used]
    return explanation
