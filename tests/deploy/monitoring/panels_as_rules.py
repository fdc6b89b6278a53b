"""Writes every expression of the dashboard as a rule, which promtool can check.

panels_as_rules.py FILE     # promtool check rules FILE
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from all_expressions import filled_in, of_panels


def rules() -> str:
    expressions = [filled_in(expression) for _, expression in of_panels()]
    entries = [
        {"record": f"panel:query:number{index}", "expr": expression}
        for index, expression in enumerate(expressions)
    ]
    return json.dumps({"groups": [{"name": "panels", "rules": entries}]}, indent=1)


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(rules())
