"""Reading the latency histogram."""

import math

import pytest
from latency import Bucket, parse_latency, show_seconds

PAGE = """
# TYPE grpc_server_handling_seconds histogram
grpc_server_handling_seconds_count{grpc_method="Evaluate",grpc_type="unary"} 5
grpc_server_handling_seconds_sum{grpc_method="Evaluate",grpc_type="unary"} 0.25
grpc_server_handling_seconds_bucket{grpc_method="Evaluate",grpc_type="unary",le="1e-05"} 2
grpc_server_handling_seconds_bucket{grpc_method="Evaluate",grpc_type="unary",le="5e-05"} 4
grpc_server_handling_seconds_bucket{grpc_method="Evaluate",grpc_type="unary",le="+Inf"} 5
grpc_server_handling_seconds_bucket{grpc_method="GetServerInfo",grpc_type="unary",le="1e-05"} 9
"""


def test_buckets_become_calls_of_their_own() -> None:
    latency = parse_latency(PAGE)
    assert latency.buckets == [
        Bucket(0, 1e-5, 2),
        Bucket(1e-5, 5e-5, 2),
        Bucket(5e-5, math.inf, 1),
    ]
    assert latency.calls == 5
    assert latency.seconds == 0.25


def test_a_page_without_the_histogram_is_an_error() -> None:
    with pytest.raises(ValueError, match="no latency histogram"):
        parse_latency("up 1\n")


@pytest.mark.parametrize(
    ("seconds", "text"), [(1e-5, "10 µs"), (3e-4, "300 µs"), (2e-3, "2 ms"), (100, "100 s")]
)
def test_seconds_are_shown_in_a_fitting_unit(seconds: float, text: str) -> None:
    assert show_seconds(seconds) == text
