"""Cases of the alerts on callers, certificates and the log."""

from __future__ import annotations

from rule_case import TARGET_LABELS, Case, Fires, of, of_call

DAY = 24 * 60 * 60
SELDOM = "10m"  # the step where an alert waits for an hour
STARTED = of_call("grpc_server_started_total")
EXPIRY = of("rectifier_tls_certificate_expiry_timestamp_seconds")
DROPPED = of("rectifier_log_lines_dropped_total")


def beside_calls(metric: str, reason: str, rate: float) -> dict[str, str]:
    """So many a minute, beside 600 calls."""
    return {STARTED: "0+600x30", of(metric, reason=reason): f"0+{rate}x30"}


def because(summary: str, reason: str, description: str = "") -> Fires:
    return Fires(summary, TARGET_LABELS | {"reason": reason}, description)


CALLERS_CASES = [
    Case(
        "RectifierTurnsCallsAway",
        "5 % of the calls",
        "10m",
        beside_calls("rectifier_rejected_total", "inflight_calls", 30),
        because("a:9464 turns 5% of its calls away: inflight_calls", "inflight_calls"),
    ),
    Case(
        "RectifierTurnsCallsAway",
        "0.5 % of the calls",
        "10m",
        beside_calls("rectifier_rejected_total", "inflight_calls", 3),
    ),
    Case(
        "RectifierTurnsCallsAway",
        "a drain",
        "10m",
        beside_calls("rectifier_rejected_total", "draining", 300),
    ),
    Case(
        "RectifierCallersStall",
        "2 % of the calls",
        "20m",
        beside_calls("rectifier_timeouts_total", "send", 12),
        because(
            "a:9464 gives callers up who keep it waiting: send",
            "send",
            "2% of the calls are ended for that.",
        ),
    ),
    Case(
        "RectifierCallersStall",
        "0.5 % of the calls",
        "20m",
        beside_calls("rectifier_timeouts_total", "send", 3),
    ),
    Case(
        "RectifierRefusesConnections",
        "again and again, on either transport",
        "15m",
        {
            of("rectifier_connections_refused_total", reason="peer", transport="unix"): "0+1x20",
            of("rectifier_connections_refused_total", reason="peer", transport="tcp"): "0x20",
        },
        because("a:9464 refuses connections: peer", "peer"),
    ),
    Case(
        "RectifierRefusesConnections",
        "once",
        "15m",
        {of("rectifier_connections_refused_total", reason="peer", transport="tcp"): "0x5 1x20"},
    ),
    Case(
        "RectifierEndsConnections",
        "one peer",
        "10m",
        {of("rectifier_connections_ended_total", transport="tcp"): "0x5 1x20"},
        Fires("a:9464 has hung up on peers that ignore its limit of streams"),
    ),
    Case(
        "RectifierEndsConnections",
        "twenty minutes ago",
        "30m",
        {of("rectifier_connections_ended_total", transport="tcp"): "0x5 1x30"},
    ),
    Case(
        "RectifierDeniesCallers",
        "two a second",
        "20m",
        {of("rectifier_denied_total", reason="token_unknown"): "0+120x30"},
        because(
            "a:9464 denies calls: token_unknown",
            "token_unknown",
            "2 calls a second have no valid token or certificate.",
        ),
    ),
    Case(
        "RectifierDeniesCallers",
        "ten a minute",
        "20m",
        {of("rectifier_denied_total", reason="token_unknown"): "0+10x30"},
    ),
]


def silent(alert: str, why: str, expiry: int) -> Case:
    return Case(alert, why, "2h", {EXPIRY: f"{expiry}x20"}, None, SELDOM)


HOUSEKEEPING_CASES = [
    Case(
        "RectifierCertificateExpiresSoon",
        "in 10 days",
        "2h",
        {EXPIRY: f"{10 * DAY + 7200}x20"},
        Fires("The certificate of a:9464 expires in 10d 0h 0m 0s"),
        SELDOM,
    ),
    silent("RectifierCertificateExpiresSoon", "in 30 days", 30 * DAY),
    silent("RectifierCertificateExpiresSoon", "there is no TLS", 0),
    Case(
        "RectifierCertificateExpires",
        "an hour ago",
        "2h",
        {EXPIRY: "3600x20"},
        Fires("The certificate of a:9464 expires in -1h 0m 0s"),
        SELDOM,
    ),
    silent("RectifierCertificateExpires", "in 10 days", 10 * DAY),
    silent("RectifierCertificateExpires", "there is no TLS", 0),
    Case(
        "RectifierReloadFails",
        "a key that does not fit",
        "10m",
        {
            of("rectifier_credential_reloads_total", credential="tls", result="failed"): "0x5 1x20",
            of("rectifier_credential_reloads_total", credential="tls", result="ok"): "0x30",
        },
        Fires(
            "a:9464 cannot use its changed files of tls",
            TARGET_LABELS | {"credential": "tls", "result": "failed"},
        ),
    ),
    Case(
        "RectifierReloadFails",
        "a new certificate is taken",
        "10m",
        {of("rectifier_credential_reloads_total", credential="tls", result="ok"): "0x5 1x20"},
    ),
    Case(
        "RectifierLogDropped",
        "a pipe that nobody reads",
        "10m",
        {DROPPED: "0x5 700x20"},
        Fires("a:9464 has dropped lines of its log"),
    ),
    Case("RectifierLogDropped", "twenty minutes ago", "30m", {DROPPED: "0x5 700x30"}),
]

CALLER_CASES = [*CALLERS_CASES, *HOUSEKEEPING_CASES]
