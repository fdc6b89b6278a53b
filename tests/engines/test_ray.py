"""Ray Data, with two nodes, each with the sidecar that its environment names."""

import secrets
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

import numpy as np
import pyarrow
import pytest
import ray
from daemons import daemon
from data import assert_same_bits, assert_shared_out, direct, inputs
from sidecars import Sidecars

SIZE = 1 << 18
BLOCK = SIZE // 8
CLUSTER = Path(__file__).with_name("ray_cluster.py")
MOST_SECONDS = 300  # an actor beside other work can take a minute to start


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Ray's own; in pytest's, the paths of its sockets would be too long."""
    with tempfile.TemporaryDirectory(prefix="ray", dir="/tmp") as folder:
        monkeypatch.setenv("RAY_TMPDIR", folder)
        monkeypatch.setenv("RAY_AUTH_TOKEN", secrets.token_hex(32))
        monkeypatch.setenv("RAY_USAGE_STATS_ENABLED", "0")
        yield Path(folder)


@contextmanager
def cluster(targets: list[str], folder: Path) -> Iterator[None]:
    command = [sys.executable, str(CLUSTER), *targets]
    environment = {"RAY_AUTH_MODE": "token"}
    with daemon(command, "(serves)", folder / "log", environment):
        ray.init("auto")  # an address given would leave the token out
        try:
            yield
        finally:
            ray.shutdown()


def test_batches_are_evaluated_beside_their_actors(
    sidecars: Sidecars, recipe: Callable[[str], ModuleType], folder: Path
) -> None:
    x = inputs(SIZE)
    table = pyarrow.table({"i": np.arange(SIZE), "x": x})
    with cluster(sidecars.targets, folder):
        # Both actors are there before the first batch is given out.
        ray.data.DataContext.get_current().wait_for_min_actors_s = MOST_SECONDS
        rows = ray.data.from_arrow([table[at : at + BLOCK] for at in range(0, SIZE, BLOCK)])
        lazy = recipe("on_ray").gelu(rows, actors=2)
        assert sidecars.elements() == [0, 0]
        result = pyarrow.concat_tables(ray.get(lazy.to_arrow_refs())).sort_by("i")
    assert_shared_out(sidecars.elements(), SIZE)
    assert_same_bits(result["x"].to_numpy(), x)
    assert_same_bits(result["y"].to_numpy(), direct(sidecars, x))
