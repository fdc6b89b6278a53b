"""How time grows becomes tables and a plot."""

from __future__ import annotations

import xml.etree.ElementTree

import scale
from log_panel import axis_around
from test_call_tables import SETTING, record, turns_of
from turns import FLOOR, RECTIFIER, RECTIFIER_TCP, TWO_RECTIFIERS, Place

SIZES = [Place("size", bytes_) for bytes_ in (64, 1 << 20)]
MEASURED = turns_of(
    *(
        record(place, side, p50=p50)
        for place, p50 in zip(SIZES, (6e-5, 3e-3), strict=True)
        for side in (FLOOR, RECTIFIER)
    ),
    *(
        record(Place("processes", 64, inflight=16), side)
        for side in (RECTIFIER_TCP, TWO_RECTIFIERS)
    ),
)


def test_the_tables_show_what_was_measured() -> None:
    lines = scale.text(MEASURED, SETTING).splitlines()

    assert any(line.startswith("| 1 MiB") and "3.00 ms" in line for line in lines)
    assert any(line.startswith("| 64 B x16") for line in lines)


def test_the_plot_is_well_formed_and_has_a_curve_for_each_side() -> None:
    plot = scale.plot(MEASURED)

    xml.etree.ElementTree.fromstring(plot)
    assert plot.count('class="curve ') - len(scale.COLOURS) == 2  # the legend has its own


def test_an_axis_ends_at_powers_of_its_base() -> None:
    axis = axis_around([64, 1 << 20], 2, pixels=140)

    assert (axis.low, axis.high, axis.at(64), axis.at(1 << 20)) == (6, 20, 0, 140)
    assert axis.ticks(7) == [2.0**power for power in range(6, 21, 2)]


def test_an_axis_of_one_value_has_a_length() -> None:
    axis = axis_around([1e-3], 10, pixels=100)

    assert axis.ticks(7) == [1e-3, 1e-2]
