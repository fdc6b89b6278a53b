"""What follows from results.json: RESULTS.md, its picture, and a caption in the README at the root.

Needs no peer: `./dev compare --write` and `./dev generate` call it.
"""

from __future__ import annotations

from pathlib import Path

import comparison_file
import error_plot
import marked_section
import report
from comparison_file import Run

FOLDER = Path(__file__).resolve().parent
RESULTS = FOLDER / "results.json"
PAGE = FOLDER / "RESULTS.md"
PLOT = FOLDER / "plots/worst_errors.svg"
README = FOLDER.parents[2] / "README.md"
SECTION = "compare"

HEAD = """\
# Worst errors of peers, beside ours

`./dev compare --write` measures and writes this page; [README.md](README.md) says how. The figures
are [results.json](results.json).

![the worst errors of Rectifier and its peers](plots/worst_errors.svg)

"""
MORE = (
    "All had the same inputs; [the whole comparison](tests/numerics/compare/RESULTS.md) has more."
)


def pages(run: Run) -> dict[Path, str]:
    """Each file as it ought to be."""
    peers = [peer.name for peer in run.peers if peer.version]
    caption = report.header(run.peers, run.setting) + "\n" + MORE
    return {
        PAGE: HEAD + report.whole(run.comparisons, run.peers, run.setting),
        PLOT: error_plot.plot(run.comparisons, peers),
        README: marked_section.replaced(README.read_text(), SECTION, caption),
    }


def write() -> None:
    for path, content in pages(comparison_file.read(RESULTS)).items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(content)


if __name__ == "__main__":
    write()
