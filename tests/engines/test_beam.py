"""Beam, with two worker processes of its portable runner, each with a sidecar of its own."""

import os
import pickle
import shlex
import sys
import uuid
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import apache_beam as beam
import numpy as np
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.runners.portability.fn_api_runner import FnApiRunner
from apache_beam.transforms.environments import SubprocessSDKEnvironment
from data import assert_same_bits, assert_shared_out, direct, inputs
from sidecars import Sidecars

COUNT = 200
WORKER = Path(__file__).with_name("beam_worker.py")


def runner(targets: list[str]) -> FnApiRunner:
    command = shlex.join([sys.executable, str(WORKER), *targets])
    # The runner's mode "multi_processing" would start workers of its own choice instead.
    return FnApiRunner(default_environment=SubprocessSDKEnvironment(command_string=command))


def keep(folder: str) -> Callable[[Any], None]:
    """Writes a result down; a worker's only way to a driver without a service between them."""

    def write(result: Any) -> None:
        with open(os.path.join(folder, uuid.uuid4().hex), "xb") as file:
            pickle.dump((result.example, result.inference), file)

    return write


def arrays() -> list[Any]:
    """Of different lengths, each with its own number as the first element."""
    parts = [inputs(100 + 10 * i) for i in range(COUNT)]
    for i, part in enumerate(parts):
        part[0] = i
    return parts


def test_elements_are_evaluated_beside_their_workers(
    sidecars: Sidecars, recipe: Callable[[str], ModuleType], tmp_path: Path
) -> None:
    parts = arrays()
    options = PipelineOptions(["--direct_num_workers=2"])
    with beam.Pipeline(runner=runner(sidecars.targets), options=options) as pipeline:
        results = pipeline | beam.Create(parts) | recipe("on_beam").gelu
        _ = results | beam.Map(keep(str(tmp_path)))
    assert_shared_out(sidecars.elements(), sum(part.size for part in parts))
    kept = [pickle.loads(path.read_bytes()) for path in tmp_path.iterdir()]
    kept.sort(key=lambda pair: float(pair[0][0]))
    assert_same_bits(np.concatenate([x for x, _ in kept]), np.concatenate(parts))
    for x, y in kept:
        assert_same_bits(y, direct(sidecars, x))
