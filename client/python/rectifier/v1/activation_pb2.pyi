from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

ACCURACY_EVIDENCE_EXHAUSTIVE: AccuracyEvidence
ACCURACY_EVIDENCE_SAMPLED: AccuracyEvidence
ACCURACY_EVIDENCE_STATED: AccuracyEvidence
ACCURACY_EVIDENCE_UNSPECIFIED: AccuracyEvidence
ACTIVATION_KIND_ELEMENTWISE: ActivationKind
ACTIVATION_KIND_PAIRS: ActivationKind
ACTIVATION_KIND_ROWS: ActivationKind
ACTIVATION_KIND_UNSPECIFIED: ActivationKind
DESCRIPTOR: _descriptor.FileDescriptor
ELEMENT_TYPE_BFLOAT16: ElementType
ELEMENT_TYPE_BOOL: ElementType
ELEMENT_TYPE_FLOAT16: ElementType
ELEMENT_TYPE_FLOAT32: ElementType
ELEMENT_TYPE_FLOAT64: ElementType
ELEMENT_TYPE_UNSPECIFIED: ElementType
PARAMETER_SHAPE_INPUT: ParameterShape
PARAMETER_SHAPE_LIST: ParameterShape
PARAMETER_SHAPE_ROWS: ParameterShape
PARAMETER_SHAPE_SCALAR: ParameterShape
PARAMETER_SHAPE_UNSPECIFIED: ParameterShape
PARAMETER_TYPE_AXES: ParameterType
PARAMETER_TYPE_INTEGER: ParameterType
PARAMETER_TYPE_MASK: ParameterType
PARAMETER_TYPE_NUMBER: ParameterType
PARAMETER_TYPE_SEED: ParameterType
PARAMETER_TYPE_UNSPECIFIED: ParameterType
PARAMETER_TYPE_WORD: ParameterType
QUANTITY_GRADIENT: Quantity
QUANTITY_PARAMETER_GRADIENT: Quantity
QUANTITY_SECOND_DERIVATIVE: Quantity
QUANTITY_UNSPECIFIED: Quantity
QUANTITY_VALUE: Quantity

class Accuracy(_message.Message):
    __slots__ = ["correctly_rounded", "element_type", "evidence", "max_ulp", "note", "quantity"]
    CORRECTLY_ROUNDED_FIELD_NUMBER: _ClassVar[int]
    ELEMENT_TYPE_FIELD_NUMBER: _ClassVar[int]
    EVIDENCE_FIELD_NUMBER: _ClassVar[int]
    MAX_ULP_FIELD_NUMBER: _ClassVar[int]
    NOTE_FIELD_NUMBER: _ClassVar[int]
    QUANTITY_FIELD_NUMBER: _ClassVar[int]
    correctly_rounded: float
    element_type: ElementType
    evidence: AccuracyEvidence
    max_ulp: float
    note: str
    quantity: Quantity
    def __init__(self, quantity: _Optional[_Union[Quantity, str]] = ..., element_type: _Optional[_Union[ElementType, str]] = ..., max_ulp: _Optional[float] = ..., note: _Optional[str] = ..., evidence: _Optional[_Union[AccuracyEvidence, str]] = ..., correctly_rounded: _Optional[float] = ...) -> None: ...

class Activation(_message.Message):
    __slots__ = ["arguments", "name", "preset"]
    class ArgumentsEntry(_message.Message):
        __slots__ = ["key", "value"]
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: Argument
        def __init__(self, key: _Optional[str] = ..., value: _Optional[_Union[Argument, _Mapping]] = ...) -> None: ...
    ARGUMENTS_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    PRESET_FIELD_NUMBER: _ClassVar[int]
    arguments: _containers.MessageMap[str, Argument]
    name: str
    preset: str
    def __init__(self, name: _Optional[str] = ..., arguments: _Optional[_Mapping[str, Argument]] = ..., preset: _Optional[str] = ...) -> None: ...

class ActivationDescription(_message.Message):
    __slots__ = ["accuracies", "aliases", "conventions", "element_types", "exact_names", "formula", "kind", "name", "other_names", "parameters", "presets", "quantities", "source", "source_checked", "summary"]
    ACCURACIES_FIELD_NUMBER: _ClassVar[int]
    ALIASES_FIELD_NUMBER: _ClassVar[int]
    CONVENTIONS_FIELD_NUMBER: _ClassVar[int]
    ELEMENT_TYPES_FIELD_NUMBER: _ClassVar[int]
    EXACT_NAMES_FIELD_NUMBER: _ClassVar[int]
    FORMULA_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    OTHER_NAMES_FIELD_NUMBER: _ClassVar[int]
    PARAMETERS_FIELD_NUMBER: _ClassVar[int]
    PRESETS_FIELD_NUMBER: _ClassVar[int]
    QUANTITIES_FIELD_NUMBER: _ClassVar[int]
    SOURCE_CHECKED_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    SUMMARY_FIELD_NUMBER: _ClassVar[int]
    accuracies: _containers.RepeatedCompositeFieldContainer[Accuracy]
    aliases: _containers.RepeatedScalarFieldContainer[str]
    conventions: str
    element_types: _containers.RepeatedScalarFieldContainer[ElementType]
    exact_names: _containers.RepeatedScalarFieldContainer[str]
    formula: str
    kind: ActivationKind
    name: str
    other_names: _containers.RepeatedCompositeFieldContainer[OtherName]
    parameters: _containers.RepeatedCompositeFieldContainer[ParameterDescription]
    presets: _containers.RepeatedCompositeFieldContainer[Preset]
    quantities: _containers.RepeatedScalarFieldContainer[Quantity]
    source: str
    source_checked: bool
    summary: str
    def __init__(self, name: _Optional[str] = ..., aliases: _Optional[_Iterable[str]] = ..., kind: _Optional[_Union[ActivationKind, str]] = ..., summary: _Optional[str] = ..., formula: _Optional[str] = ..., parameters: _Optional[_Iterable[_Union[ParameterDescription, _Mapping]]] = ..., quantities: _Optional[_Iterable[_Union[Quantity, str]]] = ..., element_types: _Optional[_Iterable[_Union[ElementType, str]]] = ..., presets: _Optional[_Iterable[_Union[Preset, _Mapping]]] = ..., source: _Optional[str] = ..., conventions: _Optional[str] = ..., accuracies: _Optional[_Iterable[_Union[Accuracy, _Mapping]]] = ..., source_checked: bool = ..., exact_names: _Optional[_Iterable[str]] = ..., other_names: _Optional[_Iterable[_Union[OtherName, _Mapping]]] = ...) -> None: ...

class Argument(_message.Message):
    __slots__ = ["axis", "number", "tensor", "word"]
    AXIS_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    TENSOR_FIELD_NUMBER: _ClassVar[int]
    WORD_FIELD_NUMBER: _ClassVar[int]
    axis: int
    number: float
    tensor: int
    word: str
    def __init__(self, number: _Optional[float] = ..., tensor: _Optional[int] = ..., word: _Optional[str] = ..., axis: _Optional[int] = ...) -> None: ...

class BufferRegion(_message.Message):
    __slots__ = ["length", "offset", "token"]
    LENGTH_FIELD_NUMBER: _ClassVar[int]
    OFFSET_FIELD_NUMBER: _ClassVar[int]
    TOKEN_FIELD_NUMBER: _ClassVar[int]
    length: int
    offset: int
    token: bytes
    def __init__(self, token: _Optional[bytes] = ..., offset: _Optional[int] = ..., length: _Optional[int] = ...) -> None: ...

class Destination(_message.Message):
    __slots__ = ["input", "parameter", "quantity", "region"]
    INPUT_FIELD_NUMBER: _ClassVar[int]
    PARAMETER_FIELD_NUMBER: _ClassVar[int]
    QUANTITY_FIELD_NUMBER: _ClassVar[int]
    REGION_FIELD_NUMBER: _ClassVar[int]
    input: int
    parameter: str
    quantity: Quantity
    region: BufferRegion
    def __init__(self, quantity: _Optional[_Union[Quantity, str]] = ..., input: _Optional[int] = ..., parameter: _Optional[str] = ..., region: _Optional[_Union[BufferRegion, _Mapping]] = ...) -> None: ...

class EvaluateRequest(_message.Message):
    __slots__ = ["evaluations", "tensors"]
    EVALUATIONS_FIELD_NUMBER: _ClassVar[int]
    TENSORS_FIELD_NUMBER: _ClassVar[int]
    evaluations: _containers.RepeatedCompositeFieldContainer[Evaluation]
    tensors: _containers.RepeatedCompositeFieldContainer[Tensor]
    def __init__(self, evaluations: _Optional[_Iterable[_Union[Evaluation, _Mapping]]] = ..., tensors: _Optional[_Iterable[_Union[Tensor, _Mapping]]] = ...) -> None: ...

class EvaluateResponse(_message.Message):
    __slots__ = ["results"]
    RESULTS_FIELD_NUMBER: _ClassVar[int]
    results: _containers.RepeatedCompositeFieldContainer[Result]
    def __init__(self, results: _Optional[_Iterable[_Union[Result, _Mapping]]] = ...) -> None: ...

class EvaluateStreamRequest(_message.Message):
    __slots__ = ["chunk", "header"]
    CHUNK_FIELD_NUMBER: _ClassVar[int]
    HEADER_FIELD_NUMBER: _ClassVar[int]
    chunk: StreamChunk
    header: StreamHeader
    def __init__(self, header: _Optional[_Union[StreamHeader, _Mapping]] = ..., chunk: _Optional[_Union[StreamChunk, _Mapping]] = ...) -> None: ...

class EvaluateStreamResponse(_message.Message):
    __slots__ = ["gradients", "parameter_gradients", "second_derivative", "value", "value_shape"]
    GRADIENTS_FIELD_NUMBER: _ClassVar[int]
    PARAMETER_GRADIENTS_FIELD_NUMBER: _ClassVar[int]
    SECOND_DERIVATIVE_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    VALUE_SHAPE_FIELD_NUMBER: _ClassVar[int]
    gradients: _containers.RepeatedScalarFieldContainer[bytes]
    parameter_gradients: _containers.RepeatedCompositeFieldContainer[ParameterGradient]
    second_derivative: bytes
    value: bytes
    value_shape: _containers.RepeatedScalarFieldContainer[int]
    def __init__(self, value: _Optional[bytes] = ..., gradients: _Optional[_Iterable[bytes]] = ..., second_derivative: _Optional[bytes] = ..., parameter_gradients: _Optional[_Iterable[_Union[ParameterGradient, _Mapping]]] = ..., value_shape: _Optional[_Iterable[int]] = ...) -> None: ...

class Evaluation(_message.Message):
    __slots__ = ["activation", "destinations", "inputs", "quantities", "upstream"]
    ACTIVATION_FIELD_NUMBER: _ClassVar[int]
    DESTINATIONS_FIELD_NUMBER: _ClassVar[int]
    INPUTS_FIELD_NUMBER: _ClassVar[int]
    QUANTITIES_FIELD_NUMBER: _ClassVar[int]
    UPSTREAM_FIELD_NUMBER: _ClassVar[int]
    activation: Activation
    destinations: _containers.RepeatedCompositeFieldContainer[Destination]
    inputs: _containers.RepeatedScalarFieldContainer[int]
    quantities: _containers.RepeatedScalarFieldContainer[Quantity]
    upstream: int
    def __init__(self, inputs: _Optional[_Iterable[int]] = ..., activation: _Optional[_Union[Activation, _Mapping]] = ..., quantities: _Optional[_Iterable[_Union[Quantity, str]]] = ..., upstream: _Optional[int] = ..., destinations: _Optional[_Iterable[_Union[Destination, _Mapping]]] = ...) -> None: ...

class GetServerInfoRequest(_message.Message):
    __slots__ = []
    def __init__(self) -> None: ...

class GetServerInfoResponse(_message.Message):
    __slots__ = ["buffers_socket", "cpu_target", "limits", "threads", "transports", "version"]
    BUFFERS_SOCKET_FIELD_NUMBER: _ClassVar[int]
    CPU_TARGET_FIELD_NUMBER: _ClassVar[int]
    LIMITS_FIELD_NUMBER: _ClassVar[int]
    THREADS_FIELD_NUMBER: _ClassVar[int]
    TRANSPORTS_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    buffers_socket: str
    cpu_target: str
    limits: Limits
    threads: int
    transports: _containers.RepeatedScalarFieldContainer[str]
    version: str
    def __init__(self, version: _Optional[str] = ..., cpu_target: _Optional[str] = ..., threads: _Optional[int] = ..., limits: _Optional[_Union[Limits, _Mapping]] = ..., transports: _Optional[_Iterable[str]] = ..., buffers_socket: _Optional[str] = ...) -> None: ...

class Limits(_message.Message):
    __slots__ = ["max_arguments", "max_buffer_bytes", "max_buffer_bytes_per_connection", "max_buffer_connections", "max_elements", "max_evaluations", "max_inflight_bytes", "max_inflight_bytes_per_connection", "max_inflight_calls", "max_inflight_calls_per_connection", "max_message_bytes", "max_rank", "max_streams", "max_streams_per_connection", "max_tensors", "max_values"]
    MAX_ARGUMENTS_FIELD_NUMBER: _ClassVar[int]
    MAX_BUFFER_BYTES_FIELD_NUMBER: _ClassVar[int]
    MAX_BUFFER_BYTES_PER_CONNECTION_FIELD_NUMBER: _ClassVar[int]
    MAX_BUFFER_CONNECTIONS_FIELD_NUMBER: _ClassVar[int]
    MAX_ELEMENTS_FIELD_NUMBER: _ClassVar[int]
    MAX_EVALUATIONS_FIELD_NUMBER: _ClassVar[int]
    MAX_INFLIGHT_BYTES_FIELD_NUMBER: _ClassVar[int]
    MAX_INFLIGHT_BYTES_PER_CONNECTION_FIELD_NUMBER: _ClassVar[int]
    MAX_INFLIGHT_CALLS_FIELD_NUMBER: _ClassVar[int]
    MAX_INFLIGHT_CALLS_PER_CONNECTION_FIELD_NUMBER: _ClassVar[int]
    MAX_MESSAGE_BYTES_FIELD_NUMBER: _ClassVar[int]
    MAX_RANK_FIELD_NUMBER: _ClassVar[int]
    MAX_STREAMS_FIELD_NUMBER: _ClassVar[int]
    MAX_STREAMS_PER_CONNECTION_FIELD_NUMBER: _ClassVar[int]
    MAX_TENSORS_FIELD_NUMBER: _ClassVar[int]
    MAX_VALUES_FIELD_NUMBER: _ClassVar[int]
    max_arguments: int
    max_buffer_bytes: int
    max_buffer_bytes_per_connection: int
    max_buffer_connections: int
    max_elements: int
    max_evaluations: int
    max_inflight_bytes: int
    max_inflight_bytes_per_connection: int
    max_inflight_calls: int
    max_inflight_calls_per_connection: int
    max_message_bytes: int
    max_rank: int
    max_streams: int
    max_streams_per_connection: int
    max_tensors: int
    max_values: int
    def __init__(self, max_message_bytes: _Optional[int] = ..., max_elements: _Optional[int] = ..., max_tensors: _Optional[int] = ..., max_evaluations: _Optional[int] = ..., max_arguments: _Optional[int] = ..., max_rank: _Optional[int] = ..., max_inflight_bytes: _Optional[int] = ..., max_inflight_calls: _Optional[int] = ..., max_buffer_bytes: _Optional[int] = ..., max_buffer_bytes_per_connection: _Optional[int] = ..., max_streams: _Optional[int] = ..., max_buffer_connections: _Optional[int] = ..., max_inflight_bytes_per_connection: _Optional[int] = ..., max_inflight_calls_per_connection: _Optional[int] = ..., max_streams_per_connection: _Optional[int] = ..., max_values: _Optional[int] = ...) -> None: ...

class ListActivationsRequest(_message.Message):
    __slots__ = []
    def __init__(self) -> None: ...

class ListActivationsResponse(_message.Message):
    __slots__ = ["activations"]
    ACTIVATIONS_FIELD_NUMBER: _ClassVar[int]
    activations: _containers.RepeatedCompositeFieldContainer[ActivationDescription]
    def __init__(self, activations: _Optional[_Iterable[_Union[ActivationDescription, _Mapping]]] = ...) -> None: ...

class OtherName(_message.Message):
    __slots__ = ["arguments", "name"]
    ARGUMENTS_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    arguments: str
    name: str
    def __init__(self, name: _Optional[str] = ..., arguments: _Optional[str] = ...) -> None: ...

class ParameterDescription(_message.Message):
    __slots__ = ["aliases", "default_number", "default_word", "learnable", "name", "range", "shape", "summary", "type", "words"]
    ALIASES_FIELD_NUMBER: _ClassVar[int]
    DEFAULT_NUMBER_FIELD_NUMBER: _ClassVar[int]
    DEFAULT_WORD_FIELD_NUMBER: _ClassVar[int]
    LEARNABLE_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    RANGE_FIELD_NUMBER: _ClassVar[int]
    SHAPE_FIELD_NUMBER: _ClassVar[int]
    SUMMARY_FIELD_NUMBER: _ClassVar[int]
    TYPE_FIELD_NUMBER: _ClassVar[int]
    WORDS_FIELD_NUMBER: _ClassVar[int]
    aliases: _containers.RepeatedScalarFieldContainer[str]
    default_number: float
    default_word: str
    learnable: bool
    name: str
    range: str
    shape: ParameterShape
    summary: str
    type: ParameterType
    words: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, name: _Optional[str] = ..., aliases: _Optional[_Iterable[str]] = ..., summary: _Optional[str] = ..., type: _Optional[_Union[ParameterType, str]] = ..., default_number: _Optional[float] = ..., default_word: _Optional[str] = ..., range: _Optional[str] = ..., words: _Optional[_Iterable[str]] = ..., learnable: bool = ..., shape: _Optional[_Union[ParameterShape, str]] = ...) -> None: ...

class ParameterGradient(_message.Message):
    __slots__ = ["gradient", "parameter"]
    GRADIENT_FIELD_NUMBER: _ClassVar[int]
    PARAMETER_FIELD_NUMBER: _ClassVar[int]
    gradient: Tensor
    parameter: str
    def __init__(self, parameter: _Optional[str] = ..., gradient: _Optional[_Union[Tensor, _Mapping]] = ...) -> None: ...

class Preset(_message.Message):
    __slots__ = ["activation", "framework", "names", "number", "parameter", "tensor_axis", "word"]
    ACTIVATION_FIELD_NUMBER: _ClassVar[int]
    FRAMEWORK_FIELD_NUMBER: _ClassVar[int]
    NAMES_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    PARAMETER_FIELD_NUMBER: _ClassVar[int]
    TENSOR_AXIS_FIELD_NUMBER: _ClassVar[int]
    WORD_FIELD_NUMBER: _ClassVar[int]
    activation: str
    framework: str
    names: _containers.RepeatedScalarFieldContainer[str]
    number: float
    parameter: str
    tensor_axis: int
    word: str
    def __init__(self, framework: _Optional[str] = ..., parameter: _Optional[str] = ..., number: _Optional[float] = ..., activation: _Optional[str] = ..., names: _Optional[_Iterable[str]] = ..., word: _Optional[str] = ..., tensor_axis: _Optional[int] = ...) -> None: ...

class Result(_message.Message):
    __slots__ = ["gradients", "parameter_gradients", "second_derivative", "value"]
    GRADIENTS_FIELD_NUMBER: _ClassVar[int]
    PARAMETER_GRADIENTS_FIELD_NUMBER: _ClassVar[int]
    SECOND_DERIVATIVE_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    gradients: _containers.RepeatedCompositeFieldContainer[Tensor]
    parameter_gradients: _containers.RepeatedCompositeFieldContainer[ParameterGradient]
    second_derivative: Tensor
    value: Tensor
    def __init__(self, value: _Optional[_Union[Tensor, _Mapping]] = ..., gradients: _Optional[_Iterable[_Union[Tensor, _Mapping]]] = ..., parameter_gradients: _Optional[_Iterable[_Union[ParameterGradient, _Mapping]]] = ..., second_derivative: _Optional[_Union[Tensor, _Mapping]] = ...) -> None: ...

class StreamChunk(_message.Message):
    __slots__ = ["input", "second_input", "upstream"]
    INPUT_FIELD_NUMBER: _ClassVar[int]
    SECOND_INPUT_FIELD_NUMBER: _ClassVar[int]
    UPSTREAM_FIELD_NUMBER: _ClassVar[int]
    input: bytes
    second_input: bytes
    upstream: bytes
    def __init__(self, input: _Optional[bytes] = ..., second_input: _Optional[bytes] = ..., upstream: _Optional[bytes] = ...) -> None: ...

class StreamHeader(_message.Message):
    __slots__ = ["activation", "element_type", "has_upstream", "inputs", "quantities", "shape", "tensors"]
    ACTIVATION_FIELD_NUMBER: _ClassVar[int]
    ELEMENT_TYPE_FIELD_NUMBER: _ClassVar[int]
    HAS_UPSTREAM_FIELD_NUMBER: _ClassVar[int]
    INPUTS_FIELD_NUMBER: _ClassVar[int]
    QUANTITIES_FIELD_NUMBER: _ClassVar[int]
    SHAPE_FIELD_NUMBER: _ClassVar[int]
    TENSORS_FIELD_NUMBER: _ClassVar[int]
    activation: Activation
    element_type: ElementType
    has_upstream: bool
    inputs: int
    quantities: _containers.RepeatedScalarFieldContainer[Quantity]
    shape: _containers.RepeatedScalarFieldContainer[int]
    tensors: _containers.RepeatedCompositeFieldContainer[Tensor]
    def __init__(self, activation: _Optional[_Union[Activation, _Mapping]] = ..., quantities: _Optional[_Iterable[_Union[Quantity, str]]] = ..., element_type: _Optional[_Union[ElementType, str]] = ..., shape: _Optional[_Iterable[int]] = ..., inputs: _Optional[int] = ..., has_upstream: bool = ..., tensors: _Optional[_Iterable[_Union[Tensor, _Mapping]]] = ...) -> None: ...

class Tensor(_message.Message):
    __slots__ = ["data", "element_type", "region", "shape", "values"]
    DATA_FIELD_NUMBER: _ClassVar[int]
    ELEMENT_TYPE_FIELD_NUMBER: _ClassVar[int]
    REGION_FIELD_NUMBER: _ClassVar[int]
    SHAPE_FIELD_NUMBER: _ClassVar[int]
    VALUES_FIELD_NUMBER: _ClassVar[int]
    data: bytes
    element_type: ElementType
    region: BufferRegion
    shape: _containers.RepeatedScalarFieldContainer[int]
    values: _containers.RepeatedScalarFieldContainer[float]
    def __init__(self, element_type: _Optional[_Union[ElementType, str]] = ..., shape: _Optional[_Iterable[int]] = ..., region: _Optional[_Union[BufferRegion, _Mapping]] = ..., values: _Optional[_Iterable[float]] = ..., data: _Optional[bytes] = ...) -> None: ...

class ElementType(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []

class Quantity(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []

class ActivationKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []

class ParameterType(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []

class ParameterShape(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []

class AccuracyEvidence(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []
