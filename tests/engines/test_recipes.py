"""The recipes are as short as their page says."""

import ast
from pathlib import Path

import pytest
from conftest import RECIPES

MOST_LINES = 10


@pytest.mark.parametrize("path", sorted(RECIPES.glob("*.py")), ids=lambda path: path.stem)
def test_a_recipe_has_ten_lines_of_code(path: Path) -> None:
    text = path.read_text()
    assert ast.get_docstring(ast.parse(text))
    lines = text.splitlines()[ast.parse(text).body[0].end_lineno :]
    code = [line for line in lines if line.strip() and not line.lstrip().startswith("#")]
    assert 0 < len(code) <= MOST_LINES
