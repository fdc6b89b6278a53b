"""Writes all cases as files of promtool's unit tests, one for each step of time.

rule_cases.py RULES FOLDER     # promtool test rules FOLDER/*.json
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from caller_cases import CALLER_CASES
from objective_cases import OBJECTIVE_CASES
from rule_case import Case, unit_test
from rule_files import ALERTS, GROUPS
from server_alert_cases import SERVER_CASES

CASES: list[Case] = [*SERVER_CASES, *OBJECTIVE_CASES, *CALLER_CASES]


def unit_tests(rules: Path) -> dict[str, str]:
    """By step. JSON is YAML, too."""
    alerts = {alert.name: alert for alert in ALERTS}
    found = {}
    for step in sorted({case.step for case in CASES}):
        tests = [unit_test(case, alerts[case.alert]) for case in CASES if case.step == step]
        file = {
            "rule_files": [str(rules)],
            "evaluation_interval": step,
            "group_eval_order": GROUPS,  # else any, and alerts would see what was recorded before
            "tests": tests,
        }
        found[step] = json.dumps(file, indent=1)
    return found


def main() -> None:
    rules, folder = (Path(argument).resolve() for argument in sys.argv[1:])
    for step, content in unit_tests(rules).items():
        (folder / f"cases_{step}.json").write_text(content)


if __name__ == "__main__":
    main()
