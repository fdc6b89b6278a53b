"""./dev bench clients: what a call costs through each client, beside the C++ client."""

from __future__ import annotations

import argparse
import contextlib
import os
import shlex
import sys
from pathlib import Path

import client_tables
import machine
import marked_section
from client_tables import SIZES, Setting
from drivers import NAMES, REFERENCE, BuildError, Driver, build, environment_for
from quantities import size
from rectifierd_process import RectifierdProcess

RESULTS = Path(__file__).with_name("RESULTS.md")
SECTION = "clients"
# By scope: rounds, and the seconds of a turn.
_EFFORTS = {"whole": (15, 0.3), "quick": (5, 0.1), "smoke": (1, 0.0)}
_MOST_CALLS = 2000


def main() -> None:
    options = _parse()
    if options.write:
        marked_section.require(RESULTS, SECTION)  # before the work, not after
    rounds, seconds = _EFFORTS[options.scope]
    load = os.getloadavg()[0]
    with RectifierdProcess(str(options.rectifierd)) as server:
        environment = environment_for(server.unix_target, options.binaries)
        left_out = _build(options.languages, environment)
        present = [one for one in options.languages if one not in left_out]
        sizes = SIZES[:2] if options.scope == "smoke" else SIZES
        times = _measure(present, environment, sizes, rounds, seconds)
    setting = Setting(
        shlex.join(["./dev", "bench", "clients", *_shown(options)]),
        machine.description(),
        machine.today(),
        load,
        rounds,
        left_out,
    )
    text = client_tables.text(times, setting)
    print(text, end="")
    if options.write:
        marked_section.write(RESULTS, SECTION, text)


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="./dev bench clients",
        description="Calls through each client, in turns, beside the C++ client.",
    )
    scopes = parser.add_mutually_exclusive_group()
    for scope, description in (
        ("quick", "fewer rounds, shorter turns"),
        ("smoke", "one call of every client and small size: proves that it runs"),
    ):
        scopes.add_argument(
            f"--{scope}", dest="scope", action="store_const", const=scope, help=description
        )
    parser.set_defaults(scope="whole")
    parser.add_argument("--write", action="store_true", help="put the tables into RESULTS.md")
    parser.add_argument("--rectifierd", metavar="PATH", type=Path, required=True)
    parser.add_argument("binaries", type=Path, help=argparse.SUPPRESS)  # ./dev passes both
    parser.add_argument("languages", nargs="*", metavar="LANGUAGE", help="all, where none is given")
    options = parser.parse_intermixed_args()
    for language in options.languages:
        if language not in NAMES:
            parser.error(f'unknown language "{language}"; allowed: {" ".join(NAMES)}')
    if options.write and (options.scope != "whole" or options.languages):
        parser.error("--write is for a whole run: without --quick, --smoke and languages")
    chosen = options.languages or list(NAMES)
    options.languages = [REFERENCE, *(one for one in NAMES if one in chosen and one != REFERENCE)]
    return options


def _shown(options: argparse.Namespace) -> list[str]:
    """The arguments that the figures depend on."""
    scope = [f"--{options.scope}"] if options.scope != "whole" else []
    others = options.languages if len(options.languages) < len(NAMES) else []
    return scope + others


def _build(languages: list[str], environment: dict[str, str]) -> dict[str, str]:
    """By language that has no toolchain: what would bring it."""
    left_out = {}
    for language in languages:
        _tell(f"building {NAMES[language]}")
        try:
            reason = build(language, environment)
        except BuildError as error:
            sys.exit(str(error))
        if reason is not None:
            left_out[language] = reason
    return left_out


def _measure(
    languages: list[str],
    environment: dict[str, str],
    sizes: tuple[int, ...],
    rounds: int,
    seconds: float,
) -> dict[int, dict[str, list[float]]]:
    times: dict[int, dict[str, list[float]]] = {}
    with contextlib.ExitStack() as running:
        drivers = [running.enter_context(Driver(one, environment)) for one in languages]
        for count in sizes:
            times[count] = {one: [] for one in languages}
            calls = {driver.language: _calibrate(driver, count, seconds) for driver in drivers}
            for number in range(rounds):
                _tell(f"{size(count)}, round {number + 1} of {rounds}")
                for driver in drivers:
                    turn = driver.turn(count, calls[driver.language])
                    times[count][driver.language].append(turn)
    _tell("")
    return times


def _calibrate(driver: Driver, count: int, seconds: float) -> int:
    """How many calls make a turn of so many seconds, once the client is warm."""
    if not seconds:
        return 1
    driver.turn(count, 1)
    calls = 1
    while True:
        needed = seconds / driver.turn(count, calls)
        if calls >= min(needed, _MOST_CALLS) / 2:
            return max(1, min(round(needed), _MOST_CALLS))
        calls = min(calls * 4, _MOST_CALLS)


def _tell(what: str) -> None:
    if sys.stderr.isatty():
        print(f"\r\033[K{what}", end="", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
