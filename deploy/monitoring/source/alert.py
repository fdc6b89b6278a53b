"""What an alert consists of."""

from __future__ import annotations

from dataclasses import dataclass

CRITICAL = "critical"  # callers suffer now, or will within a day: wake somebody
WARNING = "warning"  # look at it in working hours


@dataclass(frozen=True)
class Alert:
    """An alert fires where `expression` has had a result for as long as `after` says.

    `summary` and `description` are Prometheus's templates; `meaning` and `remedy` are for the page
    of alerts.
    """

    name: str
    severity: str
    expression: str
    after: str
    summary: str
    description: str
    meaning: str
    remedy: str
