"""The alerts on a server: that it is there, that it gets along, that its limits suffice."""

from __future__ import annotations

from alert import CRITICAL, WARNING, Alert
from recording_rules import LIMIT_USED
from server_series import JOB, SERVICE

_INTERNAL = f'grpc_server_handled_total{{{SERVICE},grpc_code="Internal"}}'
_RESTARTS = "changes(process_start_time_seconds[30m]) > 2"
_OURS = "and on (job, instance) count_over_time(rectifier_build_info[30m])"

PRESENCE = [
    Alert(
        name="RectifierDown",
        severity=CRITICAL,
        expression=f'up{{job="{JOB}"}} == 0',
        after="1m",
        summary="Prometheus cannot scrape {{ $labels.instance }}",
        description="The server at {{ $labels.instance }} has not answered for a minute.",
        meaning=(
            "Prometheus knows a server that has not answered for a minute: it has ended, hangs, "
            "or cannot be reached."
        ),
        remedy=(
            "Look at its state and the end of its log (`docker compose logs rectifier`, `kubectl "
            "logs --previous`, `journalctl -u rectifierd`). A line `cannot start` says why; exit "
            "code 137 means that the kernel has killed it for its memory. Where it runs, look "
            "whether `--metrics_listen` is an address that Prometheus reaches."
        ),
    ),
    Alert(
        name="RectifierAbsent",
        severity=CRITICAL,
        expression=f'absent(up{{job="{JOB}"}} == 1)',
        after="5m",
        summary="No rectifierd can be scraped",
        description=f'No target of the job "{JOB}" has answered for five minutes.',
        meaning=(
            f"Not one server answers in the job `{JOB}`, or Prometheus has no such target at all. "
            "In the latter case no other alert of this page can fire."
        ),
        remedy=(
            "Look at *Status, Targets* of Prometheus. Where targets are down, see "
            "[RectifierDown](#rectifierdown). Where there are none, the discovery finds none (the "
            "labels of the Service, the ServiceMonitor), or the job has another name."
        ),
    ),
    Alert(
        name="RectifierNotReady",
        severity=WARNING,
        expression="rectifier_ready == 0",
        after="2m",
        summary="{{ $labels.instance }} says that it is not ready",
        description="Readiness has been NOT_SERVING for two minutes, which is longer than a drain.",
        meaning=(
            "The server runs, but new callers cannot reach it: its descriptors have run out, or "
            "the file of its unix socket is gone and cannot be put back. A drain looks the same, "
            "but is over sooner, unless its flags allow more."
        ),
        remedy=(
            "A line `connections wait` or `socket gone` of the log says which it is. Close "
            "connections or raise `ulimit -n`; give the server back its socket's folder. Where "
            "`draining` is the last line, it waits for calls: `--drain_timeout` ends that."
        ),
    ),
    Alert(
        name="RectifierRestarts",
        severity=WARNING,
        expression=f"{_RESTARTS}\n{_OURS}",
        after="0m",
        summary="{{ $labels.instance }} has restarted {{ $value }} times in 30 minutes",
        description="Restarts lose the calls in progress where the process does not drain.",
        meaning=(
            "The process at one address has begun anew more than twice in half an hour, so "
            "something ends it."
        ),
        remedy=(
            "Look at the exit code and the last lines of the log before. Code 137, or "
            "`OOMKilled`, means memory: see "
            "[RectifierMemoryNearLimit](#rectifiermemorynearlimit). A liveness probe that kills "
            "it has a timeout that is too short for a machine as busy as this. A signal such as "
            "SIGSEGV is a defect: please report it."
        ),
    ),
    Alert(
        name="RectifierInternalErrors",
        severity=WARNING,
        expression=f"sum without (grpc_type) (increase({_INTERNAL}[10m])) > 0",
        after="0m",
        summary="{{ $labels.instance }} has ended calls of {{ $labels.grpc_method }} with Internal",
        description="Internal is a defect of the server. Each such call has a line in the log.",
        meaning="A call has ended with `Internal`, which is always a defect of the server.",
        remedy=(
            "Find the line `call failed` of level error, which is never held back, with its "
            "`message`, and report it. Until there is a mended version, have that caller leave "
            "out what it sent."
        ),
    ),
]

LOAD = [
    Alert(
        name="RectifierNearLimit",
        severity=WARNING,
        expression=f'{LIMIT_USED}{{limit!="memory"}} > 0.9',
        after="10m",
        summary=(
            "{{ $labels.instance }} uses {{ $value | humanizePercentage }} of its limit of "
            "{{ $labels.limit }}"
        ),
        description="Past the limit callers are turned away, or not let in.",
        meaning=(
            "Of calls, bytes or streams in progress, connections, shared buffers or descriptors, "
            "one is used up but for a tenth, and has been for ten minutes."
        ),
        remedy=(
            "Look whether one caller takes it (*Calls by caller*). Add replicas, or raise "
            "`--max_inflight_calls`, `--max_inflight_bytes`, `--max_streams`, "
            "`--max_connections`, `--max_buffer_bytes` or `ulimit -n`, as far as memory allows "
            "([Memory](../../server/OPERATING.md#memory))."
        ),
    ),
    Alert(
        name="RectifierMemoryNearLimit",
        severity=WARNING,
        expression=f'{LIMIT_USED}{{limit="memory"}} > 0.9',
        after="5m",
        summary="{{ $labels.instance }} uses {{ $value | humanizePercentage }} of its memory",
        description="Past its cgroup's limit the kernel kills the process.",
        meaning=(
            "The resident memory is near what the cgroup, the machine or `--memory_bytes` allows. "
            "The server's own limits keep it below that by default; so flags were raised, or "
            "another process shares the cgroup."
        ),
        remedy=(
            "Raise the memory of the container, or lower `--max_inflight_bytes`, "
            "`--max_receive_bytes`, `--max_buffer_bytes` and `--max_idle_bytes`, whose sum must "
            "fit ([Memory](../../server/OPERATING.md#memory))."
        ),
    ),
    Alert(
        name="RectifierEngineOverloaded",
        severity=WARNING,
        expression="avg_over_time(rectifier_engine_calls[5m]) > 4 * rectifier_engine_threads",
        after="15m",
        summary="{{ $value | humanize }} calls share the engine of {{ $labels.instance }}",
        description="In the mean there are more than four calls for each thread that computes.",
        meaning=(
            "For a quarter of an hour there have been more than four calls for each thread, which "
            "take turns, so that a call takes more than four times as long as it would alone."
        ),
        remedy=(
            "Add replicas or CPUs. Look whether *CPU* stays below the number of threads: then a "
            "quota throttles them, or neighbours take the CPU."
        ),
    ),
    Alert(
        name="RectifierThreadStalled",
        severity=CRITICAL,
        expression="rectifier_queue_lag_seconds > 5",
        after="1m",
        summary="A thread of {{ $labels.instance }} that serves calls stands still",
        description=(
            "It is {{ $value | humanizeDuration }} behind; calls on its connections wait as long."
        ),
        meaning=(
            "For a minute a thread that takes and answers calls has not got on. `/healthz` says no "
            "from ten seconds on, and systemd starts the server again after a minute; other "
            "connections may be served as before."
        ),
        remedy=(
            "Look whether the process gets CPU and is not swapped out. If it does, take its stacks "
            "(`gdb -p PID -batch -ex 'thread apply all bt'`), restart it, and report them: this is "
            "a defect."
        ),
    ),
]
