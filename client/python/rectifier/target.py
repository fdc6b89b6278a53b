"""Where to find the server when nobody says where."""

import os


def default_target(root: str = "") -> str:
    """The gRPC target of the default unix socket: the rule of proto/default_target.h.

    The first of these that this process can enter:

    1. `unix:/run/rectifier/rectifierd.sock`, where the directory `/run/rectifier` exists;
    2. `unix:$XDG_RUNTIME_DIR/rectifierd.sock`;
    3. `unix:/tmp/rectifierd-UID.sock`.

    Whether a socket is there plays no part. `root` stands in for `/` of case 1 in tests.
    """
    service_directory = f"{root}/run/rectifier"
    if _can_enter(service_directory):
        return f"unix:{service_directory}/rectifierd.sock"
    # The XDG specification: a relative path is to be ignored.
    user_directory = os.environ.get("XDG_RUNTIME_DIR", "")
    if user_directory.startswith("/") and _can_enter(user_directory):
        return f"unix:{user_directory}/rectifierd.sock"
    return f"unix:/tmp/rectifierd-{os.getuid()}.sock"


def _can_enter(directory: str) -> bool:
    return os.path.isdir(directory) and os.access(directory, os.X_OK)
