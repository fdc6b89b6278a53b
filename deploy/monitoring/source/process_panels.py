"""The panels on shared memory, connections, and the process with its certificates and log."""

from __future__ import annotations

from dashboard_panel import RATE, Panel, Query, Row, beside_limit, by, of, rate, total

_EXPIRY = of("rectifier_tls_certificate_expiry_timestamp_seconds")
_SERVER = "{{instance}}"
_REFUSED = by("reason, transport", rate("rectifier_connections_refused_total"))
_CONNECTIONS = (
    Panel(
        "Memory shared with callers",
        "Bytes of the shared buffers, beside --max_buffer_bytes.",
        beside_limit("rectifier_shared_buffer_bytes", "bytes"),
        "bytes",
    ),
    Panel(
        "Shared buffers",
        "Buffers whose memory is there, and regions of callers that are registered by name.",
        (
            Query(of("rectifier_shared_buffers"), _SERVER),
            Query(of("rectifier_registered_regions"), "{{instance}}, regions"),
        ),
        "none",
    ),
    Panel(
        "Open connections",
        "The limit holds for TCP and unix sockets together; `buffer` is the socket of the shared "
        "buffers, which has its own.",
        (
            Query(by("transport", of("rectifier_connections")), "{{transport}}"),
            Query(total(of("rectifier_connections_limit")), "limit"),
        ),
        "none",
    ),
    Panel(
        "New connections",
        "Many of them, beside few calls for each, tell of callers who connect for each call.",
        (
            Query(
                by("transport", rate("rectifier_connections_accepted_total")),
                "{{transport}}",
            ),
        ),
        "cps",
    ),
    Panel(
        "Connections refused or ended",
        "Refused as soon as they came, by reason; or ended, because the peer ignored the limit of "
        "streams, or read nothing of what was sent to it.",
        (
            Query(f"{_REFUSED} > 0", "refused: {{reason}}, {{transport}}"),
            Query(total(rate("rectifier_connections_ended_total")), "ended"),
            Query(total(rate("rectifier_connections_stalled_total")), "ended, not read"),
        ),
        "cps",
    ),
    Panel(
        "Calls that gRPC answers itself",
        "Since the start, such as those with too much metadata; those on their way count, too. "
        "Many of them come from faulty callers, or hostile ones.",
        (Query(of("rectifier_calls_not_handed_over"), _SERVER),),
        "none",
    ),
)

_PROCESS = (
    Panel(
        "Memory",
        "Resident memory, beside what the process may have.",
        (
            Query(of("process_resident_memory_bytes"), _SERVER),
            Query(f"min({of('rectifier_memory_limit_bytes')})", "limit of a server"),
        ),
        "bytes",
    ),
    Panel(
        "Idle memory given back",
        "How often memory that nobody used went back to the system.",
        (Query(f"increase({of('rectifier_idle_memory_releases_total')}[{RATE}])", _SERVER),),
        "none",
    ),
    Panel(
        "Descriptors",
        "Open files and sockets, beside the limit of a process.",
        (
            Query(of("process_open_fds"), _SERVER),
            Query(f"min({of('process_max_fds')})", "limit of a server"),
        ),
        "none",
    ),
    Panel(
        "Threads of the process",
        "Those that compute, those of gRPC, and a few others.",
        (Query(of("process_threads"), _SERVER),),
        "none",
    ),
    Panel(
        "Time since the start",
        "It falls to zero with a restart.",
        (Query(f"time() - {of('process_start_time_seconds')}", _SERVER),),
        "s",
    ),
    Panel(
        "What runs",
        "Servers of each version and CPU target. Two versions for long are a rollout that hangs.",
        (
            Query(
                f"count by (version, cpu_target) ({of('rectifier_build_info')})",
                "{{version}}, {{cpu_target}}",
            ),
        ),
        "none",
    ),
    Panel(
        "Certificates expire in",
        "Empty without TLS. The age of a certificate is not known; its end is what matters.",
        (Query(f"({_EXPIRY} > 0) - time()", _SERVER),),
        "s",
    ),
    Panel(
        "Certificates and tokens read again",
        "Changes of their files; of those that failed, what was read before stays in use.",
        (
            Query(
                f"sum by (credential, result) (increase({of('rectifier_credential_reloads_total')}"
                f"[{RATE}]))",
                "{{credential}}: {{result}}",
            ),
        ),
        "none",
    ),
    Panel(
        "Lines of the log dropped",
        "They found no room, because nobody reads the log.",
        (Query(rate("rectifier_log_lines_dropped_total"), _SERVER),),
        "short",
    ),
)

PROCESS_ROWS = (
    Row("Shared memory and connections", _CONNECTIONS),
    Row("Process, certificates, log", _PROCESS),
)
