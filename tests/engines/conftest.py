"""Fixtures: two servers, and the recipes as a notebook has them."""

import importlib.util
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest
from sidecars import Sidecars, two_sidecars

RECIPES = Path(__file__).resolve().parents[2] / "client/python/engines"


@pytest.fixture
def sidecars(monkeypatch: pytest.MonkeyPatch) -> Iterator[Sidecars]:
    """The servers of the workers; the driver has none, so a call of its own would fail."""
    with two_sidecars(os.environ["RECTIFIERD"]) as sidecars:
        monkeypatch.setenv("RECTIFIER_TARGET", "unix:/the/driver/has/no/sidecar.sock")
        yield sidecars


@pytest.fixture
def recipe() -> Callable[[str], ModuleType]:
    """Loads the recipe of this name.

    No worker can import it, so that engines send it as they send what is defined in a notebook.
    """

    def load(name: str) -> ModuleType:
        spec = importlib.util.spec_from_file_location(f"recipe_{name}", RECIPES / f"{name}.py")
        assert spec is not None and spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module

    return load
