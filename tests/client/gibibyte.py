"""./dev test gibibyte: 1 GiB through the default call of each client, beside the command.

The clients are called by the programs of tests/benchmarks/clients, as their users call them. The
input has every kind of float32, NaNs and subnormals among them. The bits of the results must be
those that the command writes. Node and Java must do with the two arrays and half a GiB beside them.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from drivers import HERE, NAMES, BuildError, build, environment_for
from rectifierd_process import RectifierdProcess

COUNT = 1 << 28
STEP = 1 << 20
# Peaks of resident memory: other clients hold what the server shares, too, which is the results.
BOUND = 2 * 4 * COUNT + (512 << 20)
BOUNDED = ("java", "node")


def main() -> None:
    options = _parse()
    failed = []
    with (
        tempfile.TemporaryDirectory(dir=options.work) as folder,
        RectifierdProcess(str(options.binaries / "rectifierd")) as server,
    ):
        environment = environment_for(server.unix_target, options.binaries)
        expected = _by_the_command(options.binaries / "rectifier", environment, Path(folder))
        for language in options.languages:
            reason = _try(language, environment, expected, Path(folder) / "y")
            if reason is not None:
                failed.append(f"{NAMES[language]}: {reason}")
    if failed:
        sys.exit("\n".join(failed))


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./dev test gibibyte", description=__doc__)
    parser.add_argument("--work", type=Path, required=True, help="a folder with 3 GiB to spare")
    parser.add_argument("binaries", type=Path)
    parser.add_argument("languages", nargs="*", metavar="LANGUAGE", help="all, where none is given")
    options = parser.parse_args()
    options.languages = options.languages or list(NAMES)
    for language in options.languages:
        if language not in NAMES:
            parser.error(f'unknown language "{language}"; allowed: {" ".join(NAMES)}')
    options.work = options.work.resolve()
    options.work.mkdir(parents=True, exist_ok=True)
    return options


def _by_the_command(command: Path, environment: dict[str, str], folder: Path) -> Path:
    """The file of its results."""
    x = np.lib.format.open_memmap(folder / "x.npy", "w+", np.float32, (COUNT,))
    for begin in range(0, COUNT, STEP):
        bits = np.arange(begin, begin + STEP, dtype=np.uint32) * np.uint32(2654435761)
        x[begin : begin + STEP] = bits.view(np.float32)
    x.flush()
    del x
    begin = time.monotonic()
    words = ["eval", "gelu", "-i", folder / "x.npy", "-o", folder / "expected.npy"]
    subprocess.run([command, *words], env=environment, check=True, stdout=subprocess.DEVNULL)
    print(f"{'command':8} {time.monotonic() - begin:5.1f} s", flush=True)
    (folder / "x.npy").unlink()
    return folder / "expected.npy"


def _try(language: str, environment: dict[str, str], expected: Path, file: Path) -> str | None:
    """What is wrong."""
    try:
        left_out = build(language, environment)
    except BuildError as error:
        return str(error)
    if left_out is not None:
        return f"left out: {left_out}"
    begin = time.monotonic()
    process = subprocess.Popen(
        [HERE / language / "driver", "run", str(COUNT), file], env=environment
    )
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    peak = usage.ru_maxrss << 10
    seconds = time.monotonic() - begin
    print(f"{NAMES[language]:8} {seconds:5.1f} s, at most {peak / (1 << 30):.2f} GiB", flush=True)
    if process.returncode != 0:
        return f"it ended with {process.returncode}"
    different = _first_difference(file, expected)
    file.unlink()
    if different is not None:
        return f"element {different} is another than the command's"
    if language in BOUNDED and peak > BOUND:
        return f"it took {peak} bytes of memory; {BOUND} would do"
    return None


def _first_difference(file: Path, expected: Path) -> int | None:
    if file.stat().st_size != 4 * COUNT:
        return file.stat().st_size // 4
    y = np.memmap(file, np.uint32, "r")
    z = np.load(expected, mmap_mode="r").view(np.uint32)
    for begin in range(0, COUNT, STEP):
        unequal = np.flatnonzero(y[begin : begin + STEP] != z[begin : begin + STEP])
        if unequal.size:
            return begin + int(unequal[0])
    return None


if __name__ == "__main__":
    main()
