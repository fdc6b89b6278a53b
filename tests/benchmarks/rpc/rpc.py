"""./dev bench rpc: runs rpc_benchmark, and makes tables of what it prints for RESULTS.md."""

from __future__ import annotations

import argparse
import json
import os
import shlex
import sys
from collections.abc import Iterator
from pathlib import Path

import benchmark_process
import call_tables
import machine
import marked_section
import scale
import turns
from benchmark_process import Record
from call_tables import Setting

ROOT = Path(__file__).resolve().parents[3]
RESULTS = Path(__file__).with_name("RESULTS.md")
PLOT = Path(__file__).with_name("scale.svg")
CALLS_SECTION = "benchmark"
SCALE_SECTION = "scale"
# By scope, where it is not the program's default: how often, how long.
EFFORTS = {
    "quick": ["--rounds=3", "--turn=100ms"],
    "scale": ["--rounds=5", "--turn=300ms"],
    "smoke": ["--rounds=1", "--turn=10ms"],
}


def main() -> None:
    options = _parse()
    section = SCALE_SECTION if options.scope == "scale" else CALLS_SECTION
    if options.write:
        marked_section.require(RESULTS, section)  # before the work, not after
    lines = list(_run(options))
    measured = turns.read(lines)
    setting = Setting(
        shlex.join(["./dev", "bench", "rpc", *_shown(options)]),
        machine.description(),
        machine.today(),
        machine.package_version("libgrpc++1.51"),
    )
    text = (scale if options.scope == "scale" else call_tables).text(measured, setting)
    print(text, end="")
    if options.json:
        options.json.write_text(_json(lines, setting))
    if options.write:
        marked_section.write(RESULTS, section, text)
    if options.write and options.scope == "scale":
        PLOT.write_text(scale.plot(measured))


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="./dev bench rpc",
        description="Calls Evaluate beside the raw floor of gRPC and beside plain services.",
        epilog="A whole run takes about ten minutes.",
    )
    scopes = parser.add_mutually_exclusive_group()
    for scope, description in (
        ("quick", "fewer sizes, shorter turns: a minute or so"),
        ("smoke", "a few small calls: proves that it runs"),
        ("scale", "how time grows with sizes, evaluations, calls in flight, connections"),
    ):
        scopes.add_argument(
            f"--{scope}", dest="scope", action="store_const", const=scope, help=description
        )
    parser.set_defaults(scope="whole")
    parser.add_argument("--sides", metavar="REGEX", default="", help="sides by name")
    parser.add_argument("--activation", choices=("silu", "relu"), default="silu")
    parser.add_argument("--json", metavar="FILE", type=Path, help="write all turns there")
    parser.add_argument(
        "--write", action="store_true", help="put the tables, or table and plot, into RESULTS.md"
    )
    parser.add_argument(
        "--rectifierd", metavar="PATH", type=Path, required=True, help="another server of ours"
    )
    parser.add_argument("binaries", type=Path, help=argparse.SUPPRESS)  # ./dev passes it
    options = parser.parse_args()
    if options.write and (options.scope in ("quick", "smoke") or options.sides):
        parser.error("--write is for a whole run: without --quick, --smoke and --sides")
    return options


def _shown(options: argparse.Namespace) -> list[str]:
    """The arguments that the figures depend on."""
    arguments = [f"--{options.scope}"] if options.scope != "whole" else []
    arguments += [f"--sides={options.sides}"] if options.sides else []
    return arguments + ([f"--activation={options.activation}"] * (options.activation != "silu"))


def _command(options: argparse.Namespace) -> list[str]:
    numpy_server = Path(__file__).with_name("numpy_server.py")
    return [
        str(options.binaries / "rpc_benchmark"),
        f"--floor={options.binaries / 'rpc_floor'}",
        f"--protobuf={options.binaries / 'rpc_protobuf'}",
        f"--numpy={sys.executable},{numpy_server}",
        f"--rectifierd={options.rectifierd}",
        f"--scope={options.scope}",
        f"--sides={options.sides}",
        f"--activation={options.activation}",
        *EFFORTS.get(options.scope, []),
    ]


def _run(options: argparse.Namespace) -> Iterator[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "client/python")}  # for numpy_server.py
    return benchmark_process.lines(_command(options), _progress, environment)


def _progress(record: Record) -> str | None:
    if "study" not in record:
        return None
    return f"{record['study']} {record['tensor_bytes']} B x{record['inflight']}"


def _json(lines: list[str], setting: Setting) -> str:
    run, *records = map(json.loads, lines)
    about = {"command": setting.command, "machine": setting.machine, "date": setting.date}
    whole = {**about, "grpc": setting.grpc, "run": run, "turns": records}
    return json.dumps(whole, indent=1) + "\n"


if __name__ == "__main__":
    main()
