"""Differences that stay, each with its reason."""

from __future__ import annotations

from dataclasses import dataclass

from difference import Difference


@dataclass(frozen=True)
class Expected:
    """What the cases of `names` give otherwise than we do, and why."""

    names: tuple[str, ...]
    quantities: tuple[str, ...]
    reason: str
    at: tuple[float, ...] | None = None
    """The inputs of elementwise activations at which they may differ; anywhere where None."""
    element_type: str | None = None
    """In which they may differ; in any where None."""
    says: str | None = None
    """Words of the catalogue's conventions that settle it. None: theirs is no convention but an
    inexact or defective computation of the catalogue's formula."""

    def explains(self, difference: Difference) -> bool:
        return (
            difference.case.name in self.names
            and difference.quantity in self.quantities
            and self.element_type in (None, difference.element_type)
            and (self.at is None or all(x in self.at for x in difference.inputs))
            and (self.at is None or bool(difference.inputs))
        )
