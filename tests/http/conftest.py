from __future__ import annotations

from collections.abc import Iterator

import pytest
from rectifierd_process import RectifierdProcess
from web import serve


@pytest.fixture(scope="session")
def server() -> Iterator[RectifierdProcess]:
    with serve() as running:
        yield running
