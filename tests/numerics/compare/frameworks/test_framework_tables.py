"""That every name has its place, and every reason its words in the catalogue."""

from __future__ import annotations

import ast

import framework_tables
import names_of_others
import numpy as np
import pytest
from framework_tables import FRAMEWORKS, table

CONVENTIONS = framework_tables.conventions()


def test_every_name_of_the_catalogue_is_in_a_table_or_of_others() -> None:
    placed = names_of_others.NAMES.union(*(table(framework).names() for framework in FRAMEWORKS))

    assert CONVENTIONS.keys() - placed == set(), "add cases, or the name to names_of_others.py"


def test_names_of_others_are_in_no_table_and_in_the_catalogue() -> None:
    tables = set().union(*(table(framework).names() for framework in FRAMEWORKS))

    assert names_of_others.NAMES & tables == set()
    assert names_of_others.NAMES - CONVENTIONS.keys() == set()


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_cases_have_names_of_the_catalogue_and_expressions(framework: str) -> None:
    for each in table(framework).cases:
        assert each.name in CONVENTIONS
        used = {node.id for node in ast.walk(ast.parse(each.theirs)) if isinstance(node, ast.Name)}
        assert "x" in used
        words = {name for name, value in each.arguments.items() if isinstance(value, str)}
        assert each.arguments.keys() - words <= used
        assert set(each.parameters) <= each.arguments.keys()


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_no_case_stands_twice(framework: str) -> None:
    keys = [each.key for each in table(framework).cases]

    assert len(keys) == len(set(keys))


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_what_is_expected_is_of_a_case_and_in_the_words_of_the_catalogue(framework: str) -> None:
    names = {each.name for each in table(framework).cases}
    for expected in table(framework).expected:
        for name in expected.names:
            assert name in names
            if expected.says is not None:
                assert expected.says in CONVENTIONS[name]


def test_inputs_have_what_conventions_differ_at() -> None:
    x = table("pytorch").cases[0].inputs[0]

    assert np.isnan(x).any()
    assert np.isinf(x).any()
    assert np.signbit(x[x == 0]).tolist() == [False, True]
    assert {0.5, 1.0, 3.0, 6.0} <= set(np.abs(x))
