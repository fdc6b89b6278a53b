"""The examples that train a network whose activations all go through the server."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from optional import optional
from rectifierd_process import RectifierdProcess

EXAMPLES = Path(__file__).parents[3] / "client/python/examples"


@pytest.mark.parametrize(
    ("name", "needed"), [("digits.py", "sklearn"), ("digits_torch.py", "torch")]
)
def test_the_digits_are_learned(name: str, needed: str, rectifierd: RectifierdProcess) -> None:
    optional("sklearn", "python3-sklearn")
    optional(needed, f"python3-{needed}")
    command = [sys.executable, str(EXAMPLES / name), rectifierd.unix_target]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    print(ended.stdout)
    assert ended.returncode == 0, ended.stderr
    match = re.fullmatch(
        r"accuracy (0\.\d+); the slopes of PReLU moved by up to (\d\.\d+)\n", ended.stdout
    )
    assert match is not None, ended.stdout
    accuracy, moved = map(float, match.groups())
    assert accuracy >= 0.94
    assert moved >= 0.01
