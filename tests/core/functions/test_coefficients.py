"""core/functions/coefficients.h is what its scripts write from the catalogue's formulas."""

from __future__ import annotations

import fit_coefficients


def test_the_header_is_fresh() -> None:
    assert fit_coefficients.HEADER.read_text() == fit_coefficients.header()
