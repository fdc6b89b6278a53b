"""Where the client looks for the server: the rule of proto/default_target.h, case by case."""

import os
import subprocess
from pathlib import Path

import pytest
from fake_service import FakeService

import rectifier


def test_default_is_the_service_directory_where_it_exists(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "run/rectifier").mkdir(parents=True)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    target = rectifier.default_target(root=str(tmp_path))
    assert target == f"unix:{tmp_path}/run/rectifier/rectifierd.sock"


def test_default_is_the_users_directory_where_there_is_no_service(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    target = rectifier.default_target(root=str(tmp_path))
    assert target == f"unix:{tmp_path}/rectifierd.sock"


def test_default_skips_a_service_path_that_is_no_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "run").mkdir()
    (tmp_path / "run/rectifier").touch(mode=0o755)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    target = rectifier.default_target(root=str(tmp_path))
    assert target == f"unix:{tmp_path}/rectifierd.sock"


@pytest.mark.parametrize("directory", [None, "", ".", "/no/such/directory"])
def test_default_is_in_tmp_where_there_is_no_usable_directory(
    directory: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    if directory is not None:
        monkeypatch.setenv("XDG_RUNTIME_DIR", directory)
    target = rectifier.default_target(root=str(tmp_path))
    assert target == f"unix:/tmp/rectifierd-{os.getuid()}.sock"


@pytest.mark.parametrize("directory", [None, "", ".", "/no/such/directory", "/tmp"])
def test_default_is_where_the_server_listens_by_default(
    directory: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    if directory is not None:
        monkeypatch.setenv("XDG_RUNTIME_DIR", directory)
    command = [os.environ["RECTIFIERD"], "--help"]
    flags = subprocess.run(command, stdout=subprocess.PIPE, text=True).stdout
    assert f"--listen={rectifier.default_target()},127.0.0.1:" in flags


def test_client_takes_the_target_from_the_environment(
    fake: FakeService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RECTIFIER_TARGET", fake.target)
    with rectifier.Client() as client:
        client.evaluate("relu", 1.0)
    assert len(fake.requests) == 1


def test_client_prefers_its_argument_to_the_environment(
    fake: FakeService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RECTIFIER_TARGET", "unix:/no/such/socket")
    with rectifier.Client(fake.target) as client:
        client.evaluate("relu", 1.0)
    assert len(fake.requests) == 1
