"""./dev bench kernels: runs kernels_benchmark and makes tables of what it prints."""

from __future__ import annotations

import argparse
import json
import shlex
from collections.abc import Iterator
from pathlib import Path

import benchmark_process
import machine
import speed_plot
import tables
import timings
from benchmark_process import Record
from timings import ONEDNN, PYTORCH

PACKAGES = {ONEDNN: "libdnnl-dev", PYTORCH: "libtorch-dev"}


def main() -> None:
    options = _parse()
    lines = list(_run(options))
    measured = timings.read(lines)
    command = shlex.join(["./dev", "bench", "kernels", *_arguments(options)])
    versions = {
        peer: machine.package_version(package) or "of unknown version"
        if peer in measured.run["sides"]
        else None
        for peer, package in PACKAGES.items()
    }
    setting = tables.Setting(command, machine.description(), machine.today(), versions)
    text = tables.text(measured, setting)
    print(text, end="")
    if options.json:
        options.json.write_text(_json(lines, setting))
    if options.write:
        speed_plot.PAGE.write_text(tables.page(text))
        speed_plot.write()


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="./dev bench kernels",
        description="Times every activation beside memcpy, oneDNN and PyTorch.",
        epilog="A whole run takes some minutes.",
    )
    parser.add_argument("--filter", metavar="REGEX", default="", help="activations by name")
    parser.add_argument("--quick", action="store_true", help="few rounds, float32 alone")
    parser.add_argument(
        "--upstream", action="store_true", help="let us read an upstream too, as peers always do"
    )
    parser.add_argument("--json", metavar="FILE", type=Path, help="write all timings there")
    parser.add_argument("--write", action="store_true", help="write RESULTS.md and its plot")
    parser.add_argument("--peers", action="store_true", help="install libtorch first: 200 MB")
    parser.add_argument("binary", type=Path, help=argparse.SUPPRESS)  # ./dev passes it
    options = parser.parse_args()
    if options.write and (options.filter or options.quick or options.upstream):
        parser.error("--write is for a whole run: without --filter, --quick and --upstream")
    return options


def _arguments(options: argparse.Namespace) -> list[str]:
    arguments = [f"--filter={options.filter}"] if options.filter else []
    arguments += ["--quick"] if options.quick else []
    return arguments + (["--upstream"] if options.upstream else [])


def _run(options: argparse.Namespace) -> Iterator[str]:
    return benchmark_process.lines([options.binary, *_arguments(options)], _progress)


def _progress(record: Record) -> str | None:
    return f"{record['activation']} {record['type']}" if "activation" in record else None


def _json(lines: list[str], setting: tables.Setting) -> str:
    run, *records = map(json.loads, lines)
    about = {"command": setting.command, "machine": setting.machine, "date": setting.date}
    whole = {**about, "versions": setting.versions, "run": run, "timings": records}
    return json.dumps(whole, indent=1) + "\n"


if __name__ == "__main__":
    main()
