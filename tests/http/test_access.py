"""Who gets in by HTTP: tokens, certificates, hosts and origins; a unix socket; the drain."""

from __future__ import annotations

import http.client
import json
import os
import ssl
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from rectifierd_process import RectifierdProcess
from web import JSON, LISTEN, SERVICE, Answer, ask, call, serve

TOKEN = "a-token-of-the-test-0123456789"
RELU = {"tensors": [{"values": [-1]}], "evaluations": [{"activation": {"name": "relu"}}]}
BEARER = {"Authorization": f"Bearer {TOKEN}"}


def openssl(folder: Path, words: str) -> None:
    subprocess.run(["openssl", *words.split()], cwd=folder, check=True, capture_output=True)


def sign(folder: Path, file: str, names: str) -> None:
    """A certificate that the authority of the folder has signed."""
    openssl(
        folder,
        "req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes "
        f"-subj /CN={file} -keyout {file}.key -out {file}.csr",
    )
    (folder / f"{file}.ext").write_text(f"subjectAltName={names}\n")
    openssl(
        folder,
        f"x509 -req -in {file}.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 "
        f"-extfile {file}.ext -out {file}.pem",
    )


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("certificates")
    openssl(
        folder,
        "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 "
        "-subj /CN=authority -keyout ca.key -out ca.pem",
    )
    sign(folder, "server", "IP:127.0.0.1")
    sign(folder, "alice", "DNS:alice.example")
    sign(folder, "mallory", "DNS:mallory.example")
    return folder


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RectifierdProcess]:
    file = tmp_path_factory.mktemp("tokens") / "tokens"
    file.write_text(f"alice plain:{TOKEN}\n")
    # Callers of HTTP have come by no unix socket, though gRPC's end of them has.
    with serve(f"--tokens_file={file}", "--tokens_required=tcp") as server:
        yield server


def tls(certificates: Path, client: str = "") -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=str(certificates / "ca.pem"))
    if client:
        context.load_cert_chain(certificates / f"{client}.pem", certificates / f"{client}.key")
    return context


def secure_call(server: RectifierdProcess, context: ssl.SSLContext) -> Answer:
    connection = http.client.HTTPSConnection(server.http_address, timeout=30, context=context)
    try:
        connection.request("POST", SERVICE + "Evaluate", json.dumps(RELU), JSON)
        response = connection.getresponse()
        return Answer(response.status, response.headers, response.read())
    finally:
        connection.close()


def server_flags(certificates: Path) -> list[str]:
    return [
        f"--tls_certificate={certificates}/server.pem",
        f"--tls_key={certificates}/server.key",
    ]


def test_a_call_needs_a_token(guarded: RectifierdProcess) -> None:
    answer = call(guarded, "Evaluate", RELU)
    assert answer.status == 401 and answer.json["code"] == "unauthenticated"
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert answer.json["details"][-1]["debug"]["reason"] == "TOKEN_MISSING"
    assert ask(guarded, "/v2/models/relu/infer", "{}").status in (400, 401)
    assert ask(guarded, "/v2/models/relu").status == 401
    assert ask(guarded, "/v2").status == 401


def test_a_wrong_token_is_none(guarded: RectifierdProcess) -> None:
    answer = call(guarded, "Evaluate", RELU, Authorization="Bearer of-another-server-01234")
    assert answer.status == 401
    assert answer.json["details"][-1]["debug"]["reason"] == "TOKEN_UNKNOWN"


def test_a_token_lets_in(guarded: RectifierdProcess) -> None:
    assert call(guarded, "Evaluate", RELU, **BEARER).status == 200
    assert ask(guarded, "/v2/models/relu", headers=BEARER).status == 200


def test_health_needs_none(guarded: RectifierdProcess) -> None:
    for path in ("/healthz", "/v2/health/live", "/v2/health/ready"):
        assert ask(guarded, path).status == 200


def test_the_log_has_the_peer_of_http(guarded: RectifierdProcess) -> None:
    call(guarded, "Evaluate", RELU)
    assert guarded.wait_for_event("audit")["peer"].startswith("ipv4:127.0.0.1:")


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion")
def test_tls_is_that_of_grpc(certificates: Path) -> None:
    with serve(*server_flags(certificates)) as server:
        assert secure_call(server, tls(certificates)).status == 200
        with pytest.raises((ConnectionError, http.client.HTTPException)):
            ask(server, "/healthz")  # in plain text
        old = tls(certificates)
        old.maximum_version = ssl.TLSVersion.TLSv1_1
        with pytest.raises((ssl.SSLError, ConnectionError)):
            secure_call(server, old)
        assert secure_call(server, tls(certificates)).status == 200


def test_a_certificate_is_exchanged_while_it_serves(certificates: Path, tmp_path: Path) -> None:
    for file in ("ca.pem", "ca.key", "server.pem", "server.key"):
        (tmp_path / file).write_bytes((certificates / file).read_bytes())
    with serve(*server_flags(tmp_path)) as server:
        before = serial(server, tls(tmp_path))
        sign(tmp_path, "server", "IP:127.0.0.1")
        # Between the new key and the new certificate there is none to take.
        end = time.monotonic() + 60
        while serial(server, tls(tmp_path)) == before:
            assert time.monotonic() < end


def serial(server: RectifierdProcess, context: ssl.SSLContext) -> Any:
    connection = http.client.HTTPSConnection(server.http_address, timeout=30, context=context)
    connection.request("GET", "/healthz")
    assert connection.getresponse().read() == b"ok\n"
    shown = connection.sock.getpeercert()
    connection.close()
    return shown["serialNumber"]


def test_client_certificates_and_their_names(certificates: Path) -> None:
    flags = [f"--tls_client_ca={certificates}/ca.pem", "--tls_allowed_names=alice.example"]
    with serve(*server_flags(certificates), *flags) as server:
        assert secure_call(server, tls(certificates, "alice")).status == 200
        answer = secure_call(server, tls(certificates, "mallory"))
        assert answer.status == 403 and "mallory.example" in answer.json["message"]
        with pytest.raises((ssl.SSLError, ConnectionError, http.client.HTTPException)):
            secure_call(server, tls(certificates))


def test_hosts_are_those_of_the_flag() -> None:
    with serve("--http_allowed_hosts=rectifier.example") as server:
        assert call(server, "Evaluate", RELU, Host="rectifier.example:8080").status == 200
        answer = call(server, "Evaluate", RELU, Host="evil.example")
        assert answer.status == 421 and "--http_allowed_hosts" in answer.json["message"]
        assert ask(server, "/healthz", headers={"Host": "evil.example"}).status == 200


def test_a_page_of_an_allowed_origin_may_call() -> None:
    page = "https://lab.example"
    with serve(f"--http_allowed_origins={page}") as server:
        asked = {
            "Origin": page,
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "content-type",
        }
        preflight = ask(server, SERVICE + "Evaluate", headers=asked, method="OPTIONS")
        assert preflight.status == 204
        assert preflight.headers["Access-Control-Allow-Origin"] == page
        assert "content-type" in preflight.headers["Access-Control-Allow-Headers"]
        answer = call(server, "Evaluate", RELU, Origin=page)
        assert answer.status == 200
        assert answer.headers["Access-Control-Allow-Origin"] == page
        refused = call(server, "Evaluate", RELU, Origin="https://evil.example")
        assert refused.status == 403
        assert "Access-Control-Allow-Origin" not in refused.headers
        assert call(server, "Evaluate", RELU, Origin=f"http://{server.http_address}").status == 200


def test_curl_over_a_unix_socket(tmp_path: Path) -> None:
    path = tmp_path / "http.sock"
    flag = f"--http_listen=unix:{path}"
    with RectifierdProcess(os.environ["RECTIFIERD"], flag) as server:
        assert server.http_address == f"unix:{path}"
        command = [
            "curl",
            "--silent",
            "--unix-socket",
            str(path),
            "http://localhost/v2/models/relu",
        ]
        printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        assert json.loads(printed)["name"] == "relu"


def test_the_address_must_be_one() -> None:
    for given in ("nowhere", "unix:"):
        done = subprocess.run(
            [os.environ["RECTIFIERD"], f"--http_listen={given}"], capture_output=True, text=True
        )
        assert done.returncode == 2 and "--http_listen" in done.stderr


def test_a_connection_ends_with_its_response_while_the_server_drains() -> None:
    with RectifierdProcess(os.environ["RECTIFIERD"], LISTEN, "--drain_delay=30s") as server:
        connection = http.client.HTTPConnection(server.http_address, timeout=30)
        connection.request("POST", SERVICE + "Evaluate", json.dumps(RELU), JSON)
        assert connection.getresponse().read()
        server.begin_stop()
        server.wait_for_event("draining")
        while ask(server, "/v2/health/ready").status == 200:
            pass
        connection.request("POST", SERVICE + "Evaluate", json.dumps(RELU), JSON)
        response = connection.getresponse()
        assert response.status == 200 and response.headers["Connection"] == "close"
        server.begin_stop()  # ends the delay
