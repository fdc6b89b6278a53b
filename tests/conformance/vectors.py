"""The vectors as Python sees them: cases, read from and written to JSON files."""

from __future__ import annotations

import json
import math
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from formats import FORMATS

DIRECTORY = Path(__file__).resolve().parent / "vectors"


@dataclass(frozen=True)
class Tensor:
    type: str
    shape: tuple[int, ...]
    data: bytes
    repeat: int = field(default=1, compare=False)
    """How many times the same bytes stand in `data`, of which a file has them once."""

    @classmethod
    def of(cls, type_: str, shape: Sequence[int], numbers: Sequence[float]) -> Tensor:
        assert len(numbers) == math.prod(shape), f"{len(numbers)} numbers, shape {shape}"
        return cls(type_, tuple(shape), FORMATS[type_].pack(numbers))

    @property
    def numbers(self) -> list[float]:
        return FORMATS[self.type].unpack(self.data)

    def tiled(self, times: int) -> Tensor:
        """So many of it along its first axis."""
        shape = (self.shape[0] * times, *self.shape[1:])
        return Tensor(self.type, shape, self.data * times, times)

    def to_json(self) -> dict[str, Any]:
        once = self.data[: len(self.data) // self.repeat]
        entry = {"type": self.type, "shape": list(self.shape), "data": once.hex()}
        return entry | ({"repeat": self.repeat} if self.repeat > 1 else {})

    @classmethod
    def from_json(cls, entry: Mapping[str, Any]) -> Tensor:
        repeat = entry.get("repeat", 1)
        data = bytes.fromhex(entry["data"]) * repeat
        return cls(entry["type"], tuple(entry["shape"]), data, repeat)


@dataclass(frozen=True)
class TensorArgument:
    index: int
    axis: int | None = None


Argument = float | str | TensorArgument
"""A number, a word, or a tensor of the case."""


def argument_to_json(argument: Argument) -> dict[str, Any]:
    if isinstance(argument, str):
        return {"word": argument}
    if isinstance(argument, TensorArgument):
        axis = {} if argument.axis is None else {"axis": argument.axis}
        return {"tensor": argument.index, **axis}
    return {"number": struct.pack("<d", argument).hex()}


def argument_from_json(entry: Mapping[str, Any]) -> Argument:
    if "word" in entry:
        return str(entry["word"])
    if "tensor" in entry:
        return TensorArgument(entry["tensor"], entry.get("axis"))
    number: float = struct.unpack("<d", bytes.fromhex(entry["number"]))[0]
    return number


@dataclass(frozen=True)
class Evaluation:
    activation: str
    inputs: tuple[int, ...] = (0,)
    arguments: Mapping[str, Argument] = field(default_factory=dict)
    preset: str = ""
    quantities: tuple[str, ...] = ("value",)
    upstream: int | None = None

    def to_json(self) -> dict[str, Any]:
        entry: dict[str, Any] = {"activation": self.activation, "inputs": list(self.inputs)}
        if self.arguments:
            entry["arguments"] = {k: argument_to_json(v) for k, v in self.arguments.items()}
        if self.preset:
            entry["preset"] = self.preset
        entry["quantities"] = list(self.quantities)
        if self.upstream is not None:
            entry["upstream"] = self.upstream
        return entry

    @classmethod
    def from_json(cls, entry: Mapping[str, Any]) -> Evaluation:
        return cls(
            entry["activation"],
            tuple(entry["inputs"]),
            {k: argument_from_json(v) for k, v in entry.get("arguments", {}).items()},
            entry.get("preset", ""),
            tuple(entry["quantities"]),
            entry.get("upstream"),
        )


@dataclass(frozen=True)
class Result:
    """What one evaluation gives: by quantity, and by parameter."""

    value: Tensor | None = None
    gradients: tuple[Tensor, ...] = ()
    second_derivative: Tensor | None = None
    parameter_gradients: Mapping[str, Tensor] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        entry: dict[str, Any] = {}
        if self.value is not None:
            entry["value"] = self.value.to_json()
        if self.gradients:
            entry["gradients"] = [gradient.to_json() for gradient in self.gradients]
        if self.second_derivative is not None:
            entry["second_derivative"] = self.second_derivative.to_json()
        if self.parameter_gradients:
            entry["parameter_gradients"] = {
                name: gradient.to_json() for name, gradient in self.parameter_gradients.items()
            }
        return entry

    @classmethod
    def from_json(cls, entry: Mapping[str, Any]) -> Result:
        def tensor(name: str) -> Tensor | None:
            return Tensor.from_json(entry[name]) if name in entry else None

        return cls(
            tensor("value"),
            tuple(map(Tensor.from_json, entry.get("gradients", ()))),
            tensor("second_derivative"),
            {k: Tensor.from_json(v) for k, v in entry.get("parameter_gradients", {}).items()},
        )


@dataclass(frozen=True)
class Error:
    """How a call fails. What has no value here is absent from the server's details."""

    code: str
    reason: str = ""
    fields: tuple[str, ...] = ()
    element: int | None = None
    retry: bool = False
    says: tuple[str, ...] = field(default=(), compare=False)
    """What stands in the text for people."""
    text: str = field(default="", compare=False)
    """The text itself, of an error that was given."""

    def is_met_by(self, given: object) -> bool:
        """Whether the error that was given is this one."""
        return (
            self == given and isinstance(given, Error) and all(s in given.text for s in self.says)
        )

    def to_json(self) -> dict[str, Any]:
        entry: dict[str, Any] = {"code": self.code, "reason": self.reason}
        entry["fields"] = list(self.fields)
        if self.element is not None:
            entry["element"] = self.element
        entry["retry"] = self.retry
        if self.says:
            entry["says"] = list(self.says)
        return entry

    @classmethod
    def from_json(cls, entry: Mapping[str, Any]) -> Error:
        return cls(
            entry["code"],
            entry["reason"],
            tuple(entry["fields"]),
            entry.get("element"),
            entry["retry"],
            tuple(entry.get("says", ())),
        )


@dataclass(frozen=True)
class Case:
    """A request, as evaluations or as bytes, and what comes of it."""

    name: str
    tensors: tuple[Tensor, ...] = ()
    evaluations: tuple[Evaluation, ...] = ()
    request: bytes | None = None  # a serialized EvaluateRequest
    stream: tuple[bytes, ...] | None = None  # serialized EvaluateStreamRequests
    token: str | None = None
    timeout: float | None = None  # seconds that the call may take
    results: tuple[Result, ...] = ()
    error: Error | None = None

    def to_json(self) -> dict[str, Any]:
        entry: dict[str, Any] = {"name": self.name}
        if self.request is not None:
            entry["request"] = self.request.hex()
        elif self.stream is not None:
            entry["stream"] = [message.hex() for message in self.stream]
        else:
            entry["tensors"] = [tensor.to_json() for tensor in self.tensors]
            entry["evaluations"] = [evaluation.to_json() for evaluation in self.evaluations]
        if self.token is not None:
            entry["token"] = self.token
        if self.timeout is not None:
            entry["timeout"] = self.timeout
        if self.error is not None:
            entry["error"] = self.error.to_json()
        else:
            entry["results"] = [result.to_json() for result in self.results]
        return entry

    @classmethod
    def from_json(cls, entry: Mapping[str, Any]) -> Case:
        stream = entry.get("stream")
        return cls(
            entry["name"],
            tuple(map(Tensor.from_json, entry.get("tensors", ()))),
            tuple(map(Evaluation.from_json, entry.get("evaluations", ()))),
            bytes.fromhex(entry["request"]) if "request" in entry else None,
            None if stream is None else tuple(map(bytes.fromhex, stream)),
            entry.get("token"),
            entry.get("timeout"),
            tuple(map(Result.from_json, entry.get("results", ()))),
            Error.from_json(entry["error"]) if "error" in entry else None,
        )


@dataclass(frozen=True)
class VectorFile:
    """Cases for one server. In its flags, `{NAME}` is the path of the file of that name."""

    about: str
    cases: tuple[Case, ...]
    server_flags: tuple[str, ...] = ()
    server_files: Mapping[str, str] = field(default_factory=dict)

    def text(self) -> str:
        """JSON with one line for each case."""
        head = {
            "about": self.about,
            "server_flags": list(self.server_flags),
            "server_files": dict(self.server_files),
        }
        lines = [f" {json.dumps(name)}: {json.dumps(value)},\n" for name, value in head.items()]
        cases = ",\n".join(
            "  " + json.dumps(case.to_json(), separators=(",", ":")) for case in self.cases
        )
        return "{\n" + "".join(lines) + ' "cases": [\n' + cases + "\n ]\n}\n"

    @classmethod
    def read(cls, path: Path) -> VectorFile:
        entry = json.loads(path.read_text())
        return cls(
            entry["about"],
            tuple(map(Case.from_json, entry["cases"])),
            tuple(entry["server_flags"]),
            entry["server_files"],
        )


def paths() -> list[Path]:
    return sorted(DIRECTORY.glob("*.json"))
