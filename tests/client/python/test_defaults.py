"""What a client does by itself: spreads calls, tries again, gives up, tells whom it called."""

import os
import time
from pathlib import Path
from typing import Any

import grpc
import numpy as np
import pytest
from fake_service import FakeService, echo
from rectifierd_process import RectifierdProcess

import rectifier
from rectifier import Client
from rectifier.channel import OPTIONS, join_targets
from rectifier.v1 import activation_pb2 as pb

X = np.ones(3, np.float32)


def started_calls(server: RectifierdProcess) -> int:
    from urllib.request import urlopen

    with urlopen(f"http://{server.metrics_address}/metrics") as page:
        lines = page.read().decode().splitlines()
    name = 'grpc_server_started_total{grpc_method="Evaluate",'
    return sum(int(line.rsplit(" ", 1)[1]) for line in lines if line.startswith(name))


def test_calls_are_spread_over_all_addresses() -> None:
    path = os.environ["RECTIFIERD"]
    with RectifierdProcess(path) as one, RectifierdProcess(path) as two:
        targets = [one.tcp_target, two.tcp_target]
        for target in (targets, ",".join(targets), f"ipv4:{','.join(targets)}"):
            first = [started_calls(server) for server in (one, two)]
            with Client(target) as client:
                end = time.monotonic() + 30
                while any(started_calls(s) == n for s, n in zip((one, two), first, strict=True)):
                    client.evaluate("relu", X)  # until both are connected
                    assert time.monotonic() < end
                before = [started_calls(server) for server in (one, two)]
                for _ in range(40):
                    client.evaluate("relu", X)
            calls = [started_calls(s) - b for s, b in zip((one, two), before, strict=True)]
            assert calls == [20, 20]


def test_a_server_that_ends_does_not_fail_calls_while_another_serves() -> None:
    path = os.environ["RECTIFIERD"]
    with (
        RectifierdProcess(path) as one,
        RectifierdProcess(path) as two,
        Client([one.tcp_target, two.tcp_target]) as client,
    ):
        for i in range(60):
            if i == 20:
                one.begin_stop()
            assert client.evaluate("relu", X).value.tolist() == [1, 1, 1]


@pytest.mark.parametrize(
    ("given", "joined"),
    [
        ("unix:/a/b,c", "unix:/a/b,c"),
        (["localhost:1"], "localhost:1"),
        (["10.0.0.1:1", "10.0.0.2:2"], "ipv4:10.0.0.1:1,10.0.0.2:2"),
        ("[::1]:1,[::2]:2", "ipv6:[::1]:1,[::2]:2"),
        ("ipv4:10.0.0.1:1,10.0.0.2:2", "ipv4:10.0.0.1:1,10.0.0.2:2"),
    ],
)
def test_several_addresses_are_one_target(given: Any, joined: str) -> None:
    assert join_targets(given) == joined


@pytest.mark.parametrize(
    "given", [["a:1", "b:2"], ["unix:/a", "unix:/b"], ["[::1]:1", "1.2.3.4:1"], []]
)
def test_what_cannot_be_one_target_is_an_error(given: list[str]) -> None:
    with pytest.raises(ValueError, match="several must all be IPv4 or all be IPv6"):
        Client(given or [""] * 2)


@pytest.mark.parametrize("code", [grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.RESOURCE_EXHAUSTED])
def test_a_server_that_is_full_or_ends_is_tried_again_when_it_says(
    code: grpc.StatusCode, fake: FakeService, fake_client: Client
) -> None:
    times: list[float] = []

    def refuse_twice(request: pb.EvaluateRequest, context: Any) -> pb.EvaluateResponse:
        times.append(time.monotonic())
        if len(times) <= 2:
            context.set_trailing_metadata([("grpc-retry-pushback-ms", "300")])
            context.abort(code, "later")
        return echo(request, context)

    fake.evaluate = refuse_twice
    large = np.ones(1 << 16, np.float32)  # more than gRPC would keep for a retry by itself
    assert fake_client.evaluate("relu", large).value.shape == large.shape
    assert len(times) == 3
    assert min(times[1] - times[0], times[2] - times[1]) >= 0.29


def test_a_request_at_fault_is_not_tried_again(fake: FakeService, fake_client: Client) -> None:
    def refuse(request: pb.EvaluateRequest, context: Any) -> Any:
        context.abort(grpc.StatusCode.INVALID_ARGUMENT, "no")

    fake.evaluate = refuse
    with pytest.raises(rectifier.InvalidArgument):
        fake_client.evaluate("relu", X)
    assert len(fake.requests) == 1


def test_a_call_may_have_its_own_timeout_and_metadata(fake: FakeService) -> None:
    seen: list[tuple[float | None, dict[str, str]]] = []

    def look(request: pb.EvaluateRequest, context: Any) -> pb.EvaluateResponse:
        seen.append((context.time_remaining(), dict(context.invocation_metadata())))
        return echo(request, context)

    fake.evaluate = look
    with Client(fake.target, metadata={"traceparent": "a"}) as client:
        client.evaluate("relu", X)
        client.evaluate("relu", X, timeout=5, metadata={"x-request-id": "7"})
        client.evaluate("relu", X, timeout=None, metadata=[("x-request-id", "8")])
    (first, first_metadata), (second, second_metadata), (third, third_metadata) = seen
    assert first is not None
    assert 50 < first <= 60.1
    assert second is not None
    assert 1 < second <= 5.1
    assert third is None or third > 1e6
    assert [m.get("x-request-id") for m in (first_metadata, second_metadata, third_metadata)] == [
        None,
        "7",
        "8",
    ]
    assert first_metadata["traceparent"] == third_metadata["traceparent"] == "a"


def test_every_method_takes_timeout_and_metadata(client: Client) -> None:
    options: dict[str, Any] = {"timeout": 10, "metadata": {"x-request-id": "9"}}
    assert client.list_activations(**options)
    assert client.describe("relu", **options).name == "relu"
    assert client.server_info(**options).version
    assert client.is_healthy(**options)
    with pytest.raises(rectifier.DeadlineExceeded):
        client.server_info(timeout=0)


def test_a_deadline_that_passed_names_itself_and_the_target(fake: FakeService) -> None:
    def wait(request: pb.EvaluateRequest, context: Any) -> pb.EvaluateResponse:
        time.sleep(0.5)
        return echo(request, context)

    fake.evaluate = wait
    with (
        Client(fake.target) as client,
        pytest.raises(rectifier.DeadlineExceeded, match=r"after 0\.1 s \(calling unix:") as raised,
    ):
        client.evaluate("relu", X, timeout=0.1)
    assert raised.value.timeout == 0.1
    assert raised.value.target == fake.target


def test_health_is_that_of_the_server(client: Client) -> None:
    assert client.is_healthy()
    assert client.is_healthy("")
    with pytest.raises(rectifier.RectifierError) as raised:
        client.is_healthy("other")
    assert raised.value.code is grpc.StatusCode.NOT_FOUND


def test_pings_keep_to_what_the_server_allows() -> None:
    options = dict(OPTIONS)
    milliseconds = options["grpc.keepalive_time_ms"]
    assert isinstance(milliseconds, int)
    assert milliseconds >= 5000
    assert options["grpc.max_receive_message_length"] == -1


def test_a_client_tells_what_it_is(fake: FakeService) -> None:
    assert repr(Client("localhost:1", timeout=5)) == "Client('localhost:1', timeout=5)"
    with grpc.insecure_channel(fake.target) as channel:
        assert repr(Client(channel=channel)) == "Client(channel=..., timeout=60.0)"
    assert Client("localhost:1").target == "localhost:1"


def test_a_closed_client_says_so(fake: FakeService) -> None:
    client = Client(fake.target)
    client.close()
    with pytest.raises(ValueError, match="the client is closed; make a new one"):
        client.evaluate("relu", X)


def test_the_version_is_a_string() -> None:
    assert rectifier.__version__.count(".") == 2
    assert Path(rectifier.__file__).parent.joinpath("py.typed").exists()


def test_a_vector_that_runs_along_another_axis_hints_at_per_channel(client: Client) -> None:
    x = np.ones((2, 3, 4, 5), np.float32)
    hint = r"PerChannel\(weight, axis=1\)$"
    weights: list[Any] = [np.ones(3, np.float32), rectifier.PerChannel(np.ones(3), axis=2)]
    for weight in weights:
        with pytest.raises(rectifier.InvalidArgument, match=hint) as raised:
            client.evaluate("prelu", x, arguments={"weight": weight})
        assert raised.value.reason == "SHAPE_MISMATCH"
    with pytest.raises(rectifier.InvalidArgument) as raised:
        client.evaluate("prelu", x, arguments={"weight": np.ones(7)})
    assert "PerChannel" not in str(raised.value)
