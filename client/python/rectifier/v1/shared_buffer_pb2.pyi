from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class AllocateBuffer(_message.Message):
    __slots__ = ["bytes"]
    BYTES_FIELD_NUMBER: _ClassVar[int]
    bytes: int
    def __init__(self, bytes: _Optional[int] = ...) -> None: ...

class BufferRequest(_message.Message):
    __slots__ = ["allocate", "release"]
    ALLOCATE_FIELD_NUMBER: _ClassVar[int]
    RELEASE_FIELD_NUMBER: _ClassVar[int]
    allocate: AllocateBuffer
    release: ReleaseBuffer
    def __init__(self, allocate: _Optional[_Union[AllocateBuffer, _Mapping]] = ..., release: _Optional[_Union[ReleaseBuffer, _Mapping]] = ...) -> None: ...

class BufferResponse(_message.Message):
    __slots__ = ["bytes", "code", "message", "token"]
    BYTES_FIELD_NUMBER: _ClassVar[int]
    CODE_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    TOKEN_FIELD_NUMBER: _ClassVar[int]
    bytes: int
    code: int
    message: str
    token: bytes
    def __init__(self, code: _Optional[int] = ..., message: _Optional[str] = ..., token: _Optional[bytes] = ..., bytes: _Optional[int] = ...) -> None: ...

class ReleaseBuffer(_message.Message):
    __slots__ = ["token"]
    TOKEN_FIELD_NUMBER: _ClassVar[int]
    token: bytes
    def __init__(self, token: _Optional[bytes] = ...) -> None: ...
