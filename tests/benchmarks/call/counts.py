"""What a call costs a server, in things that can be counted."""

from __future__ import annotations

import re
import subprocess
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import callgrind_file
from sides import Side, caller, running

CALLS = 1000
_CLOCK = r"(__vdso_|__)?(clock_gettime|gettimeofday)|std::chrono::_V2::.*::now"


@dataclass(frozen=True)
class Counts:
    """Each is of one call."""

    objects: Counter[str]  # instructions, by program or library
    rooms: Counter[str]  # instructions, by folder of our sources
    first_level_misses: float
    last_level_misses: float
    allocations: float
    locks: float
    clock_reads: float
    system_calls: Counter[str]
    waits: float  # voluntary context switches

    @property
    def instructions(self) -> int:
        return sum(self.objects.values())


def of(side: Side, reply_bytes: int, root: Path, calls: int = CALLS) -> Counts:
    found = _callgrind(side, reply_bytes, calls)
    system_calls = _strace(side, reply_bytes, calls)
    return Counts(
        objects=_each(found.by_object(), calls),
        rooms=_each(found.by_room(str(root)), calls),
        first_level_misses=found.first_level_misses / calls,
        last_level_misses=found.last_level_misses / calls,
        allocations=found.calls_of(r"malloc|calloc|realloc|memalign|posix_memalign") / calls,
        locks=found.calls_of(r"(__)?pthread_mutex_(lock|trylock)|absl::.*::Mutex::Lock") / calls,
        clock_reads=found.calls_of(_CLOCK) / calls,
        system_calls=system_calls,
        waits=_waits(side, reply_bytes, calls),
    )


def reply_bytes_of(side: Side) -> int:
    with running(side) as (_, target), caller(side, target, 0) as call:
        return len(call())


def _each(counter: Counter[str], calls: int) -> Counter[str]:
    return Counter({name: round(count / calls) for name, count in counter.items()})


def _callgrind(side: Side, reply_bytes: int, calls: int) -> callgrind_file.Profile:
    with tempfile.TemporaryDirectory(prefix="rectifier-") as folder:
        out = Path(folder) / "out"
        tool = [
            "valgrind", "--tool=callgrind", "--instr-atstart=no", "--cache-sim=yes",
            "--fair-sched=yes", f"--callgrind-out-file={out}",
        ]  # fmt: skip
        with running(side, tool) as (pid, target), caller(side, target, reply_bytes) as call:
            _instrument(pid, "on")
            for _ in range(calls):
                call()
            _instrument(pid, "off")
        # A program that a signal ends has written its counts, and a second file if it went on.
        with out.open() as lines:
            return callgrind_file.parse(lines)


def _instrument(pid: int, state: str) -> None:
    subprocess.run(["callgrind_control", "-i", state, str(pid)], check=True, capture_output=True)


def _strace(side: Side, reply_bytes: int, calls: int) -> Counter[str]:
    with running(side) as (pid, target), caller(side, target, reply_bytes) as call:
        tracer = subprocess.Popen(
            ["strace", "-f", "-c", "-p", str(pid)], stderr=subprocess.PIPE, text=True
        )
        assert tracer.stderr is not None
        heads = [tracer.stderr.readline()]  # "strace: Process 1 attached with 3 threads"
        for _ in range(calls):
            call()
        tracer.terminate()
        return _table(heads[0] + tracer.stderr.read(), calls)


def _table(text: str, calls: int) -> Counter[str]:
    """Of strace's summary: share, seconds, microseconds each, calls, errors if any, name."""
    rows = re.findall(r"^ *[\d.]+ +[\d.]+ +\d+ +(\d+) +(?:\d+ +)?([a-z]\w+)$", text, re.MULTILINE)
    counts = {name: int(count) / calls for count, name in rows if name != "total"}
    return Counter({name: round(each, 2) for name, each in counts.items() if each >= 0.05})


def _waits(side: Side, reply_bytes: int, calls: int) -> float:
    with running(side) as (pid, target), caller(side, target, reply_bytes) as call:
        before = _switches(pid)
        for _ in range(calls):
            call()
        return (_switches(pid) - before) / calls


def _switches(pid: int) -> int:
    total = 0
    for status in Path(f"/proc/{pid}/task").glob("*/status"):
        match = re.search(r"^voluntary_ctxt_switches:\s*(\d+)", status.read_text(), re.MULTILINE)
        total += int(match[1]) if match else 0
    return total
