"""Cases that fail because of how the server is set up: its limits, its load, its tokens, time."""

from __future__ import annotations

from error_cases import X, f32, invalid
from vectors import Case, Error, Evaluation, VectorFile

TOKEN = "a-token-for-the-vectors"


def limits() -> VectorFile:
    relu = Evaluation("relu")
    nine = f32((9,), [1.0] * 9)
    deep = f32((1, 1, 1, 1), (1.0,))
    two = {"negative_slope": 0.5, "max_value": 6.0}
    cases = (
        Case(
            "nine elements",
            (nine,),
            (relu,),
            error=invalid("TOO_MANY_ELEMENTS", "tensors[0].shape"),
        ),
        Case("a rank of 4", (deep,), (relu,), error=invalid("RANK_TOO_HIGH", "tensors[0].shape")),
        Case(
            "three evaluations",
            (X,),
            (relu, relu, relu),
            error=invalid("TOO_MANY_EVALUATIONS", "evaluations"),
        ),
        Case(
            "four tensors",
            (X, X, X, X),
            (Evaluation("glu", (0, 1)), Evaluation("glu", (2, 3))),
            error=invalid("TOO_MANY_TENSORS", "tensors"),
        ),
        Case(
            "two arguments",
            (X,),
            (Evaluation("relu_general", (0,), two),),
            error=invalid("TOO_MANY_ARGUMENTS", "evaluations[0].activation.arguments"),
        ),
    )
    flags = (
        "--max_elements=8",
        "--max_rank=3",
        "--max_evaluations=2",
        "--max_tensors=3",
        "--max_arguments=1",
    )
    return VectorFile("Requests over a limit, for a server whose limits are low.", cases, flags)


def load() -> VectorFile:
    error = Error("RESOURCE_EXHAUSTED", "TOO_MANY_BYTES_OF_CONNECTION", retry=True)
    cases = (Case("no bytes left", (X,), (Evaluation("relu"),), error=error),)
    flags = ("--max_inflight_bytes_per_connection=1",)
    return VectorFile("Refusals that a retry may cure; here none does.", cases, flags)


def tokens() -> VectorFile:
    ask = ((X,), (Evaluation("relu"),))
    missing = Error("UNAUTHENTICATED", "TOKEN_MISSING")
    unknown = Error("UNAUTHENTICATED", "TOKEN_UNKNOWN")
    cases = (
        Case("no token", *ask, error=missing),
        Case("another token", *ask, token="another-token-than-that", error=unknown),
        Case("the token", *ask, token=TOKEN),
    )
    flags = ("--tokens_file={tokens}",)
    files = {"tokens": f"vectors plain:{TOKEN}\n"}
    return VectorFile("Tokens. They are sent over unix sockets too.", cases, flags, files)


def deadlines() -> VectorFile:
    """A deadline that has passed before a server can answer; the details are the client's own."""
    cases = (
        Case(
            "a microsecond",
            (X,),
            (Evaluation("relu"),),
            timeout=1e-6,
            error=Error("DEADLINE_EXCEEDED"),
        ),
    )
    return VectorFile("Deadlines that no call meets.", cases)


def files() -> dict[str, VectorFile]:
    return {
        "error_limits": limits(),
        "error_load": load(),
        "error_tokens": tokens(),
        "error_deadlines": deadlines(),
    }
