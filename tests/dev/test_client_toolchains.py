"""Clients whose toolchain is missing are left out, by name, when stubs are made and tests run."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[2]
LEFT_OUT = 77

# Programs of a toolchain that is too old.
OLD = {
    "go": "echo go version go1.19.8 linux/amd64",
    "node": "[ $1 = --version ] && echo v18.19.0",
    "cargo": "exit 0",
    "rustc": "echo rustc 1.63.0",
}
REASONS = {
    "go": "go1.19.8 linux/amd64 is too old; https://go.dev",
    "node": "Node v18.19.0 is too old; https://nodejs.org",
    "explorer": "Node v18.19.0 is too old; https://nodejs.org",
    "rust": "and 1.63.0 is here; rustup update",
}


def _install(folder: Path, programs: dict[str, str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in programs.items():
        (folder / name).write_text(f"#!/bin/sh\n{text}\n")
        (folder / name).chmod(0o755)


def _run(path: Path, programs: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": f"{programs}:/usr/bin:/bin", "RECTIFIERD": "/bin/true"}
    return subprocess.run(
        [path, *arguments], env=environment, capture_output=True, text=True, timeout=60
    )


@pytest.mark.parametrize("script", ["generate", "test"])
@pytest.mark.parametrize("language", REASONS)
def test_says_what_would_bring_a_toolchain(tmp_path: Path, language: str, script: str) -> None:
    _install(tmp_path / "bin", {**OLD, "npm": "exit 1"})
    arguments = [str(tmp_path / "stubs")] if script == "generate" else []
    done = _run(SOURCE / "client" / language / script, tmp_path / "bin", *arguments)
    assert done.returncode == LEFT_OUT, done.stderr
    last = done.stderr.splitlines()[-1]
    assert last.startswith(f"client/{language}: left out: ")
    assert REASONS[language] in last


class Clients:
    """A tree with generators and tests that do as told."""

    def __init__(self, folder: Path) -> None:
        self.tree = folder / "tree"
        for script in ("client/generate", "tests/client/run"):
            (self.tree / script).parent.mkdir(parents=True)
            shutil.copy(SOURCE / script, self.tree / script)

    def add(self, language: str, text: str) -> None:
        _install(self.tree / "client" / language, {"generate": text, "test": text})

    def run(self, script: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        return _run(self.tree / script, Path(os.devnull), *arguments)


@pytest.fixture
def clients(tmp_path: Path) -> Clients:
    made = Clients(tmp_path)
    made.add("a", "echo 'client/a: left out: there is no a; get a' >&2; exit 77")
    made.add("b", 'touch "$(dirname "$0")/made"')
    return made


def test_stubs_are_made_without_those_left_out(clients: Clients) -> None:
    done = clients.run("client/generate")
    assert done.returncode == 0
    assert done.stdout == "client/a: left out: there is no a; get a\n"
    assert (clients.tree / "client/b/made").exists()


def test_a_generator_that_fails_is_an_error(clients: Clients) -> None:
    clients.add("b", "echo 'no such field' >&2; exit 3")
    done = clients.run("client/generate")
    assert done.returncode == 1
    assert "no such field" in done.stderr
    assert "client/b/generate failed with exit code 3" in done.stderr


def test_tests_run_without_those_left_out(clients: Clients) -> None:
    done = clients.run("tests/client/run", "/bin/true")
    assert done.returncode == 0
    assert done.stdout.splitlines()[-1] == "LEFT OUT client/a: there is no a; get a"
    assert (clients.tree / "client/b/made").exists()


def test_a_client_that_fails_is_named(clients: Clients) -> None:
    clients.add("b", "echo wrong bits; exit 1")
    done = clients.run("tests/client/run", "/bin/true")
    assert done.returncode == 1
    assert "wrong bits" in done.stdout
    assert "clients that failed: b" in done.stderr
