"""Cases of the alerts on a server: its presence, and its load."""

from __future__ import annotations

from rule_case import TARGET_LABELS, Case, Fires, of, of_call

GONE = "Prometheus cannot scrape a:9464"
READY = of("rectifier_ready")
INTERNAL = of_call("grpc_server_handled_total", grpc_code="Internal")
ENGINE_CALLS = of("rectifier_engine_calls")
MIB = 1 << 20

PRESENCE_CASES = [
    Case(
        "RectifierDown",
        "it is gone",
        "7m",
        {of("up"): "1x4 0x10"},
        Fires(GONE, description="The server at a:9464 has not answered for a minute."),
    ),
    Case("RectifierDown", "it has missed one scrape", "7m", {of("up"): "1x4 0 1x10"}),
    Case("RectifierDown", "another job is down", "7m", {'up{job="node",instance="a:1"}': "0x10"}),
    Case(
        "RectifierAbsent",
        "there is no target",
        "6m",
        {'up{job="node",instance="a:1"}': "1x10"},
        Fires("No rectifierd can be scraped", {}),
    ),
    Case(
        "RectifierAbsent",
        "one of two is there",
        "6m",
        {of("up"): "0x10", 'up{job="rectifier",instance="b:9464"}': "1x10"},
    ),
    Case("RectifierNotReady", "a drain", "5m", {READY: "1x3 0 1x5"}),
    Case(
        "RectifierNotReady",
        "callers do not reach it",
        "8m",
        {READY: "1x3 0x10"},
        Fires("a:9464 says that it is not ready"),
    ),
    Case(
        "RectifierRestarts",
        "it has begun three times",
        "20m",
        {
            of("process_start_time_seconds"): "100x5 200x5 300x3 400x10",
            of("rectifier_build_info", version="1"): "1x30",
        },
        Fires("a:9464 has restarted 3 times in 30 minutes"),
    ),
    Case(
        "RectifierRestarts",
        "a rollout",
        "20m",
        {
            of("process_start_time_seconds"): "100x5 200x20",
            of("rectifier_build_info", version="1"): "1x30",
        },
    ),
    Case(
        "RectifierRestarts",
        "something else has restarted",
        "20m",
        {of("process_start_time_seconds"): "100x5 200x5 300x3 400x10"},
    ),
    Case(
        "RectifierInternalErrors",
        "one call",
        "12m",
        {INTERNAL: "0x8 1x10"},
        Fires(
            "a:9464 has ended calls of Evaluate with Internal",
            TARGET_LABELS
            | {
                "grpc_code": "Internal",
                "grpc_method": "Evaluate",
                "grpc_service": "rectifier.v1.ActivationService",
            },
        ),
    ),
    Case("RectifierInternalErrors", "long ago", "12m", {INTERNAL: "1x20"}),
]


def share(metric: str, used: float, limit: float) -> dict[str, str]:
    return {of(metric): f"{used}x20", of(f"{metric}_limit"): f"{limit}x20"}


def near(limit: str) -> Fires:
    labels = TARGET_LABELS | {"limit": limit}
    return Fires(f"a:9464 uses 95% of its limit of {limit}", labels)


def memory(resident: int, limit: int) -> dict[str, str]:
    return {
        of("process_resident_memory_bytes"): f"{resident * MIB}x20",
        of("rectifier_memory_limit_bytes"): f"{limit * MIB}x20",
    }


NEAR, BELOW = "RectifierNearLimit", "85 %"

LOAD_CASES = [
    Case(NEAR, "calls", "15m", share("rectifier_inflight_calls", 95, 100), near("calls")),
    Case(NEAR, "bytes", "15m", share("rectifier_inflight_bytes", 95, 100), near("bytes")),
    Case(NEAR, "streams", "15m", share("rectifier_streams", 95, 100), near("streams")),
    Case(NEAR, "HTTP", "15m", share("rectifier_http_bytes", 95, 100), near("bytes of HTTP")),
    Case(
        NEAR,
        "shared buffers",
        "15m",
        share("rectifier_shared_buffer_bytes", 95, 100),
        near("shared buffers"),
    ),
    Case(
        NEAR,
        "connections over TCP and unix sockets, without those for buffers",
        "15m",
        {
            of("rectifier_connections", transport="tcp"): "60x20",
            of("rectifier_connections", transport="unix"): "35x20",
            of("rectifier_connections", transport="buffer"): "3x20",
            of("rectifier_connections_limit"): "100x20",
        },
        near("connections"),
    ),
    Case(
        NEAR,
        "descriptors",
        "15m",
        {
            of("process_open_fds"): "95x20",
            of("process_max_fds"): "100x20",
            of("rectifier_build_info", version="1"): "1x20",
        },
        near("descriptors"),
    ),
    Case(NEAR, "85 % of the calls", "15m", share("rectifier_inflight_calls", 85, 100)),
    Case(NEAR, "not for long yet", "9m", share("rectifier_inflight_calls", 95, 100)),
    Case(NEAR, "memory, which has an alert of its own", "15m", memory(950, 1000)),
    Case(
        "RectifierMemoryNearLimit",
        "95 % of a container's",
        "10m",
        memory(950, 1000),
        Fires("a:9464 uses 95% of its memory", TARGET_LABELS | {"limit": "memory"}),
    ),
    Case("RectifierMemoryNearLimit", BELOW, "10m", memory(850, 1000)),
    Case("RectifierMemoryNearLimit", "no limit is known", "10m", memory(850, 0)),
    Case(
        "RectifierEngineOverloaded",
        "ten calls, with two threads",
        "25m",
        {ENGINE_CALLS: "10x30", of("rectifier_engine_threads"): "2x30"},
        Fires("10 calls share the engine of a:9464"),
    ),
    Case(
        "RectifierEngineOverloaded",
        "six calls",
        "25m",
        {ENGINE_CALLS: "6x30", of("rectifier_engine_threads"): "2x30"},
    ),
    Case(
        "RectifierEngineOverloaded",
        "ten calls, but for some minutes alone",
        "25m",
        {ENGINE_CALLS: "0x10 10x5 0x15", of("rectifier_engine_threads"): "2x30"},
    ),
    Case(
        "RectifierThreadStalled",
        "a thread is ten seconds and more behind",
        "5m",
        {of("rectifier_queue_lag_seconds"): "0 10+60x10"},
        Fires(
            "A thread of a:9464 that serves calls stands still",
            description="It is 4m 10s behind; calls on its connections wait as long.",
        ),
    ),
    Case(
        "RectifierThreadStalled",
        "a thread was behind for a moment",
        "5m",
        {of("rectifier_queue_lag_seconds"): "0 10 0x10"},
    ),
]

SERVER_CASES = [*PRESENCE_CASES, *LOAD_CASES]
