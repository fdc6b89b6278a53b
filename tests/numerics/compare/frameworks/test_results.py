from __future__ import annotations

from pathlib import Path

import numpy as np
import results


def test_results_come_back(tmp_path: Path) -> None:
    file = tmp_path / "results.npz"
    array = np.array([0.5, np.nan], np.float32)
    written = results.Results("1.0", {"relu"}, [{("float32", "gradient by a/b"): array}, {}])

    results.write(file, written)
    read = results.read(file)

    assert (read.version, read.names) == (written.version, written.names)
    assert [list(case) for case in read.cases] == [[("float32", "gradient by a/b")], []]
    np.testing.assert_array_equal(read.cases[0]["float32", "gradient by a/b"], array)
