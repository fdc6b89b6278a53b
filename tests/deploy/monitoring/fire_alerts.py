"""Alerts fired for real: our rules in Prometheus and Alertmanager, on servers with real faults.

    fire_alerts.py RECTIFIERD     # three minutes

One server has a budget of two calls and callers who want more; the other hangs, and goes on.
"""

from __future__ import annotations

import os
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import grpc
import write
from alert_receiver import AlertReceiver, Told
from polite import evaluate, numbers, open_channel, request_of
from prometheus_process import Listener, alertmanager, ask, prometheus
from rectifierd_process import RectifierdProcess

# Of Prometheus: scrapes, the time that the rules wait, evaluations; with room for a busy machine.
AFTER_ONE_MINUTE, AFTER_TWO_MINUTES, AT_ONCE = 150, 300, 90
FIRED = {"RectifierDown", "RectifierTurnsCallsAway", "RectifierFailsManyCalls"}
# Where the machine is busy with other work, calls are slow indeed. Whatever else is told of is a
# false alarm.
MAY_FIRE = FIRED | {"RectifierSlowForMany"}


@contextmanager
def greedy_callers(target: str, callers: int = 4) -> Iterator[None]:
    """Each calls again at once when a call is over, and soon where it was turned away."""
    is_over = threading.Event()
    message = request_of("logsumexp", numbers(1 << 18, seed=1))
    for _ in range(3):
        message.evaluations.add().CopyFrom(message.evaluations[0])
    request = message.SerializeToString()

    def call() -> None:
        with open_channel(target) as channel:
            while not is_over.is_set():
                try:
                    evaluate(channel, request)
                except grpc.RpcError as error:
                    assert error.code() == grpc.StatusCode.RESOURCE_EXHAUSTED, error
                    is_over.wait(0.1)

    threads = [threading.Thread(target=call) for _ in range(callers)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        is_over.set()
        for thread in threads:
            thread.join()


@contextmanager
def hanging(server: RectifierdProcess) -> Iterator[None]:
    os.kill(server.pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(server.pid, signal.SIGCONT)


@contextmanager
def watched(*servers: RectifierdProcess) -> Iterator[AlertReceiver]:
    """Who hears of the alerts, once Prometheus sees all servers up."""
    with tempfile.TemporaryDirectory(prefix="rectifier-alerts-") as name:
        folder = Path(name)
        targets = [server.metrics_address for server in servers]
        with (
            AlertReceiver() as receiver,
            alertmanager(folder, receiver.url) as manager,
            prometheus(folder, targets, manager.address) as database,
        ):
            wait_until_up(database, len(servers))
            yield receiver


def wait_until_up(database: Listener, servers: int) -> None:
    end = time.monotonic() + 60
    while len(ask(database.address, "query", query='up{job="rectifier"} == 1')["result"]) < servers:
        assert time.monotonic() < end, "Prometheus does not see the servers"
        time.sleep(0.5)


def check(told: Told, severity: str) -> None:
    """It says what an operator needs, and leads to a section of the runbook."""
    assert told.labels["severity"] == severity, told
    assert (
        told.labels["instance" if "instance" in told.labels else "job"]
        in told.annotations["summary"]
    ), told
    page, anchor = told.annotations["runbook_url"].split("#")
    headings = (write.FOLDER.parents[1] / page).read_text().lower().splitlines()
    assert f"## {anchor}" in headings, told
    print(f"ok      {told.status} {told.name}: {told.annotations['summary']}", flush=True)


def run(rectifierd: str) -> None:
    with (
        RectifierdProcess(rectifierd, "--max_inflight_calls=2") as full,
        RectifierdProcess(rectifierd) as other,
        watched(full, other) as receiver,
    ):
        place = {"instance": other.metrics_address}
        with greedy_callers(full.tcp_target):
            with hanging(other):
                down = receiver.wait_for("RectifierDown", "firing", AFTER_ONE_MINUTE, **place)
                check(down, "critical")
            check(receiver.wait_for("RectifierDown", "resolved", AT_ONCE, **place), "critical")
            away = receiver.wait_for(
                "RectifierTurnsCallsAway",
                "firing",
                AFTER_TWO_MINUTES,
                instance=full.metrics_address,
            )
            check(away, "warning")
            failing = receiver.wait_for("RectifierFailsManyCalls", "firing", AFTER_TWO_MINUTES)
            check(failing, "critical")
        names = {told.name for told in receiver.told}
        assert FIRED <= names <= MAY_FIRE, names


if __name__ == "__main__":
    run(sys.argv[1])
