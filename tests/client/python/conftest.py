"""Fixtures: a service that answers as a test tells it, and the real server."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from fake_service import FakeService
from rectifierd_process import RectifierdProcess

from rectifier import Client


@pytest.fixture
def fake(tmp_path: Path) -> Iterator[FakeService]:
    """A service in this process, on a unix socket of its own."""
    with FakeService(f"unix:{tmp_path}/fake.sock") as service:
        yield service


@pytest.fixture
def fake_client(fake: FakeService) -> Iterator[Client]:
    with Client(fake.target) as client:
        yield client


@pytest.fixture(scope="session")
def rectifierd() -> Iterator[RectifierdProcess]:
    """The server whose path is in the environment variable RECTIFIERD."""
    with RectifierdProcess(os.environ["RECTIFIERD"]) as process:
        yield process


@pytest.fixture(scope="session")
def client(rectifierd: RectifierdProcess) -> Iterator[Client]:
    """A client of the real server."""
    with Client(rectifierd.unix_target) as client:
        yield client
