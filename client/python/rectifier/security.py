"""How a client knows that it talks to the right server, and how the server knows the client."""

import os
import re
import string
from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import grpc

_SYSTEM = "system"
_OF_A_TOKEN = frozenset(string.ascii_letters + string.digits + "-._~+/=")
# Where nobody between client and server can listen. A name may begin with "127.", too, and a list
# of addresses may go on elsewhere.
_SOCKETS = ("unix:", "unix-abstract:")
_HERE = re.compile(r"(localhost:|\[::1\]:|127\.[0-9.]+(:|$))[^,]*")


@dataclass(frozen=True)
class Security:
    """TLS and tokens. Files are read when the client is made: to exchange one, make a new client.

    Without arguments there is neither.
    """

    tls_ca: str = ""
    """The authorities that may have signed the server's certificate, as a file of PEM; "system"
    stands for those that the system trusts. Empty: no TLS."""
    tls_certificate: str = ""
    """The client's own certificate, as a file of PEM, for servers that ask for one."""
    tls_key: str = ""
    """The key of `tls_certificate`, as a file of PEM."""
    tls_server_name: str = ""
    """The name that the server's certificate must have, where it is not the host of the target."""
    token: str = ""
    """A token. It is sent over TLS, to this machine and to unix sockets alone."""
    token_file: str = ""
    """The file that holds the token."""

    @classmethod
    def from_environment(cls) -> "Security":
        """What RECTIFIER_TLS_CA, RECTIFIER_TOKEN_FILE and so on say, each in place of a field."""
        given = {
            field.name: os.environ.get(f"RECTIFIER_{field.name.upper()}", "")
            for field in fields(cls)
        }
        if given["token_file"]:
            given["token"] = ""
        return cls(**given)

    def __repr__(self) -> str:
        shown = ", ".join(
            f"{field.name}={getattr(self, field.name)!r}"
            for field in fields(self)
            if getattr(self, field.name) and field.name != "token"
        )
        return f"Security({shown})"

    def open_channel(
        self, target: str, options: Sequence[tuple[str, object]], grpc_module: Any = grpc
    ) -> Any:
        """A channel of grpc, or of grpc.aio, which connects at the first call.

        Errors: as `credentials`.
        """
        credentials = self.credentials()
        if credentials is None:
            return grpc_module.insecure_channel(target, options=list(options))
        if self.tls_server_name:
            options = [*options, ("grpc.ssl_target_name_override", self.tls_server_name)]
        return grpc_module.secure_channel(target, credentials, options=list(options))

    def credentials(self) -> Any:
        """Of gRPC, for TLS; None without it.

        Errors: OSError for files that cannot be read, ValueError for parts that do not go together.
        """
        if bool(self.tls_certificate) != bool(self.tls_key):
            raise ValueError("tls_certificate and tls_key are needed together")
        if not self.tls_ca:
            if self.tls_certificate or self.tls_server_name:
                raise ValueError('tls_ca is needed for TLS; "system": what the system trusts')
            return None
        return grpc.ssl_channel_credentials(
            None if self.tls_ca == _SYSTEM else _read_pem("tls_ca", self.tls_ca, b"BEGIN CERT"),
            _read_pem("tls_key", self.tls_key, b"PRIVATE KEY") if self.tls_key else None,
            _read_pem("tls_certificate", self.tls_certificate, b"BEGIN CERT")
            if self.tls_certificate
            else None,
        )

    def metadata(self, target: str) -> tuple[tuple[str, str], ...]:
        """What every call to `target` carries. Errors: as `credentials`."""
        if self.token and self.token_file:
            raise ValueError("both token and token_file are given; one is needed")
        token = Path(self.token_file).read_text().strip() if self.token_file else self.token
        if not token and not self.token_file:
            return ()
        if not token or not _OF_A_TOKEN.issuperset(token):
            raise ValueError("a token has letters, digits and -._~+/= alone")
        if not self.tls_ca and not _stays_here(target):
            raise ValueError(f"the token would travel to {target} in the open; tls_ca turns TLS on")
        return (("authorization", f"Bearer {token}"),)


def _read_pem(what: str, path: str, marker: bytes) -> bytes:
    content = Path(path).read_bytes()
    if marker not in content:
        raise ValueError(f"{what}: {path}: the file holds none in PEM")
    return content


def _stays_here(target: str) -> bool:
    for scheme in ("dns:///", "ipv4:", "ipv6:"):
        target = target.removeprefix(scheme)
    return target.startswith(_SOCKETS) or _HERE.fullmatch(target) is not None
