"""The panels on how full servers are, and what activations cost."""

from __future__ import annotations

from dashboard_panel import Panel, Query, Row, beside_limit, by, of, rate, total
from recording_rules import LIMIT_USED

_COMPUTE = rate("rectifier_compute_seconds_total")
_ELEMENTS = rate("rectifier_elements_total")
_EVALUATIONS = rate("rectifier_evaluations_total")
_SERVER = "{{instance}}"
_TOP = 8  # activations that a panel shows


def _top(expression: str) -> str:
    return f"topk({_TOP}, {expression})"


_SATURATION = (
    Panel(
        "Share of each limit in use",
        "At 100 % callers are turned away, or not let in, or (memory) the kernel ends the server. "
        "This is the largest share of any server.",
        (Query(f"max by (limit) ({of(LIMIT_USED)})", "{{limit}}"),),
        "percentunit",
        most=1,
    ),
    Panel(
        "Calls and streams in progress",
        "Of all servers. A stream is a call as well.",
        (
            *beside_limit("rectifier_inflight_calls", "calls"),
            *beside_limit("rectifier_streams", "streams"),
        ),
        "none",
    ),
    Panel(
        "Bytes in progress",
        "Bytes of requests and replies of all calls that were admitted, and of those that "
        "connections of HTTP hold.",
        (
            *beside_limit("rectifier_inflight_bytes", "bytes"),
            *beside_limit("rectifier_http_bytes", "bytes of HTTP"),
        ),
        "bytes",
    ),
    Panel(
        "Wait for the engine",
        "Calls that share the engine, beside its threads: many more calls than threads mean too "
        "few CPUs. They take turns, and `queue` is the wait for the first one alone. The lag is "
        "how far behind the slowest of the threads is that take and answer calls.",
        (
            Query(total(rate("rectifier_phase_seconds_sum", 'phase="queue"')), "wait (mean)"),
            Query(total(of("rectifier_engine_calls")), "wait or are computed"),
            Query(total(of("rectifier_engine_threads")), "threads"),
            Query(f"max({of('rectifier_queue_lag_seconds')})", "lag of a thread (most)"),
        ),
        "none",
    ),
    Panel(
        "CPU",
        "CPUs that the processes keep busy. Where this stays below the threads that compute while "
        "calls wait, a quota or a neighbour takes the CPUs.",
        (
            Query(total(rate("process_cpu_seconds_total")), "process"),
            Query(total(of("rectifier_engine_threads")), "threads that compute"),
        ),
        "none",
    ),
    Panel(
        "Readiness",
        "1 while readiness says SERVING.",
        (Query(of("rectifier_ready"), _SERVER),),
        "none",
        most=1,
    ),
)

_ACTIVATIONS = (
    Panel(
        "Evaluations by activation",
        f"The {_TOP} that are evaluated most often.",
        (Query(_top(by("activation", _EVALUATIONS)), "{{activation}}"),),
        "ops",
    ),
    Panel(
        "Elements by type",
        "Input elements, by their type.",
        (Query(by("element_type", _ELEMENTS), "{{element_type}}"),),
        "short",
    ),
    Panel(
        "Elements by quantity",
        "Input elements, by what is computed of them.",
        (Query(by("quantity", _ELEMENTS), "{{quantity}}"),),
        "short",
    ),
    Panel(
        "Time for each element",
        "What an element costs, by activation; the dearest of them. The time is that from the "
        "beginning to the end of the computation, with all threads that there are.",
        (
            Query(
                _top(f"{by('activation', _COMPUTE)} / {by('activation', _ELEMENTS)}"),
                "{{activation}}",
            ),
        ),
        "s",
    ),
    Panel(
        "Who takes the time",
        "Seconds of computing in each second, by activation. They are seconds of the clock, which "
        "are more than those of the CPU where threads wait for CPUs.",
        (Query(_top(by("activation", _COMPUTE)), "{{activation}}"),),
        "none",
        is_stacked=True,
    ),
    Panel(
        "Elements of an evaluation",
        "In the mean, by activation: what the callers send at a time.",
        (
            Query(
                _top(f"{by('activation', _ELEMENTS)} / {by('activation', _EVALUATIONS)}"),
                "{{activation}}",
            ),
        ),
        "short",
    ),
)

SERVER_ROWS = (
    Row("Saturation", _SATURATION),
    Row("Activations", _ACTIVATIONS),
)
