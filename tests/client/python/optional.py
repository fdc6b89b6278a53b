"""Modules that some tests need, and that are not everywhere."""

import importlib
import os
from typing import Any

import pytest


def optional(module: str, source: str) -> Any:
    """The module; skips the test, or the file, where it is missing.

    source: what brings it. Of the modules in RECTIFIER_MUST_HAVE none may be missing, so that
    `client/python/test` leaves nothing out.
    """
    try:
        return importlib.import_module(module)
    except ImportError:
        if module in os.environ.get("RECTIFIER_MUST_HAVE", "").split():
            raise
        pytest.skip(f"{module} is not installed: {source}", allow_module_level=True)
