"""Two servers, as two machines would have them, and what each of them has evaluated."""

import re
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from rectifierd_process import RectifierdProcess

_SHARED = re.compile(r'^rectifier_payload_bytes_total{.*transport="buffer".*} (\S+)$', re.M)
_ELEMENTS = re.compile(r"^rectifier_elements_total(?:{.*})? (\S+)$", re.M)


class Sidecars:
    """The servers of two workers. A worker knows its own by RECTIFIER_TARGET alone."""

    def __init__(self, servers: Sequence[RectifierdProcess]) -> None:
        self._servers = servers

    @property
    def targets(self) -> list[str]:
        return [server.unix_target for server in self._servers]

    def elements(self) -> list[int]:
        """How many each has evaluated so far."""
        return [_total(_ELEMENTS, server.metrics_address) for server in self._servers]

    def shared_bytes(self) -> list[int]:
        """What went to and from each in shared memory."""
        return [_total(_SHARED, server.metrics_address) for server in self._servers]


@contextmanager
def two_sidecars(rectifierd: str) -> Iterator[Sidecars]:
    with RectifierdProcess(rectifierd) as first, RectifierdProcess(rectifierd) as second:
        yield Sidecars([first, second])


def _total(samples: re.Pattern[str], address: str) -> int:
    with urllib.request.urlopen(f"http://{address}/metrics", timeout=10) as page:
        return round(sum(float(count) for count in samples.findall(page.read().decode())))
