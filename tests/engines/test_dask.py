"""Dask, with a scheduler and two workers, each with the sidecar that its environment names."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import ModuleType

import dask.array as da
from data import assert_same_bits, assert_shared_out, direct, inputs
from distributed import Client, Nanny, Scheduler, SpecCluster
from sidecars import Sidecars

SIZE = 1 << 22
BLOCK = 1 << 18  # 1 MiB: beyond that, blocks go through shared memory


@contextmanager
def cluster(targets: list[str]) -> Iterator[None]:
    workers = {
        i: {"cls": Nanny, "options": {"nthreads": 1, "env": {"RECTIFIER_TARGET": target}}}
        for i, target in enumerate(targets)
    }
    scheduler = {"cls": Scheduler, "options": {"host": "127.0.0.1", "dashboard": False}}
    with SpecCluster(workers=workers, scheduler=scheduler) as cluster, Client(cluster):
        yield


def test_blocks_are_evaluated_beside_their_workers(
    sidecars: Sidecars, recipe: Callable[[str], ModuleType]
) -> None:
    x = inputs(SIZE)
    with cluster(sidecars.targets):
        lazy = recipe("on_dask").gelu(da.from_array(x, chunks=BLOCK))
        assert (lazy.dtype, lazy.shape) == (x.dtype, x.shape)
        assert sidecars.elements() == [0, 0]
        y = lazy.compute()
    assert_shared_out(sidecars.elements(), SIZE)
    assert_same_bits(y, direct(sidecars, x))


def test_chains_of_blocks_go_through_shared_memory(
    sidecars: Sidecars, recipe: Callable[[str], ModuleType]
) -> None:
    x = inputs(SIZE)
    gelu = recipe("on_dask").gelu
    with cluster(sidecars.targets):
        y = gelu(gelu(da.from_array(x, chunks=SIZE // 4))).persist().compute()
    assert_shared_out(sidecars.elements(), 2 * SIZE)
    assert sum(sidecars.shared_bytes()) == 4 * x.nbytes  # twice, in and out
    assert_same_bits(y, direct(sidecars, direct(sidecars, x)))
