"""What entries state beside their formulas, held to the formulas."""

import pytest

from catalogue import Activation, by_family, load
from exact import result_at
from golden import columns

ACTIVATIONS = load()
STATED = [activation for activation in ACTIVATIONS if activation.special_values]


@pytest.mark.parametrize("activation", STATED, ids=lambda activation: activation.name)
def test_special_values_are_those_of_the_formula(activation: Activation) -> None:
    """The sign of a zero is left to the conformance test: an exact zero of a formula has none."""
    value, gradient, *_ = columns(activation)
    for special in activation.special_values:
        defaults = list(activation.defaults.values())
        found = [result_at(quantity.at(defaults), [special.x]) for quantity in (value, gradient)]
        assert [f and f.nearest for f in found] == [special.value, special.derivative], special


def test_names_and_aliases_are_unique() -> None:
    names = [name for activation in ACTIVATIONS for name in (activation.name, *activation.aliases)]
    assert len(names) == len(set(names))


def test_every_family_has_a_heading() -> None:
    families = [family for family, heading, _ in by_family(ACTIVATIONS) if heading]
    assert {activation.family for activation in ACTIVATIONS} == set(families)
    assert len(families) == len(set(families))
