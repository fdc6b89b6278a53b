"""Debian's Prometheus and Alertmanager on free ports, with the rules and settings that we ship."""

from __future__ import annotations

import json
import re
import subprocess
import threading
import urllib.parse
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any, Self

import write

SHIPPED = write.FOLDER / "prometheus"
TARGETS = "targets: [rectifier:9464]"  # as prometheus.yml has it


class Listener:
    """A program that logs at which address it listens, and what makes it ready.

    It runs while the context lasts.
    """

    def __init__(self, command: Sequence[str], ready: str) -> None:
        self._command = command
        self._ready = ready
        self.address = ""

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(self._command, stderr=subprocess.PIPE, text=True)
        assert self._process.stderr is not None
        lines = ""
        while not (self.address and self._ready in lines):
            line = self._process.stderr.readline()
            assert line, f"{self._command[0]} has ended:\n{lines}"
            lines += line
            if found := re.search(r'msg="?Listening on"?.*address=(\S+)', line):
                self.address = found[1]
        threading.Thread(target=_drain, args=[self._process.stderr], daemon=True).start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._process.terminate()
        self._process.wait(timeout=60)


def alertmanager(folder: Path, webhook: str) -> Listener:
    """It tells `webhook` at once of what begins and ends."""
    route = {"receiver": "test", "group_wait": "1s", "group_interval": "1s", "group_by": ["..."]}
    receiver = {"name": "test", "webhook_configs": [{"url": webhook, "send_resolved": True}]}
    config = folder / "alertmanager.yml"
    config.write_text(json.dumps({"route": route, "receivers": [receiver]}))
    return Listener(
        [
            "prometheus-alertmanager",
            f"--config.file={config}",
            f"--storage.path={folder / 'alertmanager'}",
            "--web.listen-address=127.0.0.1:0",
            "--cluster.listen-address=",
        ],
        ready="Listening on",
    )


def prometheus(folder: Path, targets: Sequence[str], alerts_to: str = "") -> Listener:
    """It scrapes `targets` (host:port) as it does those of Compose, and has the same rules."""
    text = (SHIPPED / "prometheus.yml").read_text()
    assert TARGETS in text
    text = text.replace(TARGETS, f"targets: {json.dumps(list(targets))}")
    if alerts_to:
        managers = [{"static_configs": [{"targets": [alerts_to]}]}]
        text += f"alerting: {json.dumps({'alertmanagers': managers})}\n"
    (folder / "prometheus.yml").write_text(text)
    (folder / "rules.yml").write_text((SHIPPED / "rules.yml").read_text())
    return Listener(
        [
            "prometheus",
            f"--config.file={folder / 'prometheus.yml'}",
            f"--storage.tsdb.path={folder / 'prometheus'}",
            "--web.listen-address=127.0.0.1:0",
        ],
        ready="Server is ready to receive web requests.",
    )


def ask(address: str, path: str, **parameters: str) -> Any:
    """What the API of Prometheus answers."""
    url = f"http://{address}/api/v1/{path}?{urllib.parse.urlencode(parameters)}"
    with urllib.request.urlopen(url, timeout=60) as reply:
        return json.load(reply)["data"]


def _drain(log: IO[str]) -> None:
    for _ in log:
        pass
