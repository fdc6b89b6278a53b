"""The messages of proto/inference are those of the Python package tritonclient."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from google.protobuf import descriptor_pb2
from tritonclient.grpc import model_config_pb2, service_pb2

ROOT = Path(__file__).resolve().parents[3]
Message = descriptor_pb2.DescriptorProto
File = descriptor_pb2.FileDescriptorProto

# Files have other names there, and ModelConfig has all of its fields.
SERVICE, CONFIG = "inference/inference_service.proto", "inference/model_config.proto"


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> dict[str, File]:
    compiled = tmp_path_factory.mktemp("proto") / "ours"
    protoc = ["protoc", f"-I{ROOT}/proto", f"--descriptor_set_out={compiled}", "--include_imports"]
    subprocess.run([*protoc, SERVICE], check=True)
    files = descriptor_pb2.FileDescriptorSet.FromString(compiled.read_bytes()).file
    return {file.name: file for file in files}


@pytest.fixture(scope="module")
def theirs() -> dict[str, File]:
    files = {}
    for name, module in ((SERVICE, service_pb2), (CONFIG, model_config_pb2)):
        files[name] = File()
        module.DESCRIPTOR.CopyToProto(files[name])
    return files


def messages(file: File) -> dict[str, Message]:
    """All of a file's messages, nested ones too, by their full names."""

    def walk(prefix: str, declared: Any) -> Iterator[tuple[str, Message]]:
        for message in declared:
            name = f"{prefix}.{message.name}"
            yield name, message
            yield from walk(name, message.nested_type)

    return dict(walk(file.package, file.message_type))


def fields(message: Message) -> dict[str, tuple[Any, ...]]:
    """What a field is on the wire and in JSON."""
    return {
        field.name: (
            field.number,
            field.label,
            field.type,
            field.type_name,
            field.json_name or None,
            message.oneof_decl[field.oneof_index].name if field.HasField("oneof_index") else "",
            field.proto3_optional,
        )
        for field in message.field
    }


def without_json_names(message: Message) -> dict[str, tuple[Any, ...]]:
    return {name: (*facts[:4], *facts[5:]) for name, facts in fields(message).items()}


def test_every_message_of_the_service_is_the_same(
    ours: dict[str, File], theirs: dict[str, File]
) -> None:
    mine, others = messages(ours[SERVICE]), messages(theirs[SERVICE])
    assert len(others) > 60
    assert mine.keys() == others.keys()
    for name, message in others.items():
        assert without_json_names(mine[name]) == without_json_names(message), name
        assert mine[name].options.map_entry == message.options.map_entry, name


def test_what_there_is_of_the_configuration_is_the_same(
    ours: dict[str, File], theirs: dict[str, File]
) -> None:
    mine, others = messages(ours[CONFIG]), messages(theirs[CONFIG])
    for name, message in mine.items():
        own, other = without_json_names(message), without_json_names(others[name])
        assert own == {field: other.get(field) for field in own}, name
    assert [enum.name for enum in ours[CONFIG].enum_type] == ["DataType"]
    for enum in ours[CONFIG].enum_type:
        (other_enum,) = (e for e in theirs[CONFIG].enum_type if e.name == enum.name)
        values = [(value.name, value.number) for value in enum.value]
        assert values == [(value.name, value.number) for value in other_enum.value]


def test_the_service_has_the_same_methods(ours: dict[str, File], theirs: dict[str, File]) -> None:
    def methods(file: File) -> dict[str, tuple[Any, ...]]:
        (service,) = file.service
        assert f"{file.package}.{service.name}" == "inference.GRPCInferenceService"
        return {
            method.name: (
                method.input_type,
                method.output_type,
                method.client_streaming,
                method.server_streaming,
            )
            for method in service.method
        }

    assert len(methods(theirs[SERVICE])) == 20
    assert methods(ours[SERVICE]) == methods(theirs[SERVICE])
