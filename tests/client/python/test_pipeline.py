"""The example that computes steps of a pipeline and checks them by itself."""

import json
import os
import subprocess
import sys
from pathlib import Path

from rectifierd_process import RectifierdProcess

EXAMPLE = Path(__file__).parents[3] / "client/python/examples/pipeline.py"


def run(target: str, *options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(EXAMPLE), *options],
        env={**os.environ, "RECTIFIER_TARGET": target},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_each_step_prints_a_line(rectifierd: RectifierdProcess) -> None:
    for target in (rectifierd.unix_target, rectifierd.tcp_target):
        ended = run(target, "--steps=2", "--elements=100000")
        assert ended.returncode == 0, ended.stderr
        assert [json.loads(line)["step"] for line in ended.stdout.splitlines()] == [0, 1]


def test_it_says_that_there_is_no_server(tmp_path: Path) -> None:
    ended = run(f"unix:{tmp_path}/nobody.sock", "--wait=0.1")
    assert ended.returncode == 1
    assert ended.stderr == "no server is ready after 0.1 seconds\n"
