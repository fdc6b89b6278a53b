"""Writes the tables of server/OPERATING.md from what the server itself says.

    /usr/bin/python3 tests/server/operating_page.py build/release/bin

Flags and their defaults come from `rectifierd --help`, and what a flag takes from the error that a
wrong value gets. Which flags are limits is what GetServerInfo says. Metrics are scraped from a
server that has computed something, since the series of an activation appear with its first use,
and those of a method of the Open Inference Protocol with its first call.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import json
import re
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import grpc
import marked_section
from rectifierd_process import RectifierdProcess

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "server/OPERATING.md"
INFERENCE = ROOT / "proto/inference/inference_service.proto"

# What no error says in general: it depends on the machine, or "x" is right for the flag, or its
# default of 0 does not look like a duration.
TAKES = {
    "cpu_target": "the name of a target that this machine has",
    "flagfile": "a path",
    "http_allowed_hosts": "names with commas between, or *",
    "http_allowed_origins": "origins with commas between, or *",
    "tls_allowed_names": "names with commas between",
    "tls_ca": "the path of a file of PEM",
    "tls_certificate": "the path of a file of PEM",
    "tls_client_ca": "the path of a file of PEM",
    "tls_key": "the path of a file of PEM",
    "tls_server_name": "a name",
    "tokens_file": "the path of a file",
    "help": "nothing",
    "max_connection_age": "from 0s to 24h",
    "max_connection_idle": "from 0s to 24h",
    "ports_file": "the path of a file, in a folder that can be written to",
    "probe": "nothing, unix:/path or host:port",
    "version": "nothing",
}
# By the form of its default, a value that is wrong for a flag. All else takes no "x".
WRONG_VALUES = [
    (r"-?\d+([KMGT]iB)?", "-1"),
    (r"\d+(ms|s|m|h)", "-1s"),
]
# With it a server does not serve, should a flag take the wrong value.
NO_SERVICE = "--probe=unix:/nonexistent"

# Labels whose values depend on the machine, the release or the caller.
OPEN_LABELS = {
    "activation": "the canonical name of the activation",
    "caller": "`anonymous`, and the names in `--tokens_file` and `--tls_allowed_names`",
    "cpu_target": "the instruction set in use",
    "version": "the server's version",
}
# An activation that has every quantity. All types, so that all values of the labels appear.
ACTIVATION = "elu"
ELEMENT_TYPES = ("float16", "bfloat16", "float32", "float64")


@dataclass
class Flag:
    name: str
    default: str
    meaning: str


@dataclass
class Family:
    """A metric, whatever its labels."""

    name: str
    kind: str
    help: str
    labels: dict[str, set[str]] = field(default_factory=dict)


def sections(binaries: Path) -> dict[str, str]:
    """What belongs between the markers of the page, by their name."""
    rectifierd = binaries / "rectifierd"
    flags = read_flags(rectifierd)
    limits, families = ask_server(binaries)
    return {
        "limits": _flag_table(rectifierd, [flag for flag in flags if flag.name in limits]),
        "flags": _flag_table(rectifierd, [flag for flag in flags if flag.name not in limits]),
        "metrics": _metric_table(families),
        "labels": _label_table(families),
    }


def page_with(found: dict[str, str], page: str) -> str:
    for name, section in found.items():
        page = marked_section.replaced(page, name, section)
    return page


def read_flags(rectifierd: Path) -> list[Flag]:
    """Those of --help: `  --name=default`, and below it the meaning, indented and wrapped."""
    shown = _run(rectifierd, "--help").stdout
    flags = re.findall(r"^  --(\w+)(?:=(.*))?\n((?:      .*\n)+)", shown, re.MULTILINE)
    return [Flag(name, default, " ".join(meaning.split())) for name, default, meaning in flags]


def ask_server(binaries: Path) -> tuple[set[str], list[Family]]:
    """The names of its limits, and the metrics that a server exports after some calls."""
    command = binaries / "rectifier"
    # Without these, some methods and metrics are not there.
    everything = ("--http_listen=127.0.0.1:0", "--system_shared_memory_owners=0")
    with RectifierdProcess(str(binaries / "rectifierd"), *everything) as server:
        target = f"--target={server.unix_target}"
        for element_type in ELEMENT_TYPES:
            words = ["eval", ACTIVATION, "-q", "all", "--type", element_type, target, "--", "1"]
            _run(command, *words)
        _call_inference(server.unix_target)
        info = json.loads(_run(command, "info", "--json", target).stdout)
        connection = http.client.HTTPConnection(server.metrics_address, timeout=60)
        connection.request("GET", "/metrics")
        return set(info["limits"]), read_families(connection.getresponse().read().decode())


def _call_inference(target: str) -> None:
    """Every method of the Open Inference Protocol once, whose series appear with that."""
    with grpc.insecure_channel(target) as channel:
        for method in re.findall(r"^  rpc (\w+)", INFERENCE.read_text(), re.MULTILINE):
            call = channel.unary_unary(f"/inference.GRPCInferenceService/{method}")
            with contextlib.suppress(grpc.RpcError):
                call(b"", timeout=60)


def read_families(text: str) -> list[Family]:
    """From Prometheus's text format."""
    families: list[Family] = []
    for line in text.splitlines():
        if line.startswith("# HELP "):
            _, _, name, help_text = line.split(" ", 3)
            families.append(Family(name, "", help_text))
        elif line.startswith("# TYPE "):
            families[-1].kind = line.split()[-1]
        else:
            for label, value in re.findall(r'(\w+)="([^"]*)"', line):
                families[-1].labels.setdefault(label, set()).add(value)
    for family in families:
        family.labels.pop("le", None)  # every histogram has it
    return sorted(families, key=lambda family: family.name)


def _flag_table(rectifierd: Path, flags: Iterable[Flag]) -> str:
    rows = [
        [
            f"`--{flag.name}`",
            f"`{_portable(flag.default)}`" if flag.default and flag.default != "PATH" else "",
            TAKES.get(flag.name) or _allowed(rectifierd, flag),
            flag.meaning,
        ]
        for flag in flags
    ]
    return _table(["flag", "default", "takes", "meaning"], rows)


def _portable(default: str) -> str:
    """Without the path of the default socket, which depends on machine and user."""
    return re.sub(r"unix:[^,]*/rectifierd[^,/]*\.sock", "unix:DEFAULT", default)


def _allowed(rectifierd: Path, flag: Flag) -> str:
    """What the server says of a value that is wrong: "from 1 to 64"."""
    forms = (value for form, value in WRONG_VALUES if re.fullmatch(form, flag.default))
    run = _run(rectifierd, f"--{flag.name}={next(forms, 'x')}", NO_SERVICE, check=False)
    said = re.search(r"given; must be (.*)$", run.stderr, re.MULTILINE)
    if run.returncode != 2 or said is None:
        raise ValueError(f"--{flag.name}: no wrong value is known: {run.stderr}")
    return said[1]


def _metric_table(families: Sequence[Family]) -> str:
    rows = [
        [
            f"`{family.name}`",
            family.kind,
            ", ".join(f"`{label}`" for label in sorted(family.labels)),
            family.help,
        ]
        for family in families
    ]
    return _table(["metric", "type", "labels", "what it is"], rows)


def _label_table(families: Sequence[Family]) -> str:
    values: dict[str, set[str]] = {}
    for family in families:
        for label, found in family.labels.items():
            values.setdefault(label, set()).update(found)
    rows = [
        [f"`{label}`", OPEN_LABELS.get(label) or ", ".join(f"`{value}`" for value in sorted(found))]
        for label, found in sorted(values.items())
    ]
    return _table(["label", "values"], rows)


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Of text that is too long to be padded."""
    lines = [f"| {' | '.join(cells)} |" for cells in (header, *rows)]
    return "\n".join([lines[0], "|---" * len(header) + "|", *lines[1:]]) + "\n"


def _run(*command: object, check: bool = True) -> subprocess.CompletedProcess[str]:
    words = [str(word) for word in command]
    return subprocess.run(words, check=check, capture_output=True, text=True, timeout=60)


def main() -> None:
    parser = argparse.ArgumentParser(description="Writes the tables of server/OPERATING.md.")
    parser.add_argument("binaries", type=Path, help="the folder of rectifierd and rectifier")
    found = sections(parser.parse_args().binaries)
    PAGE.write_text(page_with(found, PAGE.read_text()))


if __name__ == "__main__":
    main()
