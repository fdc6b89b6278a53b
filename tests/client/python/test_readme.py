"""The examples of client/python/README.md and examples/evaluate.py, against the real server."""

import doctest
import re
import runpy
from pathlib import Path

import pytest
from rectifierd_process import RectifierdProcess

FOLDER = Path(__file__).parents[3] / "client/python"
README = FOLDER / "README.md"


def python_blocks() -> list[str]:
    return re.findall(r"^```python\n(.*?)^```$", README.read_text(), re.MULTILINE | re.DOTALL)


def test_the_session_prints_what_it_says(
    rectifierd: RectifierdProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RECTIFIER_TARGET", rectifierd.unix_target)
    session = "\n".join(python_blocks())
    test = doctest.DocTestParser().get_doctest(session, {}, README.name, str(README), 0)
    report: list[str] = []
    results = doctest.DocTestRunner().run(test, out=report.append)
    assert results.attempted > 0
    assert results.failed == 0, "".join(report)


def test_the_complete_program_runs(
    rectifierd: RectifierdProcess,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("RECTIFIER_TARGET", rectifierd.unix_target)
    runpy.run_path(str(FOLDER / "examples/evaluate.py"))
    lines = capsys.readouterr().out.splitlines()
    assert lines[:3] == [
        "relu -4.000000 +0.000000 +0.000000",
        "relu -3.000000 +0.000000 +0.000000",
        "relu -2.000000 +0.000000 +0.000000",
    ]
    assert len(lines) == 27
