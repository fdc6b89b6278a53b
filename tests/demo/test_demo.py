"""The demo itself, with the binaries in the folder that the environment variable BINARIES names."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import references
from make_tensors import DATA

DEMO = Path(__file__).parent / "demo.py"
BINARIES = Path(os.environ["BINARIES"])

# Stands before the real command, and changes one number of what it wrote.
TAMPERING_COMMAND = f"""#!{sys.executable}
import subprocess, sys
import numpy as np
subprocess.run(["{BINARIES}/rectifier", *sys.argv[1:]], check=True)
path = sys.argv[-1] + ".value.npy"
tensor = np.load(path)
tensor[3, 5] += 0.125
np.save(path, tensor)
"""


def run_demo(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, DEMO, folder], capture_output=True, text=True, timeout=300
    )


def test_the_demo_shows_every_section_and_a_clean_stop() -> None:
    done = run_demo(BINARIES)
    assert done.returncode == 0, done.stderr
    for name in (*references.ELEMENTWISE, "dL/dslope", "softmax", "calls, ", "with exit code 0"):
        assert name in done.stdout, done.stdout


def test_a_wrong_number_fails_the_demo(tmp_path: Path) -> None:
    (tmp_path / "rectifierd").symlink_to(BINARIES / "rectifierd")
    (tmp_path / "rectifier").write_text(TAMPERING_COMMAND)
    (tmp_path / "rectifier").chmod(0o755)
    done = run_demo(tmp_path)
    assert done.returncode == 1
    assert "error of" in done.stderr


def test_worst_error_counts_units_in_the_last_place() -> None:
    x = np.load(DATA / "pre_activations.npy")
    assert references.worst_error(x, x.astype(np.float64)) == 0
    assert references.worst_error(np.nextafter(x, np.float32(9)), x.astype(np.float64)) >= 1
