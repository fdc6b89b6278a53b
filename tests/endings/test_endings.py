"""Every state of a call, ended in every way: it ends exactly once, and leaves nothing."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import grpc
import pytest
from http2 import EVALUATE
from peer import Peer
from rectifierd_process import RectifierdProcess
from states import HOGS, LONG, STATES, STREAM, Scene, State, chunk, counted, header, sums
from victim import MIB, series, serve, wait_until

ENDINGS = {
    "cancel": "Canceled",
    "deadline": "DeadlineExceeded",
    "disconnect": "Canceled",
}


class Holder(Peer):
    """A polite stream that keeps a draining server there, by sending an element now and then."""

    def __init__(self, server: RectifierdProcess) -> None:
        super().__init__(server.unix_target)
        self._stream = self.open(STREAM)
        self.write(self._stream, header(MIB))
        self.poke()

    def poke(self) -> None:
        self.write(self._stream, chunk(1))


@contextmanager
def scene_of(state: State, ending: str, rounds: int = 1000) -> Iterator[Scene]:
    flags = ("--threads=1", "--io_threads=2", *state.flags)
    if ending == "drain":
        flags += (f"--drain_timeout={state.drain_timeout}",)
    with serve(*flags) as server, ExitStack() as peers:
        scene = Scene(server, state.timeout if ending == "deadline" else "", rounds)
        yield scene
        for peer in scene.peers:
            peers.enter_context(peer)


@pytest.fixture(scope="session")
def finite_rounds() -> int:
    """So many that all the hogs take about a second, whatever the server was built with."""
    with serve("--threads=1") as server, grpc.insecure_channel(server.unix_target) as channel:
        began = time.monotonic()
        channel.unary_unary(EVALUATE)(sums(LONG, 10), timeout=60)
        return max(1, int(10 / HOGS / (time.monotonic() - began)))


def handled(server: RectifierdProcess, **labels: str) -> float:
    return series(server, "grpc_server_handled_total", **labels)


def in_flight(server: RectifierdProcess) -> tuple[float, float]:
    return series(server, "rectifier_inflight_calls"), series(server, "rectifier_inflight_bytes")


def reach(scene: Scene, state: State) -> None:
    """A deadline may be faster, on a slow machine."""
    server = scene.server
    received = counted(server, "msg_received", state) + state.received
    sent = counted(server, "msg_sent", state) + state.sent
    started = series(server, "grpc_server_started_total")
    state.reach(scene)

    def is_reached() -> bool:
        return (
            series(server, "grpc_server_started_total") == started + scene.calls
            and counted(server, "msg_received", state) >= received
            and counted(server, "msg_sent", state) >= sent
        )

    wait_until(lambda: is_reached() or handled(server) == scene.calls)


def bring_about(ending: str, scene: Scene, state: State) -> None:
    if ending == "deadline":  # which other calls that it needs may not have
        ended = series(scene.server, "grpc_server_started_total", grpc_method=state.method)
        wait_until(lambda: handled(scene.server, grpc_method=state.method) == ended)
    for peer in scene.peers:
        if ending == "disconnect":
            peer.socket.close()
        else:
            peer.cancel()


def expect_codes(scene: Scene, state: State, codes: tuple[str, ...], others: int = 0) -> None:
    """`others` are calls of the method that have not ended."""
    count = sum(
        handled(scene.server, grpc_method=state.method, grpc_code=code)
        for code in (*(state.codes or codes), *state.refused)
    )
    assert count == counted(scene.server, "started", state) - others


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("name", STATES)
def test_a_caller_ends_it(name: str, ending: str) -> None:
    state = STATES[name]
    with scene_of(state, ending) as scene:
        server = scene.server
        reach(scene, state)
        bring_about(ending, scene, state)
        wait_until(lambda: in_flight(server) == (0, 0))
        assert handled(server) == series(server, "grpc_server_started_total") == scene.calls
        expect_codes(scene, state, (ENDINGS[ending],))
        assert server.stop() == 0
        assert server.wait_for_event("stopped")["calls_lost"] == 0


@pytest.mark.parametrize("name", STATES)
def test_a_drain_ends_it(name: str, finite_rounds: int) -> None:
    state = STATES[name]
    with scene_of(state, "drain", min(finite_rounds, 1000)) as scene:
        server = scene.server
        with Holder(server) as holder:
            wait_until(lambda: series(server, "grpc_server_msg_sent_total") == 1)
            held = in_flight(server)
            reach(scene, state)
            server.begin_stop()

            def is_over() -> bool:
                holder.poke()
                return in_flight(server) == held

            wait_until(is_over, seconds=60)
            assert handled(server) == scene.calls
            assert series(server, "grpc_server_started_total") == scene.calls + 1
            expect_codes(scene, state, state.drained, others=state.method == "EvaluateStream")
        assert server.stop() == 0
        assert server.wait_for_event("stopped")["calls_lost"] == 0
