"""Triton's load generator as it is, against the real server, each way that it can call it.

    perf_analyzer.py [--write] COMMAND...

COMMAND starts perf_analyzer; the server is that of the environment variable RECTIFIERD. With
--write, what it prints goes into ../RESULTS.md. Fails where it does, or where calls fail.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import machine
import marked_section
from rectifierd_process import RectifierdProcess

PAGE = Path(__file__).parents[1] / "RESULTS.md"
ELEMENTS = 1024


@dataclass(frozen=True)
class Way:
    """A way to call: how it is told to perf_analyzer, and what the server has to be told."""

    name: str
    options: tuple[str, ...]
    flags: tuple[str, ...] = ()


WAYS = (
    Way("gRPC", ("-i", "grpc")),
    Way("gRPC, as a stream", ("-i", "grpc", "--streaming", "--async")),
    Way("HTTP", ("-i", "http"), ("--http_listen=127.0.0.1:0",)),
    Way(
        "gRPC, system shared memory",
        ("-i", "grpc", "--shared-memory=system", f"--output-shared-memory-size={ELEMENTS * 4}"),
        (f"--system_shared_memory_owners={os.geteuid()}",),
    ),
)
MEASURE = (
    "-m",
    "gelu",
    f"--shape=x:{ELEMENTS}",
    f"--shape=upstream:{ELEMENTS}",
    "--concurrency-range=4",
)


def run(command: list[str], way: Way, calls: int) -> str:
    """What perf_analyzer prints of so many calls, however long they take: where others are busy on
    this machine, it would wait for stable figures in vain. Errors: RuntimeError, with it.
    """
    with RectifierdProcess(os.environ["RECTIFIERD"], *way.flags) as server:
        options = [*MEASURE, f"--request-count={calls}", *way.options]
        target = server.http_address or server.tcp_target
        full = [*command, "-u", target, *options]
        done = subprocess.run(
            full,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
            timeout=300,
        )
    rates = [float(rate) for rate in re.findall(r"Throughput: ([\d.]+) infer/sec", done.stdout)]
    failed = re.search(r"[Ff]ailed|[Ee]rror", done.stdout)
    if done.returncode != 0 or failed or not rates or min(rates) <= 0:
        raise RuntimeError(
            f"{way.name}: perf_analyzer ended with {done.returncode}:\n{done.stdout}"
        )
    return done.stdout


def section(reports: dict[str, str]) -> str:
    where = f"`tests/stock/run RECTIFIERD --write`, {machine.today()}, {machine.description()}"
    parts = [f"{where}; `gelu`, {ELEMENTS} elements of FP32, all outputs of the model."]
    for name, report in reports.items():
        parts.append(f"### {name}\n\n```\n{report.strip()}\n```")
    return "\n\n".join(parts)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--write", action="store_true")
    parser.add_argument("command", nargs=argparse.REMAINDER)
    arguments = parser.parse_args()
    command = [word for word in arguments.command if word != "--"]
    reports = {}
    for way in WAYS:
        reports[way.name] = run(command, way, 20_000 if arguments.write else 400)
        for rate in re.findall(r"^Concurrency: .*", reports[way.name], re.MULTILINE):
            print(f"{way.name}: {rate}", file=sys.stderr)
    if arguments.write:
        marked_section.write(PAGE, "perf_analyzer", section(reports))


if __name__ == "__main__":
    main()
