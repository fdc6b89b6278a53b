"""A case of an alert as promtool's unit tests take it: series over time, and what fires."""

from __future__ import annotations

from dataclasses import dataclass, field

from alert import Alert
from rule_files import RUNBOOK, anchor

TARGET = 'job="rectifier",instance="a:9464"'
SERVICE = 'grpc_service="rectifier.v1.ActivationService"'
JOB_LABELS = {"job": "rectifier"}
TARGET_LABELS = {**JOB_LABELS, "instance": "a:9464"}


@dataclass(frozen=True)
class Fires:
    """The labels of the one alert that fires, without its severity, and what it says."""

    summary: str
    labels: dict[str, str] = field(default_factory=lambda: TARGET_LABELS)
    description: str = ""  # where it differs from the template


@dataclass(frozen=True)
class Case:
    """Samples, `step` apart, in promtool's notation (`0+3x10`), and what they lead to."""

    alert: str
    why: str
    at: str
    series: dict[str, str]
    fires: Fires | None = None
    step: str = "1m"


def unit_test(case: Case, alert: Alert) -> dict[str, object]:
    return {
        "name": f"{case.alert}: {case.why}",
        "interval": case.step,
        "input_series": [
            {"series": name, "values": values} for name, values in case.series.items()
        ],
        "alert_rule_test": [
            {"eval_time": case.at, "alertname": case.alert, "exp_alerts": _expected(case, alert)}
        ],
    }


def of(metric: str, **labels: str) -> str:
    """A series of the one target."""
    more = "".join(f',{name}="{value}"' for name, value in labels.items())
    return f"{metric}{{{TARGET}{more}}}"


def of_call(metric: str, **labels: str) -> str:
    """The same of Evaluate."""
    more = "".join(f',{name}="{value}"' for name, value in labels.items())
    call = f'grpc_type="unary",{SERVICE},grpc_method="Evaluate"'
    return f"{metric}{{{TARGET},{call}{more}}}"


def _expected(case: Case, alert: Alert) -> list[dict[str, object]]:
    if case.fires is None:
        return []
    annotations = {
        "summary": case.fires.summary,
        "description": case.fires.description or alert.description,
        "runbook_url": f"{RUNBOOK}#{anchor(alert)}",
    }
    labels = {**case.fires.labels, "severity": alert.severity}
    return [{"exp_labels": labels, "exp_annotations": annotations}]
