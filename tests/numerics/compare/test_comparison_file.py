"""What a run found comes back from results.json, and says the same."""

from __future__ import annotations

import json
import math
from pathlib import Path

import comparison_file
import report
from comparison import Comparison, Example, Peer, Subject
from comparison_file import Run
from ulp import Worst

PEERS = [Peer("PyTorch", "1.13.1", Path("nowhere")), Peer("JAX", None, Path("nowhere"))]
SETTING = report.Setting(
    "./dev compare", "A processor", "2026-01-02", {"float32": 1000, "bfloat16": 100}
)


def _comparison(theirs: Worst, example: Example | None) -> Comparison:
    subject = Subject("gelu", "value", "float32")
    return Comparison(subject, Worst(0.5, 1.0, 1.0, 1.0), {"PyTorch": theirs}, example)


def test_a_run_comes_back_and_says_the_same(tmp_path: Path) -> None:
    comparisons = [
        _comparison(Worst(2.0**24, -5.5, 0.0, -1e-7), Example(-5.5, -1e-7, -1e-7, {"PyTorch": 0})),
        _comparison(Worst(math.inf, 3.0, math.nan, 1.0), Example(3, 1, 1, {"PyTorch": math.nan})),
        _comparison(Worst(math.inf, 4.0, math.inf, 1.0), None),
    ]
    file = tmp_path / "results.json"
    file.write_text(comparison_file.text_of(Run(SETTING, PEERS, comparisons)))

    run = comparison_file.read(file)

    expected = report.whole(comparisons, PEERS, SETTING)
    assert report.whole(run.comparisons, run.peers, run.setting) == expected
    assert "NaN near 3" in expected
    assert "inf near 4" in expected


def test_the_file_is_plain_json() -> None:
    run = Run(SETTING, PEERS, [_comparison(Worst(math.inf, 3.0, math.nan, 1.0), None)])

    def refuse(word: str) -> None:
        raise ValueError(word)

    assert json.loads(comparison_file.text_of(run), parse_constant=refuse)
