"""What Prometheus computes beforehand: ratios over several windows, and the share of each limit."""

from __future__ import annotations

from dataclasses import dataclass

from server_series import FAILED, SECONDS, SERVICE

# Of the alerts on objectives; each pairs a long one with a short one.
WINDOWS = ("5m", "30m", "1h", "6h", "3d")
LIMIT_USED = "instance:rectifier_limit_used:ratio"


@dataclass(frozen=True)
class Recording:
    """A series under a name of its own: LEVEL:METRIC:OPERATION."""

    name: str
    expression: str
    limit: str = ""  # the value of a label of that name, where there is one


def calls(window: str) -> str:
    return f"job:rectifier_calls:rate{window}"


def failed(window: str) -> str:
    return f"job:rectifier_failed_calls:ratio_rate{window}"


def slow(window: str) -> str:
    return f"job:rectifier_slow_evaluates:ratio_rate{window}"


def all_of_job(series: str, window: str) -> str:
    """In all servers of a job; namespaces are those of Kubernetes, where there are any."""
    return f"sum by (job, namespace) (rate({series}[{window}]))"


def _of_window(window: str) -> list[Recording]:
    handled = f"grpc_server_handled_total{{{SERVICE}}}"
    evaluates = f'{SERVICE},grpc_method="Evaluate"'
    in_time = f'grpc_server_handling_seconds_bucket{{{evaluates},le="{SECONDS}"}}'
    all_evaluates = f"grpc_server_handling_seconds_count{{{evaluates}}}"
    failures = all_of_job(f"grpc_server_handled_total{{{FAILED}}}", window)
    return [
        Recording(calls(window), all_of_job(handled, window)),
        Recording(failed(window), f"{failures}\n/ {all_of_job(handled, window)}"),
        Recording(
            slow(window),
            f"1 - {all_of_job(in_time, window)}\n/ {all_of_job(all_evaluates, window)}",
        ),
    ]


def _shares() -> list[Recording]:
    """What is in use of each limit, of each server."""
    connections = 'sum without (transport) (rectifier_connections{transport!="buffer"})'
    buffers = "rectifier_shared_buffer_bytes / rectifier_shared_buffer_bytes_limit"
    descriptors = "process_open_fds / process_max_fds and on (job, instance) rectifier_build_info"
    memory = "process_resident_memory_bytes / (rectifier_memory_limit_bytes > 0)"
    shares = {
        "calls": "rectifier_inflight_calls / rectifier_inflight_calls_limit",
        "bytes": "rectifier_inflight_bytes / rectifier_inflight_bytes_limit",
        "bytes of HTTP": "rectifier_http_bytes / rectifier_http_bytes_limit",
        "streams": "rectifier_streams / rectifier_streams_limit",
        "connections": f"{connections} / rectifier_connections_limit",
        "shared buffers": buffers,
        "descriptors": descriptors,
        "memory": memory,
    }
    return [Recording(LIMIT_USED, expression, limit) for limit, expression in shares.items()]


OBJECTIVES = [rule for window in WINDOWS for rule in _of_window(window)]
SHARES = _shares()
