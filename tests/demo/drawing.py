"""Tables and bars for a terminal."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

EIGHTHS = " ▏▎▍▌▋▊▉█"
HEIGHTS = "▁▂▃▄▅▆▇█"
SHADES = " ░▒▓█"


def bar(fraction: float, width: int) -> str:
    """A bar of this fraction of `width`, to an eighth of a character; anything above 0 shows."""
    eighths = max(round(fraction * width * 8), 1 if fraction > 0 else 0)
    return "█" * (eighths // 8) + EIGHTHS[eighths % 8].strip()


def histogram_line(values: NDArray[np.float32], width: int) -> str:
    """How the values are spread from the least to the greatest; a bin without any is blank."""
    counts, _ = np.histogram(values, bins=width)
    ranks = np.ceil(np.sqrt(counts / counts.max()) * len(HEIGHTS)).astype(int)
    return "".join((" " + HEIGHTS)[rank] for rank in ranks)


def picture(pixels: NDArray[np.float64]) -> list[str]:
    """An image of values from 0 to 1, two characters a pixel."""
    shades = np.round(pixels * (len(SHADES) - 1)).astype(int)
    return ["".join(SHADES[shade] * 2 for shade in row) for row in shades]


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Columns as wide as their widest cell; the first to the left, the others to the right."""
    lines = [header, *rows]
    widths = [max(len(line[i]) for line in lines) for i in range(len(header))]
    text = []
    for line in lines:
        cells = [line[0].ljust(widths[0])]
        cells += [cell.rjust(width) for cell, width in zip(line[1:], widths[1:], strict=True)]
        text.append("  " + "   ".join(cells).rstrip())
    text.insert(1, "  " + "─" * (sum(widths) + 3 * (len(widths) - 1)))
    return "\n".join(text)
