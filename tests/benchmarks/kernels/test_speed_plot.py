"""The plot of speeds is what the table in RESULTS.md says, and readable."""

from __future__ import annotations

import speed_plot
from speed_plot import Ratios
from svg_texts import misplaced

TABLE = """\
| activation     |  mem | /oneDNN |   x2 | /memcpy |
|----------------|-----:|--------:|-----:|--------:|
| `relu`         | 0.24 |    0.50 | 0.57 |    0.77 |
| `squareplus`   | 0.77 |         |      |    2.52 |
| geometric mean |      |    0.60 | 0.54 |    1.65 |

|               |  mem |
|---------------|-----:|
| oneDNN `relu` | 0.47 |
"""


def test_activations_that_a_peer_has_are_read_from_the_first_table() -> None:
    assert speed_plot.read(TABLE) == [Ratios("relu", {"oneDNN": 0.5})]


def test_without_peers_nothing_is_drawn() -> None:
    assert "<circle" not in speed_plot.plot(speed_plot.read("no table"))


def test_the_committed_plot_is_fresh() -> None:
    expected = speed_plot.plot(speed_plot.read(speed_plot.PAGE.read_text()))
    assert speed_plot.PLOT.read_text() == expected, "stale: run ./dev generate and commit"


def test_no_text_of_the_plot_lies_over_another() -> None:
    assert misplaced(speed_plot.PLOT.read_text()) == []
