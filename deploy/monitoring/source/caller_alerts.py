"""The alerts on callers who are turned away or misbehave, on certificates and on the log."""

from __future__ import annotations

from alert import CRITICAL, WARNING, Alert
from server_series import SERVICE

_STARTED = f"rate(grpc_server_started_total{{{SERVICE}}}[5m])"
_ALL_STARTED = f"sum without (grpc_method, grpc_service, grpc_type) ({_STARTED})"
_REJECTED = 'rectifier_rejected_total{reason!="draining"}'
_REFUSED = "sum without (transport) (rate(rectifier_connections_refused_total[5m]))"
_ENDED = "sum without (transport) (increase(rectifier_connections_ended_total[15m]))"
_FAILED_RELOADS = 'increase(rectifier_credential_reloads_total{result="failed"}[10m])'
_TIME_LEFT = "(rectifier_tls_certificate_expiry_timestamp_seconds > 0) - time()"
_DAY = 24 * 60 * 60
_EXPIRES = "The certificate of {{ $labels.instance }} expires in {{ $value | humanizeDuration }}"


def _share_of_calls(counter: str) -> str:
    """By reason, as a part of all calls that begin."""
    return f"rate({counter}[5m])\n/ ignoring (reason) group_left {_ALL_STARTED}"


CALLERS = [
    Alert(
        name="RectifierTurnsCallsAway",
        severity=WARNING,
        expression=f"{_share_of_calls(_REJECTED)} > 0.01",
        after="2m",
        summary=(
            "{{ $labels.instance }} turns {{ $value | humanizePercentage }} of its calls away: "
            "{{ $labels.reason }}"
        ),
        description="Callers get RESOURCE_EXHAUSTED at once, with a time to wait.",
        meaning=(
            "More than one call in a hundred gets `RESOURCE_EXHAUSTED`, because a budget is used "
            "up. The label `reason` names it: one of all callers (`inflight_calls`, "
            "`inflight_bytes`, `streams`), of one connection (`connection_...`), of a token "
            "(`caller_...`), or `queue`, where calls would wait for more than half of their time."
        ),
        remedy=(
            "For a budget of all callers and for `queue`, add replicas, or raise the limit where "
            "memory and CPUs allow it. For one connection or token, speak with its owner: a proxy "
            "that shares one connection among many callers needs more of them."
        ),
    ),
    Alert(
        name="RectifierCallersStall",
        severity=WARNING,
        expression=f"{_share_of_calls('rectifier_timeouts_total')} > 0.01",
        after="10m",
        summary="{{ $labels.instance }} gives callers up who keep it waiting: {{ $labels.reason }}",
        description="{{ $value | humanizePercentage }} of the calls are ended for that.",
        meaning=(
            "More than one call in a hundred is ended because its caller does not send its "
            "message (`receive`), is silent in a stream (`idle`), or does not take its reply "
            "(`send`)."
        ),
        remedy=(
            "Find the callers by `peer` in the log. Theirs is a network that loses much, a "
            "process that hangs, or an attack; `--receive_timeout`, `--stream_idle_timeout` and "
            "`--send_timeout` are the bounds."
        ),
    ),
    Alert(
        name="RectifierRefusesConnections",
        severity=WARNING,
        expression=f"{_REFUSED} > 0",
        after="5m",
        summary="{{ $labels.instance }} refuses connections: {{ $labels.reason }}",
        description="New connections are closed as soon as they have come.",
        meaning=(
            "Connections have been closed as soon as they came, for five minutes: because there "
            "are `--max_connections` (`connections`), because descriptors have run out "
            "(`descriptors`), or because their user may not call (`peer`)."
        ),
        remedy=(
            "Add replicas, or raise `--max_connections` together with `ulimit -n`. Callers should "
            "share a connection instead of opening one for each call. For `peer`, look at "
            "`--unix_allowed_uids`."
        ),
    ),
    Alert(
        name="RectifierEndsConnections",
        severity=WARNING,
        expression=f"{_ENDED} > 0",
        after="0m",
        summary="{{ $labels.instance }} has hung up on peers that ignore its limit of streams",
        description="No usual client does that.",
        meaning=(
            "A peer had more than twice `--max_http2_streams` calls open on one connection, which "
            "no usual client does: it is faulty, or an attack."
        ),
        remedy=(
            "A line `connection ended` of the log tells the `peer`. Keep strangers out by mutual "
            "TLS or a network policy ([SECURITY.md](../../SECURITY.md))."
        ),
    ),
    Alert(
        name="RectifierDeniesCallers",
        severity=WARNING,
        expression="rate(rectifier_denied_total[5m]) > 1",
        after="10m",
        summary="{{ $labels.instance }} denies calls: {{ $labels.reason }}",
        description="{{ $value | humanize }} calls a second have no valid token or certificate.",
        meaning=(
            "More than one call a second is denied for its token or the name in its certificate: "
            "somebody has a token that was exchanged, or tries to guess one."
        ),
        remedy=(
            "The lines `audit` with the action `call denied` tell `reason`, `method` and `peer`. "
            "Give that caller the new token, or keep it out."
        ),
    ),
]

HOUSEKEEPING = [
    Alert(
        name="RectifierCertificateExpiresSoon",
        severity=WARNING,
        expression=f"{_TIME_LEFT} < {21 * _DAY}",
        after="1h",
        summary=_EXPIRES,
        description="Whatever renews certificates should have done so.",
        meaning=(
            "The server's certificate is valid for less than three weeks, so its renewal is late. "
            "(Where certificates live shorter than that by intent, set this time lower.)"
        ),
        remedy=(
            "Look at what renews it (cert-manager's `Certificate`, a timer). The server takes a "
            "new file by itself within a second or two; *Certificates and tokens read again* "
            "shows it."
        ),
    ),
    Alert(
        name="RectifierCertificateExpires",
        severity=CRITICAL,
        expression=f"{_TIME_LEFT} < {2 * _DAY}",
        after="5m",
        summary=_EXPIRES,
        description="After that no client connects any more. A negative time has passed.",
        meaning=(
            "The server's certificate expires in less than two days, or has expired. New "
            "connections then fail, while those that exist go on."
        ),
        remedy=(
            "Renew it by hand, and put it in place of `--tls_certificate` and `--tls_key`; no "
            "restart is needed."
        ),
    ),
    Alert(
        name="RectifierReloadFails",
        severity=WARNING,
        expression=f"{_FAILED_RELOADS} > 0",
        after="0m",
        summary="{{ $labels.instance }} cannot use its changed files of {{ $labels.credential }}",
        description="What was read before stays in use.",
        meaning=(
            "The files of certificates or tokens have changed, and cannot be used: a key does not "
            "fit, a line is wrong. What was valid before stays in use, also tokens that were to "
            "end."
        ),
        remedy=(
            "A line `audit` with the action `reload failed` names file and line. Mend the file; "
            "it is read again each minute."
        ),
    ),
    Alert(
        name="RectifierLogDropped",
        severity=WARNING,
        expression="increase(rectifier_log_lines_dropped_total[10m]) > 0",
        after="0m",
        summary="{{ $labels.instance }} has dropped lines of its log",
        description="Nobody reads the log fast enough. No call waits for it.",
        meaning=(
            "Lines of the log were dropped, because nobody reads the pipe or the disk is full, "
            "and `--log_queue_bytes` of lines wait. Calls do not wait for the log, but lines of "
            "audit may be missing."
        ),
        remedy="Look at what collects the logs, and at its disk.",
    ),
]
