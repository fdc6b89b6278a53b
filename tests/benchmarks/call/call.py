"""./dev bench call: what a call of 64 B costs a server beside gRPC's floor, counted, not timed."""

from __future__ import annotations

import argparse
import shlex
import sys
from pathlib import Path

import call_page
import counts
import machine
import marked_section
from sides import sides

ROOT = Path(__file__).resolve().parents[3]
RESULTS = Path(__file__).with_name("RESULTS.md")
SECTION = "call"
SMOKE_CALLS = 20


def main() -> None:
    options = _parse()
    if options.write:
        marked_section.require(RESULTS, SECTION)  # before the work, not after
    all_sides = sides(options.rectifierd, options.binaries)
    reply_bytes = counts.reply_bytes_of(all_sides[-1])
    measured = {}
    for side in all_sides:
        print(f"{side.name} ...", file=sys.stderr)
        calls = SMOKE_CALLS if options.smoke else counts.CALLS
        measured[side.name] = counts.of(side, reply_bytes, ROOT, calls)
    setting = call_page.Setting(
        shlex.join(["./dev", "bench", "call"]),
        machine.description(),
        machine.today(),
        machine.package_version("libgrpc++1.51"),
        machine.package_version("valgrind"),
    )
    text = call_page.text(measured, setting)
    print(text, end="")
    if options.write:
        marked_section.write(RESULTS, SECTION, text)


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="./dev bench call",
        description="Counts what a call of 64 B costs a server beside gRPC's floor.",
        epilog="A run takes half a minute.",
    )
    parser.add_argument("--smoke", action="store_true", help="a few calls: proves that it runs")
    parser.add_argument("--write", action="store_true", help="put the tables into RESULTS.md")
    parser.add_argument("--rectifierd", type=Path, required=True, help=argparse.SUPPRESS)
    parser.add_argument("binaries", type=Path, help=argparse.SUPPRESS)  # ./dev passes both
    options = parser.parse_args()
    if options.write and options.smoke:
        parser.error("--write is for a whole run: without --smoke")
    return options


if __name__ == "__main__":
    main()
