"""The page at "/": its files as browsers get them, and what is not there."""

from __future__ import annotations

import gzip
import hashlib
import os
import re
from pathlib import Path

import pytest
from rectifierd_process import RectifierdProcess
from web import ask, raw, serve

DIST = Path(__file__).resolve().parents[2] / "client/explorer/dist"
FILES = {
    "/": ("index.html", "text/html; charset=utf-8"),
    "/explorer.js": ("explorer.js", "text/javascript; charset=utf-8"),
    "/explorer.css": ("explorer.css", "text/css; charset=utf-8"),
    "/icon.svg": ("icon.svg", "image/svg+xml"),
}
# Python's own client says that it takes no compression, unless it is told otherwise.
GZIP = {"Accept-Encoding": "gzip, deflate, br"}


def test_all_that_is_built_is_served() -> None:
    assert {name for name, _ in FILES.values()} == {path.name for path in DIST.iterdir()}


@pytest.mark.parametrize("path", FILES)
def test_a_file_is_what_was_built_and_says_what_it_is(server: RectifierdProcess, path: str) -> None:
    name, content_type = FILES[path]
    built = (DIST / name).read_bytes()
    answer = ask(server, path, headers=GZIP)
    assert answer.status == 200 and answer.headers["Content-Type"] == content_type
    assert answer.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(answer.body) == built
    assert answer.headers["ETag"] == f'"{hashlib.sha256(built).hexdigest()[:16]}"'
    assert answer.headers["Cache-Control"] == "no-cache"
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_the_page_is_small(server: RectifierdProcess) -> None:
    sizes = [len(ask(server, path, headers=GZIP).body) for path in FILES]
    assert sum(sizes) < 60_000


def test_nothing_in_the_page_is_inline_or_from_elsewhere() -> None:
    text = (DIST / "index.html").read_text()
    assert not re.search(r"<style|style=|\son\w+=|javascript:", text)
    assert all(" src=" in tag for tag in re.findall(r"<script[^>]*>", text))
    assert not re.search(r"(src|href)=[\"'](https?:)?//", text)
    assert not re.search(r"url\(|@import", (DIST / "explorer.css").read_text())


def test_head_has_the_head_of_get(server: RectifierdProcess) -> None:
    get = ask(server, "/", headers=GZIP)
    head = ask(server, "/", headers=GZIP, method="HEAD")
    assert head.status == 200 and head.body == b""
    assert dict(head.headers) == dict(get.headers)


@pytest.mark.parametrize("form", ["{}", "W/{}", '"other", {}', "*"])
def test_who_has_the_file_is_told_so(server: RectifierdProcess, form: str) -> None:
    etag = ask(server, "/explorer.js").headers["ETag"]
    request = f"GET /explorer.js HTTP/1.1\r\nHost: localhost\r\nIf-None-Match: {form}\r\n"
    answer = raw(server, (request + "Connection: close\r\n\r\n").format(etag).encode())
    assert answer.startswith(b"HTTP/1.1 304 Not Modified\r\n") and answer.endswith(b"\r\n\r\n")
    assert f"ETag: {etag}".encode() in answer and b"Content-Length" not in answer


def test_another_etag_gets_the_file(server: RectifierdProcess) -> None:
    assert ask(server, "/", headers=GZIP | {"If-None-Match": '"0123456789abcdef"'}).status == 200


@pytest.mark.parametrize(
    ("codings", "status"),
    [
        ("gzip", 200),
        ("br;q=1.0, GZIP;q=0.8", 200),
        ("*", 200),
        ("identity, *;q=0.1", 200),
        ("identity", 406),
        ("gzip;q=0", 406),
        ("br, *;q=0", 406),
        ("", 406),
    ],
)
def test_gzip_is_sent_to_who_takes_it(server: RectifierdProcess, codings: str, status: int) -> None:
    assert ask(server, "/", headers={"Accept-Encoding": codings}).status == status


def test_the_page_is_only_read(server: RectifierdProcess) -> None:
    answer = ask(server, "/", body="", method="POST")
    assert answer.status == 405 and answer.headers["Allow"] == "GET, HEAD, OPTIONS"
    assert ask(server, "/", method="OPTIONS").status == 204


def test_a_connection_stays_for_the_next_file(server: RectifierdProcess) -> None:
    first = "GET / HTTP/1.1\r\nHost: localhost\r\nIf-None-Match: *\r\n\r\n"
    last = "GET /icon.svg HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    answers = raw(server, (first + last).encode())
    assert answers.count(b"HTTP/1.1 ") == 2 and b"image/svg+xml" in answers


def test_other_names_are_not_files(server: RectifierdProcess) -> None:
    for path in ("/index.html", "/explorer.js.map", "//", "/../icon.svg", "/explorer"):
        assert ask(server, path).status == 404, path


def test_a_page_whose_name_points_here_gets_nothing(server: RectifierdProcess) -> None:
    assert ask(server, "/", headers={"Host": "evil.example"}).status == 421


def test_the_page_asks_for_no_token_and_metrics_do(tmp_path: Path) -> None:
    tokens = tmp_path / "tokens"
    tokens.write_text(f"tester sha256:{hashlib.sha256(b'a token').hexdigest()}\n")
    tokens.chmod(0o600)
    with serve(f"--tokens_file={tokens}", "--http_metrics") as server:
        assert all(ask(server, path, headers=GZIP).status == 200 for path in FILES)
        assert ask(server, "/metrics").status == 401
        answer = ask(server, "/metrics", headers={"Authorization": "Bearer a token"})
        assert answer.status == 200


def test_metrics_are_there_where_the_flag_says_so(server: RectifierdProcess) -> None:
    answer = ask(server, "/metrics")
    assert answer.status == 404 and "--http_metrics" in answer.json["message"]
    with serve("--http_metrics") as other:
        answer = ask(other, "/metrics")
        assert answer.status == 200
        assert answer.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
        assert b"# TYPE grpc_server_handling_seconds histogram" in answer.body
        assert b"rectifier_http_responses_total" in answer.body
        assert ask(other, "/metrics", body="", method="POST").status == 405


def test_without_the_flag_nothing_listens() -> None:
    with RectifierdProcess(os.environ["RECTIFIERD"]) as server:
        assert server.http_address == ""
        sockets = Path(f"/proc/{server.pid}/net/tcp").read_text()
        inodes = {os.readlink(link) for link in Path(f"/proc/{server.pid}/fd").iterdir()}
        listening = [
            line.split()[1].rsplit(":", 1)[1]
            for line in sockets.splitlines()[1:]
            if line.split()[3] == "0A" and f"socket:[{line.split()[9]}]" in inodes
        ]
        known = [server.tcp_target, server.metrics_address]
        assert sorted(int(port, 16) for port in listening) == sorted(
            int(address.rsplit(":", 1)[1]) for address in known
        )
