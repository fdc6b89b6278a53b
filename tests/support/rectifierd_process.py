"""The real server, started on addresses of its own."""

import json
import subprocess
import tempfile
import threading
from typing import IO, Any


class RectifierdProcess:
    """Serves on a unix socket and on a free port of 127.0.0.1, with metrics on another.

    The server runs while the context lasts; its end must be a clean one.
    """

    def __init__(self, path: str, *flags: str) -> None:
        self._directory = tempfile.TemporaryDirectory(prefix="rectifier-")
        usual = {
            "--listen": f"unix:{self._directory.name}/rectifierd.sock,127.0.0.1:0",
            "--metrics_listen": "127.0.0.1:0",
            "--log_format": "json",
            "--drain_delay": "0s",
        }
        given = {flag.partition("=")[0] for flag in flags}
        own = [f"{name}={value}" for name, value in usual.items() if name not in given]
        self._command = [path, *own, *flags]
        self.unix_target = ""
        self.tcp_target = ""
        self.metrics_address = ""
        self.http_address = ""  # where a flag asks for one
        self._lines: list[str] = []
        self._has_more = threading.Condition()

    def __enter__(self) -> "RectifierdProcess":
        self._process = subprocess.Popen(self._command, stderr=subprocess.PIPE, text=True)
        assert self._process.stderr is not None
        self._read_addresses(self._process.stderr)
        # A full pipe would stop the server.
        reader = threading.Thread(target=self._keep_lines, args=[self._process.stderr], daemon=True)
        reader.start()
        return self

    def __exit__(self, *exception: object) -> None:
        exit_code = self.stop()
        self._directory.cleanup()
        assert exit_code == 0, f"rectifierd ended with {exit_code}"

    def stop(self) -> int:
        """Sends SIGTERM, unless it has ended; gives its exit code."""
        self.begin_stop()
        return self._process.wait(timeout=60)

    def begin_stop(self) -> None:
        """The same, without waiting for the end."""
        self._process.terminate()

    @property
    def pid(self) -> int:
        return self._process.pid

    def wait_for_event(self, event: str, timeout: float = 30) -> dict[str, Any]:
        """The first line of the log with this event since it serves; waits for it."""
        with self._has_more:
            found = self._has_more.wait_for(lambda: self._find(event), timeout)
        assert found, f"no event {event!r} in:\n{''.join(self._lines)}"
        return found

    def log_lines(self) -> list[str]:
        """What it has logged since it serves."""
        with self._has_more:
            return list(self._lines)

    def _find(self, event: str) -> dict[str, Any] | None:
        events = (json.loads(line) for line in self._lines if line.startswith("{"))
        return next((found for found in events if found["event"] == event), None)

    def _keep_lines(self, log: IO[str]) -> None:
        for line in log:
            with self._has_more:
                self._lines.append(line)
                self._has_more.notify_all()

    def _read_addresses(self, log: IO[str]) -> None:
        lines = []
        for line in log:
            lines.append(line)
            event = json.loads(line) if line.startswith("{") else {}
            if event.get("event") == "serving":
                self.unix_target, self.tcp_target = event["listen"]
                self.metrics_address = event["metrics"]
                self.http_address = event["http"]
                return
        raise RuntimeError(f"rectifierd ended before it served:\n{''.join(lines)}")
