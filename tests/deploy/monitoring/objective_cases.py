"""Cases of the alerts on objectives: calls of which some fail, or are slow."""

from __future__ import annotations

from rule_case import JOB_LABELS, Case, Fires, of_call

# Steps in which hours, and days, have enough samples and not too many.
OF_HOURS, OF_DAYS = "10m", "1h"


def outcomes(good: int, bad: int) -> dict[str, str]:
    """Between two samples so many calls end well, and so many do not."""
    handled = "grpc_server_handled_total"
    return {
        of_call(handled, grpc_code="OK"): f"0+{good}x120",
        of_call(handled, grpc_code="InvalidArgument"): f"0+{good}x120",
        of_call(handled, grpc_code="Unavailable"): f"0+{bad}x120",
    }


def durations(slow: int) -> dict[str, str]:
    """Between two samples there are 1,000 Evaluates, and so many take longer than 0.25 s."""
    seconds = "grpc_server_handling_seconds"
    return {
        of_call("grpc_server_handled_total", grpc_code="OK"): "0+1000x120",
        of_call(f"{seconds}_bucket", le="0.25"): f"0+{1000 - slow}x120",
        of_call(f"{seconds}_count"): "0+1000x120",
    }


FAILURES = [
    Case(
        "RectifierFailsManyCalls",
        "2 % fail for an hour, of which 1.44 % would do",
        "70m",
        outcomes(good=294, bad=12),
        Fires("rectifier fails 2% of its calls", JOB_LABELS),
    ),
    Case(
        "RectifierFailsManyCalls",
        "0.8 % fail for hours, of which 0.6 % would do",
        "7h",
        outcomes(good=496, bad=8),
        Fires("rectifier fails 0.8% of its calls", JOB_LABELS),
        OF_HOURS,
    ),
    Case("RectifierFailsManyCalls", "0.5 % fail", "7h", outcomes(good=398, bad=4), None, OF_HOURS),
    Case(
        "RectifierFailsManyCalls",
        "the failures are over",
        "95m",
        {
            of_call("grpc_server_handled_total", grpc_code="OK"): "0+600x100",
            of_call("grpc_server_handled_total", grpc_code="Internal"): "0+60x50 3000x50",
        },
    ),
    Case(
        "RectifierFailsManyCalls",
        "half of 60 calls an hour fail, which are too few to wake somebody",
        "70m",
        {
            of_call("grpc_server_handled_total", grpc_code="OK"): "0+0.5x100",
            of_call("grpc_server_handled_total", grpc_code="Internal"): "0+0.5x100",
        },
    ),
    Case(
        "RectifierFailsCalls",
        "0.2 % fail for days",
        "80h",
        outcomes(good=499, bad=2),
        Fires("In 3 days rectifier failed 0.2% of its calls", JOB_LABELS),
        OF_DAYS,
    ),
    Case("RectifierFailsCalls", "0.05 % fail", "80h", outcomes(good=1999, bad=2), None, OF_DAYS),
]

DELAYS = [
    Case(
        "RectifierSlowForMany",
        "20 % are slow, of which 14.4 % would do",
        "70m",
        durations(slow=200),
        Fires("20% of the Evaluates of rectifier take longer than 0.25 s", JOB_LABELS),
    ),
    Case("RectifierSlowForMany", "5 % are slow", "7h", durations(slow=50), None, OF_HOURS),
    Case(
        "RectifierSlow",
        "5 % are slow for days",
        "80h",
        durations(slow=50),
        Fires("5% of the Evaluates of rectifier took longer than 0.25 s in 3 days", JOB_LABELS),
        OF_DAYS,
    ),
    Case("RectifierSlow", "0.5 % are slow", "80h", durations(slow=5), None, OF_DAYS),
]

OBJECTIVE_CASES = [*FAILURES, *DELAYS]
