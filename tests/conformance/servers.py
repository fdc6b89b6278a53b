"""Starts the server that a file of vectors is for."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rectifierd_process import RectifierdProcess

from vectors import VectorFile


@contextmanager
def serving(rectifierd: str, file: VectorFile) -> Iterator[RectifierdProcess]:
    """With the file's flags, in which `{NAME}` is the path of one of its files."""
    with tempfile.TemporaryDirectory(prefix="rectifier-vectors-") as folder:
        paths = {name: str(Path(folder) / name) for name in file.server_files}
        for name, content in file.server_files.items():
            Path(paths[name]).write_text(content)
        flags = [flag.format(**paths) for flag in file.server_flags]
        with RectifierdProcess(rectifierd, *flags) as process:
            yield process
