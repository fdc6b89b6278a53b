from __future__ import annotations

from pathlib import Path
from typing import Any

import node_tests
import nodes
import numpy as np
import pytest
from node_tests import BFLOAT16, NodeTest, Tensor, tensor

X = tensor(np.arange(24, dtype=np.float32).reshape(2, 3, 4))


def node(operator: str, *others: Tensor | None, x: Tensor | None = X, **fields: Any) -> NodeTest:
    operator_set = fields.pop("operator_set", 28)
    return NodeTest(
        "test", operator, operator_set, fields, (x, *others), output=X, relative=0.1, absolute=0
    )


def test_attributes_are_arguments() -> None:
    evaluation = nodes.evaluation(node("Selu", alpha=2.0, gamma=3.0))

    assert evaluation.activation == "Selu"
    assert evaluation.arguments == {"alpha": 2.0, "gamma": 3.0}


def test_inputs_left_out_are_arguments_left_out() -> None:
    bound = tensor(np.array(0.5, np.float32))

    assert nodes.evaluation(node("Clip", None, bound)).arguments == {"max": 0.5}
    assert nodes.evaluation(node("Clip", bound, None)).arguments == {"min": 0.5}


def test_approximate_names_another_activation() -> None:
    assert nodes.evaluation(node("Gelu", approximate="tanh")).activation == "gelu_tanh"
    assert nodes.evaluation(node("Gelu", approximate="none")).activation == "Gelu"


def test_reductions_keep_dimensions_by_a_word_and_have_axes() -> None:
    axes = tensor(np.array([0, 2]))

    arguments = nodes.evaluation(node("ReduceLogSumExp", axes, keepdims=0)).arguments

    assert arguments["keepdims"] == "false"
    assert isinstance(arguments["axes"], np.ndarray)
    assert arguments["axes"].tolist() == [0.0, 2.0]


def test_no_axes_are_an_argument_left_out() -> None:
    none = tensor(np.zeros(0, np.int64))

    assert nodes.evaluation(node("ReduceLogSumExp", none)).arguments == {}


def test_old_softmax_makes_a_matrix() -> None:
    (x,) = nodes.evaluation(node("Softmax", axis=2, operator_set=6)).inputs

    assert x.array.shape == (6, 4)


def test_slopes_ran_along_axis_1() -> None:
    slope = tensor(np.ones(3, np.float32))

    assert isinstance(
        nodes.evaluation(node("PRelu", slope, operator_set=6)).arguments["slope"], nodes.Channels
    )
    assert nodes.evaluation(node("PRelu", slope)).arguments["slope"] is slope.array


@pytest.mark.parametrize("x", [None, tensor(np.array([1], np.int8))])
def test_what_is_not_expressible_says_why(x: Tensor | None) -> None:
    with pytest.raises(nodes.NotExpressibleError, match=r"instead of a tensor|int8"):
        nodes.evaluation(node("Identity", x=x))


def test_node_tests_come_back(tmp_path: Path) -> None:
    half = Tensor(BFLOAT16, np.array([0x3F80, 0xC000], np.uint16))
    written = node("Clip", None, half, x=half, alpha=2.0)

    node_tests.write(tmp_path, [written])
    (read,) = node_tests.read(tmp_path)

    assert read.attributes == {"alpha": 2.0}
    assert read.inputs[1] is None
    assert read.inputs[2] is not None
    assert read.inputs[2].numbers().tolist() == [1.0, -2.0]
    assert read.output is not None
    np.testing.assert_array_equal(read.output.array, X.array)
