"""That a wrong result is seen: results as the oracle has them pass, and spoilt ones do not."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import pytest

import elementwise_cases
import pair_cases
import row_cases
from drafts import Draft
from formats import FORMATS
from oracle import ACTIVATIONS, Exacts, Maybe, sum_of
from vectors import Result, Tensor
from verdicts import Tally, hold


def draft_named(drafts: Callable[[], Iterator[Draft]], name: str) -> Draft:
    found = [draft for draft in drafts() if draft.name == name]
    assert len(found) == 1
    return found[0]


DRAFTS = [
    draft_named(elementwise_cases.drafts, "softplus float32 numbers and upstream"),
    draft_named(row_cases.drafts, "softmax float16 special values"),
    draft_named(pair_cases.drafts, "swiglu float64 in one tensor, defaults"),
]


def nearest(type_: str, shape: Sequence[int], exacts: Sequence[Maybe]) -> Tensor:
    """The exact results, each rounded; zeros where there is none."""
    data = b"".join(FORMATS[type_].nearest(0.0 if e is None else e) for e in exacts)
    return Tensor(type_, tuple(shape), data)


def exact_result(draft: Draft, exacts: Exacts) -> Result:
    x = draft.tensors[0]
    quantities = draft.evaluations[0].quantities
    shape = (len(exacts.value),)
    second = exacts.second_derivative
    terms = exacts.terms if "parameter_gradient" in quantities else {}
    return Result(
        nearest(x.type, shape, exacts.value),
        tuple(nearest(x.type, x.shape, g) for g in exacts.gradients),
        nearest(x.type, x.shape, second) if "second_derivative" in quantities else None,
        {name: nearest("float64", (), list(map(sum_of, t))) for name, t in terms.items()},
    )


def faults(draft: Draft, result: Result) -> list[str]:
    return list(hold(draft.evaluations[0], draft.answers[0], result, Tally()))


def spoilt(tensor: Tensor) -> Tensor:
    """With another exponent in the last element, which is no special value."""
    data = bytearray(tensor.data)
    data[-1] ^= 0x08
    return replace(tensor, data=bytes(data))


@pytest.mark.parametrize("draft", DRAFTS, ids=lambda draft: draft.name)
def test_exact_results_pass_and_spoilt_ones_do_not(draft: Draft) -> None:
    result = exact_result(draft, draft.answers[0].exacts())
    assert not faults(draft, result)
    assert result.value is not None
    assert faults(draft, replace(result, value=spoilt(result.value)))
    gradients = (*result.gradients[:-1], spoilt(result.gradients[-1]))
    assert faults(draft, replace(result, gradients=gradients))
    assert faults(draft, replace(result, gradients=()))
    if result.second_derivative is not None:
        second = spoilt(result.second_derivative)
        assert faults(draft, replace(result, second_derivative=second))
    for name, tensor in result.parameter_gradients.items():
        others = {**result.parameter_gradients, name: spoilt(tensor)}
        assert faults(draft, replace(result, parameter_gradients=others))


def test_a_unit_in_the_last_place_is_seen() -> None:
    """In float16, whose results are the nearest."""
    draft = draft_named(elementwise_cases.drafts, "gelu float16 special values")
    result = exact_result(draft, draft.answers[0].exacts())
    assert not faults(draft, result)
    assert result.value is not None
    data = bytearray(result.value.data)
    data[-2] ^= 1
    assert faults(draft, replace(result, value=replace(result.value, data=bytes(data))))


def test_every_activation_has_cases_in_every_type() -> None:
    modules = (elementwise_cases, row_cases, pair_cases)
    starts = {tuple(draft.name.split()[:2]) for m in modules for draft in m.drafts()}
    types = ("float16", "bfloat16", "float32", "float64")
    assert starts >= {(name, type_) for name in ACTIVATIONS for type_ in types}
