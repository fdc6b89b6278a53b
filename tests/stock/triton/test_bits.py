"""Every output of every model is what Evaluate gives, bit for bit."""

from __future__ import annotations

import os
from typing import Any

import numpy as np
import tritonclient.grpc as triton
from rectifierd_process import RectifierdProcess

import rectifier

PARAMETER = "parameter_gradient."


def tensor(name: str, array: np.ndarray) -> triton.InferInput:
    made = triton.InferInput(name, list(array.shape), "FP32")
    made.set_data_from_numpy(array)
    return made


def outputs_of(result: rectifier.Result, names: list[str], pair: bool) -> dict[str, Any]:
    """What Evaluate gives, by the names of the Open Inference Protocol."""
    gradients = ["gradient.gate", "gradient.value"] if pair else ["gradient"]
    found: dict[str, Any] = {"value": result.value}
    if "second_derivative" in names:
        found["second_derivative"] = result.second_derivative
    if gradients[0] in names:
        found |= dict(zip(gradients, result.gradients, strict=True))
    if any(name.startswith(PARAMETER) for name in names):
        found |= {PARAMETER + name: by for name, by in result.parameter_gradients.items()}
    return found


def compare(model: str, ours: rectifier.Client, theirs: Any) -> None:
    random = np.random.default_rng(len(model))
    metadata = theirs.get_model_metadata(model)
    pair = metadata.inputs[0].name == "gate"
    names = [output.name for output in metadata.outputs]
    inputs = {
        name: random.normal(0, 3, (2, 8)).astype(np.float32)
        for name in (("gate", "value") if pair else ("x",))
    }
    # A bias has a gradient only where it is given.
    arguments: dict[str, Any] = {"gate": "first"} if pair else {}
    if f"{PARAMETER}bias" in names:
        arguments["bias"] = inputs["bias"] = random.normal(0, 1, (2, 8)).astype(np.float32)
    sent = [tensor(name, array) for name, array in inputs.items()]
    shape = theirs.infer(model, sent).as_numpy("value").shape
    upstream = random.normal(0, 1, shape).astype(np.float32)

    wanted = names[::-1]
    result = theirs.infer(
        model,
        [*sent, tensor("upstream", upstream)],
        outputs=[triton.InferRequestedOutput(name) for name in wanted],
    )
    evaluated = ours.evaluate(
        model,
        *(array for name, array in inputs.items() if name != "bias"),
        arguments=arguments,
        upstream=upstream,
        gradient=any(name.startswith("gradient") for name in names),
        second_derivative="second_derivative" in names,
        parameter_gradients=any(name.startswith(PARAMETER) for name in names),
    )
    expected = outputs_of(evaluated, names, pair)
    assert expected.keys() == set(names), model
    assert [output.name for output in result.get_response().outputs] == wanted, model
    for name in names:
        got = result.as_numpy(name)
        assert got.dtype == expected[name].dtype and got.shape == expected[name].shape, model
        assert got.tobytes() == expected[name].tobytes(), (model, name)
        # Alone it is the same.
        alone = theirs.infer(
            model,
            [*sent, tensor("upstream", upstream)],
            outputs=[triton.InferRequestedOutput(name)],
        )
        assert alone.as_numpy(name).tobytes() == got.tobytes(), (model, name)


def test_bits_of_every_model() -> None:
    with (
        RectifierdProcess(os.environ["RECTIFIERD"]) as server,
        rectifier.Client(server.tcp_target) as ours,
        triton.InferenceServerClient(server.tcp_target) as theirs,
    ):
        models = [model.name for model in theirs.get_model_repository_index().models]
        assert len(models) > 80
        for model in models:
            compare(model, ours, theirs)
