"""TLS and tokens: what the client refuses to do, and what the real server says."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from rectifierd_process import RectifierdProcess

from rectifier import Client, Security, Unauthenticated, Unavailable

TOKEN = "0123456789abcdef"


def certificate(folder: Path, name: str) -> tuple[str, str]:
    """A certificate for this machine that is its own authority, and its key."""
    paths = str(folder / f"{name}.crt"), str(folder / f"{name}.key")
    words = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2"
    names = ["-subj", f"/CN={name}", "-addext", "subjectAltName=IP:127.0.0.1"]
    command = [*words.split(), *names, "-out", paths[0], "-keyout", paths[1]]
    subprocess.run(command, check=True, capture_output=True)
    return paths


@pytest.fixture(name="secure", scope="module")
def _secure(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[RectifierdProcess, Path]]:
    folder = tmp_path_factory.mktemp("secure")
    tls_certificate, tls_key = certificate(folder, "server")
    certificate(folder, "other")
    (folder / "tokens").write_text(f"alice plain:{TOKEN}\n")
    (folder / "token").write_text(f"{TOKEN}\n")
    flags = [
        f"--tls_certificate={tls_certificate}",
        f"--tls_key={tls_key}",
        f"--tokens_file={folder}/tokens",
    ]
    with RectifierdProcess(os.environ["RECTIFIERD"], *flags) as server:
        yield server, folder


def test_calls_over_tls_with_a_token_succeed(secure: tuple[RectifierdProcess, Path]) -> None:
    server, folder = secure
    security = Security(tls_ca=f"{folder}/server.crt", token_file=f"{folder}/token")
    with Client(server.tcp_target, security=security) as client:
        assert client.evaluate("relu", [-1.0, 2.0]).value.tolist() == [0, 2]
        assert client.server_info().version
    with Client(server.unix_target, security=Security(token=TOKEN)) as client:
        assert client.evaluate("relu", [-1.0, 2.0]).value.tolist() == [0, 2]


def test_the_environment_says_what_the_caller_does_not(
    secure: tuple[RectifierdProcess, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    server, folder = secure
    monkeypatch.setenv("RECTIFIER_TLS_CA", f"{folder}/server.crt")
    monkeypatch.setenv("RECTIFIER_TOKEN", TOKEN)
    with Client(server.tcp_target) as client:
        assert client.server_info().version
    monkeypatch.setenv("RECTIFIER_TOKEN_FILE", f"{folder}/token")
    monkeypatch.setenv("RECTIFIER_TOKEN", "wrong")
    with Client(server.tcp_target) as client:
        assert client.server_info().version


def test_whoever_has_no_token_is_told_so(secure: tuple[RectifierdProcess, Path]) -> None:
    server, folder = secure
    for security, reason in (
        (Security(tls_ca=f"{folder}/server.crt"), "TOKEN_MISSING"),
        (Security(tls_ca=f"{folder}/server.crt", token="wrong"), "TOKEN_UNKNOWN"),
    ):
        with (
            Client(server.tcp_target, security=security) as client,
            pytest.raises(Unauthenticated) as error,
        ):
            client.server_info()
        assert error.value.reason == reason


def test_a_server_that_is_not_trusted_is_not_called(
    secure: tuple[RectifierdProcess, Path],
) -> None:
    server, folder = secure
    for security, why in (
        (Security(tls_ca=f"{folder}/other.crt"), "certificate verify failed"),
        (Security(tls_ca=f"{folder}/server.crt", tls_server_name="other"), "other is not in peer"),
        (Security(), ""),
    ):
        with (
            Client(server.tcp_target, security=security) as client,
            pytest.raises(Unavailable, match=why),
        ):
            client.server_info()


def test_a_certificate_is_shown_to_a_server_that_asks_for_one(
    secure: tuple[RectifierdProcess, Path],
) -> None:
    _, folder = secure
    own, key = f"{folder}/server.crt", f"{folder}/server.key"
    flags = [f"--tls_certificate={own}", f"--tls_key={key}", f"--tls_client_ca={folder}/other.crt"]
    shown = Security(
        tls_ca=own, tls_certificate=f"{folder}/other.crt", tls_key=f"{folder}/other.key"
    )
    with RectifierdProcess(os.environ["RECTIFIERD"], *flags) as server:
        with Client(server.tcp_target, security=shown) as client:
            assert client.evaluate("relu", [-1.0, 2.0]).value.tolist() == [0, 2]
        with (
            Client(server.tcp_target, security=Security(tls_ca=own)) as client,
            pytest.raises(Unavailable),
        ):
            client.server_info()


@pytest.mark.parametrize(
    ("security", "target", "problem"),
    [
        (Security(tls_certificate="a"), "localhost:1", "needed together"),
        (Security(tls_certificate="a", tls_key="b"), "localhost:1", "tls_ca is needed"),
        (Security(tls_server_name="a"), "localhost:1", "tls_ca is needed"),
        (Security(tls_ca="/dev/null"), "localhost:1", "tls_ca: .*: the file holds none"),
        (Security(token="a b"), "localhost:1", "letters, digits"),
        (Security(token="a", token_file="b"), "localhost:1", "both token and token_file"),
        (Security(token="a"), "example.org:1", "would travel to example.org:1 in the open"),
        (Security(token="a"), "127.example.org:1", "would travel"),
        (Security(token="a"), "ipv4:127.0.0.1:1,10.0.0.1:1", "would travel"),
    ],
)
def test_what_does_not_go_together_is_refused(
    security: Security, target: str, problem: str
) -> None:
    with pytest.raises(ValueError, match=problem):
        Client(target, security=security)


def test_files_that_are_missing_are_named() -> None:
    for security in (Security(tls_ca="/none"), Security(token_file="/none")):
        with pytest.raises(FileNotFoundError, match="/none"):
            Client("localhost:1", security=security)


def test_a_token_is_not_shown() -> None:
    assert repr(Security(token=TOKEN, tls_ca="ca")) == "Security(tls_ca='ca')"
