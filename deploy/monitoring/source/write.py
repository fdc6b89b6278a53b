"""Writes the files of deploy/monitoring that are generated.

PYTHONPATH=deploy/monitoring/source /usr/bin/python3 deploy/monitoring/source/write.py
"""

from __future__ import annotations

from pathlib import Path

from grafana import grafana_json
from rule_files import prometheus_rule, rules
from runbook import runbook

FOLDER = Path(__file__).resolve().parents[1]


def files() -> dict[str, str]:
    """What each file below FOLDER holds."""
    return {
        "prometheus/rules.yml": rules(),
        "prometheus/prometheus-rule.yaml": prometheus_rule(),
        "RUNBOOK.md": runbook(),
        "grafana/rectifier.json": grafana_json(),
    }


def main() -> None:
    for name, content in files().items():
        (FOLDER / name).write_text(content)


if __name__ == "__main__":
    main()
