"""What a caller of Python can do about an error, where the server cannot know it."""

import re

from rectifier import errors
from rectifier.evaluation import Evaluation, PerChannel
from rectifier.request import Request
from rectifier.tensor import as_array

_ARGUMENT = re.compile(r'evaluations\[(\d+)\]\.activation\.arguments\["(.*)"\]\.tensor')


def with_hint(error: errors.RectifierError, request: Request) -> errors.RectifierError:
    """The same error, whose message ends with a hint where there is one."""
    hints = [_hint(violation.field, error.reason, request) for violation in error.violations]
    text = "".join(hint for hint in hints if hint)
    return type(error)(f"{error}{text}", **vars(error)) if text else error


def _hint(field: str, reason: str, request: Request) -> str:
    match = _ARGUMENT.fullmatch(field)
    if reason != "SHAPE_MISMATCH" or match is None:
        return ""
    evaluation = request.evaluations[int(match[1]) - request.first]
    return _axis_hint(evaluation, match[2])


def _axis_hint(evaluation: Evaluation, name: str) -> str:
    """Of a vector that runs along no axis, or another, but fits along one."""
    given = evaluation.arguments.get(name)
    if given is None:
        return ""
    tensor = given.tensor if isinstance(given, PerChannel) else given
    shape = as_array(tensor, name)[0].shape
    input_shape = as_array(evaluation.inputs[0], "inputs[0]")[0].shape
    axes = [axis for axis, size in enumerate(input_shape) if shape == (size,)]
    if not axes:
        return ""
    choices = " or ".join(f"rectifier.PerChannel({name}, axis={axis})" for axis in axes)
    return f"; along an axis of that length it runs as {choices}"
