"""The panels on calls: how many there are, which fail, how long they take."""

from __future__ import annotations

from dashboard_panel import HEAT_MAP, NUMBER, RATE, STATES, Panel, Query, Row, by, of, rate, total
from recording_rules import LIMIT_USED
from server_series import AVAILABLE, FAILURES, IN_TIME, SECONDS, SERVICE

_CODES = FAILURES.replace("|", ", ")
_HANDLED = "grpc_server_handled_total"
_BUCKETS = "grpc_server_handling_seconds_bucket"
_PHASE = "rectifier_phase_seconds"
_EVALUATE = (SERVICE, 'grpc_method="Evaluate"')
_FAILED = rate(_HANDLED, SERVICE, f'grpc_code=~"{FAILURES}"')
_FAILED_SHARE = f"sum({_FAILED}) / sum({rate(_HANDLED, SERVICE)})"
_HTTP_ERRORS = by("status", rate("rectifier_http_responses_total", 'status!="200"')) + " > 0"
_FAST = rate(_BUCKETS, *_EVALUATE, f'le="{SECONDS}"')
_EVALUATES = rate("grpc_server_handling_seconds_count", *_EVALUATE)
_SLOW_SHARE = f"1 - sum({_FAST}) / sum({_EVALUATES})"


def _quantile(quantile: float, buckets: str) -> str:
    return f"histogram_quantile({quantile}, {buckets})"


def _quantiles(buckets: str) -> tuple[Query, ...]:
    return tuple(Query(_quantile(q, buckets), f"p{q * 100:.4g}") for q in (0.5, 0.9, 0.99))


_FIRING = 'ALERTS{alertname=~"Rectifier.*",alertstate="firing"}'
_OVERVIEW = (
    Panel(
        "Servers ready",
        "Servers whose readiness says SERVING. A server that drains is not ready.",
        (Query(total(of("rectifier_ready"))),),
        "none",
    ),
    Panel(
        "Calls",
        "Calls that end, of all methods.",
        (Query(total(rate(_HANDLED, SERVICE))),),
        "reqps",
    ),
    Panel(
        "Calls that failed",
        f"The share of calls that end with {_CODES}: what a caller can get who does nothing wrong. "
        f"The objective is less than {1 - AVAILABLE:.1%}.",
        (Query(_FAILED_SHARE),),
        "percentunit",
        warns_at=1 - AVAILABLE,
        fails_at=14.4 * (1 - AVAILABLE),
    ),
    Panel(
        "Evaluate, p99",
        "99 of 100 Evaluates are over in this time.",
        (Query(_quantile(0.99, by("le", rate(_BUCKETS, *_EVALUATE)))),),
        "s",
    ),
    Panel(
        "Fullest limit",
        "The largest share in use of any limit, on any server.",
        (Query(f"max({of(LIMIT_USED)})"),),
        "percentunit",
        warns_at=0.75,
        fails_at=0.9,
    ),
    Panel(
        "Alerts that fire",
        "How many alerts fire; RUNBOOK.md tells what each means.",
        (Query(f"count({_FIRING}) or vector(0)"),),
        "none",
        warns_at=1,
    ),
)

_TRAFFIC = (
    Panel(
        "Calls by method",
        "Calls that end. Those of methods that do not exist are `other`.",
        (Query(by("grpc_method", rate(_HANDLED)), "{{grpc_method}}"),),
        "reqps",
        width=6,
    ),
    Panel(
        "Calls by server",
        "Callers that balance by themselves spread their calls evenly.",
        (Query(by("instance", rate(_HANDLED, SERVICE)), "{{instance}}"),),
        "reqps",
        width=6,
    ),
    Panel(
        "Payload",
        "Bytes of requests and replies that carry tensors, by the way that they take. `buffer` is "
        "memory that callers share with the server.",
        (
            Query(
                by("direction, transport", rate("rectifier_payload_bytes_total")),
                "{{direction}}, {{transport}}",
            ),
        ),
        "Bps",
        width=6,
    ),
    Panel(
        "Messages",
        "Messages of all calls; a stream has many.",
        (
            Query(total(rate("grpc_server_msg_received_total")), "received"),
            Query(total(rate("grpc_server_msg_sent_total")), "sent"),
        ),
        "mps",
        width=6,
    ),
    Panel(
        "Calls by code, but for OK",
        "InvalidArgument is a caller's mistake; Internal is a defect of the server. Beside them "
        "responses of HTTP by status, which are calls as well, or no calls yet.",
        (
            Query(by("grpc_code", rate(_HANDLED, 'grpc_code!="OK"')) + " > 0", "{{grpc_code}}"),
            Query(_HTTP_ERRORS, "HTTP {{status}}"),
        ),
        "reqps",
    ),
    Panel(
        "Calls turned away",
        "By the budget that is used up; `queue` is for those who would wait too long, and "
        "`draining` is normal while a server stops.",
        (Query(by("reason", rate("rectifier_rejected_total")) + " > 0", "{{reason}}"),),
        "reqps",
    ),
    Panel(
        "Calls denied or given up",
        "Callers without a valid token or certificate, and those who do not send or take in time.",
        (
            Query(by("reason", rate("rectifier_denied_total")), "denied: {{reason}}"),
            Query(by("reason", rate("rectifier_timeouts_total")), "given up: {{reason}}"),
        ),
        "reqps",
    ),
    Panel(
        "Calls by caller",
        "By the name of the token or certificate; without these all are anonymous.",
        (Query(by("caller", rate("rectifier_caller_calls_total")), "{{caller}}"),),
        "reqps",
    ),
    Panel(
        "Calls begun and ended",
        "Where more calls begin than end for long, calls pile up.",
        (
            Query(total(rate("grpc_server_started_total")), "begun"),
            Query(total(rate(_HANDLED)), "ended"),
        ),
        "reqps",
    ),
    Panel(
        "Alerts",
        "When which alert fired.",
        (Query(f"max by (alertname) ({_FIRING})", "{{alertname}}"),),
        "none",
        STATES,
    ),
)

_LATENCY = (
    Panel(
        "How long Evaluates take",
        "Each column counts the Evaluates that ended at that time, by how long they took.",
        (Query(f"sum by (le) (increase({of(_BUCKETS, *_EVALUATE)}[{RATE}]))", "{{le}}"),),
        "s",
        HEAT_MAP,
        width=16,
        height=9,
    ),
    Panel(
        "Quantiles of Evaluate",
        "So many of 100 Evaluates are over in this time.",
        _quantiles(by("le", rate(_BUCKETS, *_EVALUATE))),
        "s",
        height=9,
    ),
    Panel(
        "Where an Evaluate spends its time",
        "The mean of each phase: decode is from bytes to views, queue the wait for the engine, "
        "compute the arithmetic, encode from results to the message.",
        (
            Query(
                by("phase", rate(f"{_PHASE}_sum")) + " / " + by("phase", rate(f"{_PHASE}_count")),
                "{{phase}}",
            ),
        ),
        "s",
        is_stacked=True,
    ),
    Panel(
        "p99 of each phase",
        "99 of 100 Evaluates spend no longer in it.",
        (Query(_quantile(0.99, by("le, phase", rate(f"{_PHASE}_bucket"))), "{{phase}}"),),
        "s",
    ),
    Panel(
        "Failed, and slow",
        f"The shares that the objectives bound: {1 - AVAILABLE:.1%} of calls may fail, and "
        f"{1 - IN_TIME:.0%} of Evaluates take longer than {SECONDS} s.",
        (Query(_FAILED_SHARE, "failed"), Query(_SLOW_SHARE, f"longer than {SECONDS} s")),
        "percentunit",
    ),
)


def _numbers(panels: tuple[Panel, ...]) -> tuple[Panel, ...]:
    return tuple(
        Panel(
            each.title,
            each.description,
            each.queries,
            each.unit,
            NUMBER,
            width=24 // len(panels),
            height=4,
            warns_at=each.warns_at,
            fails_at=each.fails_at,
        )
        for each in panels
    )


CALL_ROWS = (
    Row("Overview", _numbers(_OVERVIEW)),
    Row("Traffic and errors", _TRAFFIC),
    Row("Latency", _LATENCY),
)
