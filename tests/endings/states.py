"""The states that a call can be in, and how each is reached, without waiting for any time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from http2 import EVALUATE
from peer import Peer
from rectifierd_process import RectifierdProcess
from victim import MIB, series, wait_until

from rectifier.v1 import activation_pb2 as pb

STREAM = "/rectifier.v1.ActivationService/EvaluateStream"

# Little enough that one reply fills what a stream is let have beside it.
SMALL_BUDGET = ("--max_message_bytes=4MiB", "--max_inflight_bytes=8MiB")

# Calls of one connection take turns of 10 ms, so that the last of so many waits for the others.
HOGS = 32

# Elements of a long call, which a fast machine computes for some seconds in its most rounds.
LONG = 1 << 20


@dataclass
class Scene:
    """A server, the peers that a state needs, and how their calls are to end."""

    server: RectifierdProcess
    timeout: str = ""  # of each call
    rounds: int = 1000  # that a long call computes
    peers: list[Peer] = field(default_factory=list)

    def peer(self, takes_replies: bool = True) -> Peer:
        self.peers.append(Peer(self.server.unix_target, takes_replies))
        return self.peers[-1]

    def open(self, peer: Peer, path: str, *messages: bytes) -> int:
        call = peer.open(path, self.timeout)
        for message in messages:
            peer.write(call, message)
        return call

    def long_call(self, peer: Peer, timeout: str) -> None:
        call = peer.open(EVALUATE, timeout)
        peer.write(call, sums(LONG, self.rounds))
        peer.end_writes(call)

    @property
    def calls(self) -> int:
        return sum(len(peer.calls) for peer in self.peers)


@dataclass
class State:
    method: str
    reach: Callable[[Scene], None]
    # What the server has counted of this method's messages when the state is reached.
    received: int = 0
    sent: int = 0
    flags: tuple[str, ...] = ()
    # The codes with which its calls end; without them that of the ending.
    codes: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()  # or these, for some of them
    drained: tuple[str, ...] = ("Unavailable",)
    timeout: str = "700m"  # where a deadline ends it
    # Who keeps a draining server waiting is given up after half of this, or 5 s.
    drain_timeout: str = "3s"


def sums(elements: int, rounds: int) -> bytes:
    """Sums over the same elements, again and again."""
    request = pb.EvaluateRequest()
    for _ in range(rounds):
        request.evaluations.add(inputs=[0]).activation.name = "logsumexp"
    request.tensors.add(element_type=pb.ELEMENT_TYPE_FLOAT32, shape=[elements])
    request.tensors[0].data = bytes(4 * elements)
    return request.SerializeToString()


def relu(elements: int) -> bytes:
    request = pb.EvaluateRequest()
    request.evaluations.add(inputs=[0]).activation.name = "relu"
    request.tensors.add(element_type=pb.ELEMENT_TYPE_FLOAT32, shape=[elements])
    request.tensors[0].data = bytes(4 * elements)
    return request.SerializeToString()


def header(elements: int, activation: str = "relu") -> bytes:
    request = pb.EvaluateStreamRequest()
    request.header.activation.name = activation
    request.header.element_type = pb.ELEMENT_TYPE_FLOAT32
    request.header.shape.append(elements)
    return request.SerializeToString()


def chunk(elements: int) -> bytes:
    request = pb.EvaluateStreamRequest()
    request.chunk.input = bytes(4 * elements)
    return request.SerializeToString()


def wait_for_message(scene: Scene) -> None:
    scene.open(scene.peer(), EVALUATE)


def wait_for_rest_of_message(scene: Scene) -> None:
    peer = scene.peer()
    peer.write(peer.open(EVALUATE, scene.timeout), bytes(1000), claimed=100_000)


def be_queued(scene: Scene) -> None:
    peer = scene.peer()
    for _ in range(HOGS):
        scene.long_call(peer, scene.timeout)


def compute(scene: Scene) -> None:
    scene.long_call(scene.peer(), scene.timeout)


def wait_for_taker(scene: Scene) -> None:
    peer = scene.peer(takes_replies=False)
    peer.end_writes(scene.open(peer, EVALUATE, relu(MIB // 4)))


def wait_for_header(scene: Scene) -> None:
    scene.open(scene.peer(), STREAM)


def wait_for_chunk(scene: Scene) -> None:
    scene.open(scene.peer(), STREAM, header(MIB))


def wait_for_memory(scene: Scene) -> None:
    scene.open(scene.peer(takes_replies=False), EVALUATE, relu(3 * MIB // 4))
    wait_until(lambda: series(scene.server, "grpc_server_handled_total") == 1)
    scene.open(scene.peer(), STREAM, header(MIB), chunk(7 * MIB // 8))


def compute_window(scene: Scene) -> None:
    peer = scene.peer()
    for _ in range(HOGS):
        scene.long_call(peer, timeout="")
    peer.end_writes(scene.open(peer, STREAM, header(MIB // 8, "logsumexp"), chunk(MIB // 8)))


def write(scene: Scene) -> None:
    scene.open(scene.peer(takes_replies=False), STREAM, header(MIB), chunk(1000))


def write_one_of_several(scene: Scene) -> None:
    scene.open(scene.peer(takes_replies=False), STREAM, header(4 * MIB), chunk(2 * MIB))


STATES = {
    "waits for its message": State("Evaluate", wait_for_message),
    "waits for the rest of it": State("Evaluate", wait_for_rest_of_message),
    "queued": State(
        "Evaluate",
        be_queued,
        received=HOGS,
        # Those who have a deadline are turned away where they would wait for too long.
        refused=("ResourceExhausted",),
        drained=("OK",),
        drain_timeout="60s",
    ),
    "computing": State("Evaluate", compute, received=1, drained=("OK",), drain_timeout="60s"),
    "reply not taken": State("Evaluate", wait_for_taker, sent=1, codes=("OK",)),
    "stream before its header": State("EvaluateStream", wait_for_header),
    "stream waits for a chunk": State("EvaluateStream", wait_for_chunk, received=1),
    "stream waits for memory": State(
        "EvaluateStream",
        wait_for_memory,
        received=2,
        flags=SMALL_BUDGET,
        # It may get the memory of the other call when that is given up in the same moment.
        drained=("Unavailable", "Canceled"),
        drain_timeout="60s",  # it may be waited for several times, each for 5 s and a tick
    ),
    "stream computing": State(
        "EvaluateStream",
        compute_window,
        received=2,
        timeout="100m",  # its turn comes later
        drained=("OK",),
        drain_timeout="60s",
    ),
    "stream writes": State("EvaluateStream", write, sent=1, drained=("Unavailable", "Canceled")),
    "stream writes one of several": State(
        "EvaluateStream", write_one_of_several, sent=1, drained=("Canceled",)
    ),
}


def counted(server: RectifierdProcess, what: str, state: State) -> float:
    return series(server, f"grpc_server_{what}_total", grpc_method=state.method)
