"""Whom Alertmanager tells: a server of HTTP that remembers what it was told."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self


@dataclass(frozen=True)
class Told:
    status: str  # firing or resolved
    labels: dict[str, str]
    annotations: dict[str, str]

    @property
    def name(self) -> str:
        return self.labels["alertname"]


class AlertReceiver:
    """It listens while the context lasts."""

    def __init__(self) -> None:
        self.told: list[Told] = []
        self._has_more = threading.Condition()

    def __enter__(self) -> Self:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver._hear(json.loads(body)["alerts"])
                self.send_response(200)
                self.end_headers()

            def log_message(self, *arguments: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/"

    def wait_for(self, name: str, status: str, seconds: float, **labels: str) -> Told:
        """The first such alert; waits for it."""

        def find() -> Told | None:
            return next(
                (
                    told
                    for told in self.told
                    if told.name == name
                    and told.status == status
                    and labels.items() <= told.labels.items()
                ),
                None,
            )

        with self._has_more:
            found = self._has_more.wait_for(find, seconds)
        heard = "\n".join(f"{told.status} {told.labels}" for told in self.told)
        assert found, f"nobody told of {status} {name} {labels}; told was:\n{heard}"
        return found

    def _hear(self, alerts: list[dict[str, Any]]) -> None:
        told = [Told(each["status"], each["labels"], each["annotations"]) for each in alerts]
        with self._has_more:
            self.told += told
            self._has_more.notify_all()
