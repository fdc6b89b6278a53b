"""What a figure has to say about where it was measured."""

from __future__ import annotations

import datetime
import os
import re
import subprocess
from pathlib import Path


def description() -> str:
    """The processor and how many of it this process may use: "AMD EPYC, 2 CPUs"."""
    return f"{_processor(Path('/proc/cpuinfo').read_text())}, {len(os.sched_getaffinity(0))} CPUs"


def today() -> str:
    return datetime.date.today().isoformat()


def package_version(package: str) -> str | None:
    """Of a Debian package, upstream part: "2.6.3"; None where it is not installed."""
    command = ["dpkg-query", "--show", "--showformat=${Version}", package]
    try:
        answer = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return None
    return upstream_version(answer.stdout) if answer.returncode == 0 else None


def upstream_version(version: str) -> str | None:
    """Without epoch, repackaging and Debian revision: "1.13.1" of "1.13.1+dfsg-4"."""
    match = re.match(r"(?:\d+:)?([^-+~]+)", version)
    return match[1] if match else None


def _processor(cpuinfo: str) -> str:
    """Its model name; some virtual machines hide that, so also family and model."""
    fields = dict(re.findall(r"^([\w ]+?)\s*: (.*)$", cpuinfo, re.MULTILINE))
    name = fields.get("model name", "unknown processor")
    if "cpu family" in fields and not re.search(r"\d", name):
        name += f" (family {fields['cpu family']}, model {fields['model']})"
    return name
