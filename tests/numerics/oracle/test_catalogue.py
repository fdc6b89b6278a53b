"""What entries state beside their formulas, held to the formulas."""

import math

import pytest

from catalogue import Activation, by_family, load
from curves import BESIDE, VISIBLE_JUMP, kinks_of
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


def jumps_of_second_derivative(activation: Activation) -> list[float]:
    second = columns(activation)[2].at(list(activation.defaults.values()))

    def beside(kink: float, side: float) -> float:
        result = result_at(second, [kink + side * BESIDE])
        return result.nearest if result else math.nan

    return [
        kink
        for kink in kinks_of(activation)
        if abs(beside(kink, -1) - beside(kink, 1)) > VISIBLE_JUMP
    ]


def test_conventions_state_which_second_derivative_holds_where_it_jumps() -> None:
    jumping = [
        activation
        for activation in ACTIVATIONS
        if "second_derivative" in activation.quantities and jumps_of_second_derivative(activation)
    ]
    names = [activation.name for activation in jumping]
    assert {"elu", "celu", "selu", "softsign"} <= set(names)
    assert [a.name for a in jumping if "second" not in a.conventions] == []
