"""./dev compare presets: every name of a framework beside ours, under its preset."""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import framework_tables
import ours
import results
from difference import Difference, differences
from explain import Explanation, explain
from framework_process import ABSENT
from rectifierd_process import RectifierdProcess

import rectifier

PROCESS = Path(__file__).resolve().parent / "framework_process.py"
DEBIAN_PYTHON = Path("/usr/bin/python3")
SHOWN = 6  # differences of a case and quantity, of those without a reason


@dataclass(frozen=True)
class Report:
    framework: str
    version: str
    table: framework_tables.Table
    explanation: Explanation
    without_case: set[str]

    def is_good(self) -> bool:
        explanation = self.explanation
        return not (explanation.undocumented or explanation.unused or self.without_case)


def main() -> None:
    options = _parse()
    options.work.mkdir(parents=True, exist_ok=True)
    good = True
    with (
        RectifierdProcess(str(options.rectifierd)) as server,
        rectifier.Client(server.unix_target) as client,
    ):
        for framework in options.frameworks or framework_tables.FRAMEWORKS:
            found = _run(framework, options)
            if found is None:
                print(f"== {framework}: not installed\n")
                good = False
                continue
            report = _compare(client, framework, found)
            print("\n".join(_lines(report, options.all)), end="\n\n")
            good = good and report.is_good()
    print("Every difference has its reason." if good else "FAILED: see above.")
    sys.exit(0 if good else 1)


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="./dev compare presets",
        description=(
            "Kinks, defaults, axes and special values of PyTorch, JAX, Keras, TensorFlow and "
            "ONNX's reference beside ours under the preset of each; fails on a difference without "
            "a reason."
        ),
    )
    parser.add_argument(
        "frameworks",
        nargs="*",
        metavar="FRAMEWORK",
        help=f"{', '.join(framework_tables.FRAMEWORKS)}; all if none",
    )
    parser.add_argument("--all", action="store_true", help="print every element that differs")
    for path in ("rectifierd", "python", "work"):  # ./dev passes these
        parser.add_argument(f"--{path}", type=Path, required=True, help=argparse.SUPPRESS)
    options = parser.parse_args()
    for framework in options.frameworks:
        if framework not in framework_tables.FRAMEWORKS:
            allowed = ", ".join(framework_tables.FRAMEWORKS)
            parser.error(f'unknown framework "{framework}"; allowed: {allowed}')
    return options


def _run(framework: str, options: argparse.Namespace) -> results.Results | None:
    """The framework's results, by the first Python that has it; None where none has."""
    file = options.work / f"{framework}.npz"
    file.unlink(missing_ok=True)
    for python in filter(Path.exists, (options.python, DEBIAN_PYTHON)):
        command = [python, PROCESS, framework, file, *framework_tables.conventions()]
        run = subprocess.run(command, stderr=subprocess.PIPE, text=True, check=False)
        if run.returncode not in (0, ABSENT):
            sys.exit(f"{run.stderr}presets: {framework} failed")
        if run.returncode == 0:
            return results.read(file)
    return None


def _compare(client: rectifier.Client, framework: str, found: results.Results) -> Report:
    table = framework_tables.table(framework)
    different: list[Difference] = []
    for each, theirs in zip(table.cases, found.cases, strict=True):
        mine = ours.evaluate(client, framework, each, table.element_types)
        different += differences(each, theirs, mine)
    return Report(
        framework,
        found.version,
        table,
        explain(different, table.expected),
        found.names - table.names(),
    )


def _lines(report: Report, every_element: bool) -> Iterable[str]:
    table, explanation = report.table, report.explanation
    count = f"{len(table.cases)} cases, {len(table.names())} names"
    yield f"== {report.framework} {report.version}: {count}"
    for name, reason in table.not_compared.items():
        yield f"  not compared: {name}: {reason}"
    for reason, explained in explanation.by_reason.items():
        yield f"  {reason}"
        yield from _elements(explained, every_element)
    for expected in explanation.unused:
        yield f"  FAILED: no longer differs: {', '.join(expected.names)}: {expected.reason}"
    for name in sorted(report.without_case):
        yield f"  FAILED: {report.framework} has {name}, which no case in its table covers"
    if explanation.undocumented:
        yield f"  FAILED: {len(explanation.undocumented)} differences without a reason"
        yield from _undocumented(explanation.undocumented, every_element)


def _elements(explained: list[Difference], every_element: bool) -> Iterable[str]:
    if every_element:
        yield from (f"    {difference}" for difference in explained)
        return
    names = dict.fromkeys(difference.case.name for difference in explained)
    yield f"    {len(explained)} times: {', '.join(names)}"


def _undocumented(differences: list[Difference], every_element: bool) -> Iterable[str]:
    """Those of one case, quantity and type together."""
    groups: dict[tuple[str, str, str, str], list[Difference]] = {}
    for difference in differences:
        key = difference.case.key, difference.quantity, difference.element_type, difference.kind
        groups.setdefault(key, []).append(difference)
    for (case, quantity, element_type, kind), group in groups.items():
        yield f"    {case}: {element_type} {quantity}, {kind}"
        shown = group if every_element else group[:SHOWN]
        yield from (f"      {each.numbers()}" for each in shown)
        if len(shown) < len(group):
            yield f"      and {len(group) - len(shown)} more"


if __name__ == "__main__":
    main()
