"""What is said of rows of results."""

import findings

ROW = {
    "activation": "tanh_shrink",
    "quantity": "value",
    "inputs": 2**32,
    "correctly_rounded": 1 - 2**-8,
}


def test_undecided_ties_count_as_misrounded() -> None:
    assert findings.share({**ROW, "undecided": 1 << 24}) > 0.0039


def test_infinities_without_a_limit_do_not_count() -> None:
    assert findings.share({**ROW, "correctly_rounded": 1 - 2 / 2**32, "undecided": 2}) == 0
