"""rectifier.plot."""

from pathlib import Path

import numpy as np
import pytest
from optional import optional

import rectifier
from rectifier import Client


def test_value_and_gradient_are_drawn(
    client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    optional("matplotlib", "python3-matplotlib")
    monkeypatch.setenv("RECTIFIER_TARGET", client.target)
    figure = rectifier.plot("gelu", "mish", limits=(-2, 2), points=5)
    value, gradient = figure.axes
    assert [axes.get_title() for axes in (value, gradient)] == ["value", "gradient"]
    assert [line.get_label() for line in value.lines] == ["gelu", "mish"]
    expected = client.evaluate("mish", np.linspace(-2, 2, 5), gradient=True)
    np.testing.assert_array_equal(value.lines[1].get_ydata(), expected.value)
    np.testing.assert_array_equal(gradient.lines[1].get_ydata(), expected.gradient)
    figure.savefig(tmp_path / "plot.png")
    assert (tmp_path / "plot.png").stat().st_size > 1000


def test_nothing_to_draw_is_an_error(client: Client) -> None:
    with pytest.raises(ValueError, match="no activation is given"):
        rectifier.plot(client=client)
