#include "server/http/infer_request_json.h"

#include <cstdint>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "inference/inference_service.pb.h"
#include "server/http/field_path.h"
#include "server/http/json_reader.h"
#include "server/http/json_text.h"
#include "server/http/json_to_message.h"
#include "server/http/message.h"
#include "server/http/tensor_json.h"
#include "server/http/wire_writer.h"
#include "server/inference/datatype.h"

namespace rectifier::http {
namespace {

using Kind = JsonReader::Kind;
using Request = inference::ModelInferRequest;
using Input = Request::InferInputTensor;
using Output = Request::InferRequestedOutputTensor;
using Parameter = inference::InferParameter;
using WireType = WireWriter::WireType;

// No object has more members, and no tensor more dimensions; the server's own limits are lower.
constexpr size_t kMaxKeys = 4096;
constexpr size_t kMaxDimensions = 64;

constexpr absl::string_view kBinaryData = "binary_data", kBinaryDataSize = "binary_data_size",
                            kBinaryDataOutput = "binary_data_output",
                            kSharedMemory = "shared_memory_region";

// What one tensor's object has said, beside what goes to the message as it is.
struct TensorHead {
  std::string name;
  std::string datatype;
  std::vector<int64_t> shape;
  std::optional<size_t> data;         // where it stands
  std::optional<size_t> binary_size;  // of an input
  std::optional<bool> is_binary;      // of an output
  bool is_shared = false;             // in memory that both sides see
  std::string parameters;             // as fields of the message
};

class Translator {
 public:
  Translator(const InferBody& body, const InferLimits& limits, OutputForms* forms)
      : body_(body),
        limits_(limits),
        forms_(*forms),
        text_(absl::string_view(*body.bytes).substr(0, body.json_bytes)),
        binary_(absl::string_view(*body.bytes).substr(body.json_bytes)),
        reader_(text_) {}

  absl::Status Translate(absl::string_view model, absl::string_view version) {
    WireWriter writer(&message_);
    writer.Bytes(Request::kModelNameFieldNumber, model);
    if (!version.empty()) writer.Bytes(Request::kModelVersionFieldNumber, version);
    const FieldPath whole;
    absl::Status status = Object(whole, [&](absl::string_view key, const FieldPath& path) {
      if (key == "id") return Id(path);
      if (key == "model_name") return SameAs(model, path);  // as KServe's client has it
      if (key == "parameters") return Parameters(path, Request::kParametersFieldNumber);
      if (key == "inputs") return Inputs(path);
      if (key == "outputs") return Outputs(path);
      return path.Error("it is none of id, parameters, inputs, outputs", "UNKNOWN_FIELD");
    });
    if (!status.ok()) return status;
    if (!reader_.Finish()) return whole.Error(reader_.error());
    if (binary_.empty()) return absl::OkStatus();
    return whole.Error(
        absl::StrFormat("%d bytes of binary data belong to no input", binary_.size()),
        "BINARY_DATA_SIZE");
  }

  // The contents come last.
  grpc::ByteBuffer Take() {
    std::vector<grpc::Slice> slices = {grpc::Slice(message_)};
    slices.insert(slices.end(), contents_.begin(), contents_.end());
    return grpc::ByteBuffer(slices.data(), slices.size());
  }

 private:
  template <class Member>
  absl::Status Object(const FieldPath& path, Member member) {
    if (reader_.Peek() != Kind::kObject) return Expected("an object", path);
    std::set<std::string> keys;
    absl::string_view key;
    for (bool more = reader_.BeginObject(); more && reader_.NextKey(&key);) {
      const auto [kept, is_new] = keys.insert(std::string(key));
      const FieldPath own(&path, *kept);
      if (!is_new) return own.Error("it comes twice", "DUPLICATE_FIELD");
      if (keys.size() > kMaxKeys) return path.Error("it has too many members");
      if (absl::Status status = member(*kept, own); !status.ok()) return status;
    }
    return reader_.error().empty() ? absl::OkStatus() : path.Error(reader_.error());
  }

  absl::Status Expected(absl::string_view what, const FieldPath& path) {
    if (reader_.Peek() == Kind::kNothing) {
      reader_.Skip();
      return path.Error(reader_.error());
    }
    return path.Error(
        absl::StrCat(what, " is expected at byte ", reader_.position(), " of the JSON"));
  }

  absl::Status String(const FieldPath& path, std::string* text) {
    absl::string_view read;
    if (reader_.Peek() != Kind::kString) return Expected("a string", path);
    if (!reader_.ReadString(&read)) return path.Error(reader_.error());
    *text = std::string(read);
    return absl::OkStatus();
  }

  absl::Status Bool(const FieldPath& path, bool* value) {
    if (reader_.Peek() != Kind::kBool) return Expected("true or false", path);
    return reader_.ReadBool(value) ? absl::OkStatus() : path.Error(reader_.error());
  }

  // What the request's path says as well.
  absl::Status SameAs(absl::string_view said, const FieldPath& path) {
    std::string text;
    absl::Status status = String(path, &text);
    if (!status.ok() || text == said) return status;
    return path.Error(absl::StrCat("it differs from what the request's path says, \"", said, "\""));
  }

  absl::Status Id(const FieldPath& path) {
    std::string id;
    absl::Status status = String(path, &id);
    if (status.ok()) WireWriter(&message_).Bytes(Request::kIdFieldNumber, id);
    return status;
  }

  // Those of the request.
  absl::Status Parameters(const FieldPath& path, int field) {
    return Object(path, [&](const std::string& key, const FieldPath&) {
      const FieldPath own(&path, key, FieldPath::Kind::kKey);
      if (key == kBinaryDataOutput) return Bool(own, &forms_.is_binary_by_default);
      return OneParameter(key, own, field, &message_);
    });
  }

  // Those of a tensor, some of which are for its form here.
  absl::Status TensorParameters(const FieldPath& path, int field, TensorHead* head) {
    return Object(path, [&](const std::string& key, const FieldPath&) {
      const FieldPath own(&path, key, FieldPath::Kind::kKey);
      if (key == kBinaryDataSize) {
        uint64_t size;
        absl::Status status = ReadWhole(reader_, own, &size);
        head->binary_size = size;
        return status;
      }
      if (key == kBinaryData) {
        bool is_binary = false;
        absl::Status status = Bool(own, &is_binary);
        head->is_binary = is_binary;
        return status;
      }
      head->is_shared |= key == kSharedMemory;
      return OneParameter(key, own, field, &head->parameters);
    });
  }

  absl::Status OneParameter(const std::string& key, const FieldPath& path, int field,
                            std::string* fields) {
    WireWriter writer(fields);
    const size_t entry = writer.Begin(field);
    writer.Bytes(1, key);
    const size_t value = writer.Begin(2);
    if (absl::Status status = ParameterValue(path, &writer); !status.ok()) return status;
    writer.End(value);
    writer.End(entry);
    return absl::OkStatus();
  }

  absl::Status ParameterValue(const FieldPath& path, WireWriter* writer) {
    absl::string_view text;
    bool truth;
    switch (reader_.Peek()) {
      case Kind::kBool:
        if (!reader_.ReadBool(&truth)) return path.Error(reader_.error());
        writer->Tag(Parameter::kBoolParamFieldNumber, WireType::kVarint);
        writer->Varint(truth ? 1 : 0);
        return absl::OkStatus();
      case Kind::kString:
        if (!reader_.ReadString(&text)) return path.Error(reader_.error());
        writer->Bytes(Parameter::kStringParamFieldNumber, text);
        return absl::OkStatus();
      case Kind::kNumber:
        if (!reader_.ReadNumber(&text)) return path.Error(reader_.error());
        return NumberParameter(text, path, writer);
      default:
        return Expected("a number, a string, true or false", path);
    }
  }

  static absl::Status NumberParameter(absl::string_view text, const FieldPath& path,
                                      WireWriter* writer) {
    int64_t whole;
    if (absl::SimpleAtoi(text, &whole)) {
      writer->Tag(Parameter::kInt64ParamFieldNumber, WireType::kVarint);
      writer->Varint(static_cast<uint64_t>(whole));
      return absl::OkStatus();
    }
    const std::optional<double> number = ParseDouble(text);
    if (!number) return path.Error("it is beyond the largest number");
    writer->Tag(Parameter::kDoubleParamFieldNumber, WireType::kFixed64);
    writer->Fixed(*number);
    return absl::OkStatus();
  }

  template <class Element>
  absl::Status Array(const FieldPath& path, size_t most, Element element) {
    if (reader_.Peek() != Kind::kArray) return Expected("an array", path);
    size_t index = 0;
    for (bool more = reader_.BeginArray(); more && reader_.NextElement(); ++index) {
      if (index == most) {
        return path.Error(absl::StrFormat("it has more than %d elements", most), "TOO_MANY");
      }
      absl::Status status = element(FieldPath(&path, static_cast<int64_t>(index)));
      if (!status.ok()) return status;
    }
    return reader_.error().empty() ? absl::OkStatus() : path.Error(reader_.error());
  }

  absl::Status Inputs(const FieldPath& path) {
    return Array(path, limits_.max_tensors, [&](const FieldPath& nth) {
      TensorHead head;
      if (absl::Status status = ReadHead(nth, Input::kParametersFieldNumber, true, &head);
          !status.ok()) {
        return status;
      }
      WriteInput(head);
      const FieldPath own(&path, head.name, FieldPath::Kind::kKey);
      return Contents(head, own);
    });
  }

  absl::Status Outputs(const FieldPath& path) {
    return Array(path, limits_.max_tensors, [&](const FieldPath& nth) {
      TensorHead head;
      if (absl::Status status = ReadHead(nth, Output::kParametersFieldNumber, false, &head);
          !status.ok()) {
        return status;
      }
      ++forms_.outputs;
      if (head.is_binary) forms_.is_binary[head.name] = *head.is_binary;
      WireWriter writer(&message_);
      const size_t begin = writer.Begin(Request::kOutputsFieldNumber);
      writer.Bytes(Output::kNameFieldNumber, head.name);
      message_ += head.parameters;
      writer.End(begin);
      return absl::OkStatus();
    });
  }

  absl::Status ReadHead(const FieldPath& nth, int parameters, bool is_input, TensorHead* head) {
    return Object(nth, [&](absl::string_view key, const FieldPath& path) {
      if (key == "name") return String(path, &head->name);
      if (key == "parameters") return TensorParameters(path, parameters, head);
      if (!is_input) return path.Error("it is none of name, parameters", "UNKNOWN_FIELD");
      if (key == "datatype") return String(path, &head->datatype);
      if (key == "shape") {
        return Array(path, kMaxDimensions, [&](const FieldPath& dimension) {
          return ReadWhole(reader_, dimension, &head->shape.emplace_back());
        });
      }
      if (key != "data") {
        return path.Error("it is none of name, shape, datatype, parameters, data", "UNKNOWN_FIELD");
      }
      head->data = reader_.position();
      return reader_.Skip() ? absl::OkStatus() : path.Error(reader_.error());
    });
  }

  void WriteInput(const TensorHead& head) {
    WireWriter writer(&message_);
    const size_t begin = writer.Begin(Request::kInputsFieldNumber);
    writer.Bytes(Input::kNameFieldNumber, head.name);
    writer.Bytes(Input::kDatatypeFieldNumber, head.datatype);
    const size_t shape = writer.Begin(Input::kShapeFieldNumber);
    for (const int64_t dimension : head.shape) writer.Varint(static_cast<uint64_t>(dimension));
    writer.End(shape);
    message_ += head.parameters;
    writer.End(begin);
  }

  absl::Status Contents(const TensorHead& head, const FieldPath& path) {
    if (head.binary_size && head.data) {
      return path.Error("it has both data and binary_data_size", "TWO_PAYLOADS");
    }
    if (head.is_shared) return absl::OkStatus();
    if (head.binary_size) return Binary(*head.binary_size, path);
    const Datatype* const datatype = FindDatatype(head.datatype);
    std::string raw;
    const FieldPath data(&path, "data");
    if (head.data && datatype != nullptr) {  // what it is else, the server says
      JsonReader reader(text_);
      reader.set_position(*head.data);
      absl::Status status = ReadElements(reader, *datatype, data, limits_.max_values, &raw);
      if (status.ok()) status = CheckCount(head, raw.size() / datatype->size, data);
      if (!status.ok()) return status;
    } else if (!head.data) {
      return path.Error("it has neither data nor binary_data_size", "NO_PAYLOAD");
    }
    WriteContents(grpc::Slice(raw));
    return absl::OkStatus();
  }

  // A shape that is none is for the server to find.
  static absl::Status CheckCount(const TensorHead& head, size_t count, const FieldPath& data) {
    size_t elements = 1;
    for (const int64_t dimension : head.shape) {
      if (dimension < 0 ||
          __builtin_mul_overflow(elements, static_cast<size_t>(dimension), &elements)) {
        return absl::OkStatus();
      }
    }
    if (elements == count) return absl::OkStatus();
    return data.Error(
        absl::StrFormat("it has %d numbers, and the shape has %d elements", count, elements),
        "PAYLOAD_SIZE");
  }

  absl::Status Binary(size_t size, const FieldPath& path) {
    if (size > binary_.size()) {
      const FieldPath parameters(&path, "parameters");
      return FieldPath(&parameters, kBinaryDataSize, FieldPath::Kind::kKey)
          .Error(absl::StrFormat("it is %d, and %d bytes of binary data are left", size,
                                 binary_.size()),
                 "BINARY_DATA_SIZE");
    }
    WriteContents(SliceOf(body_.bytes, binary_.substr(0, size)));
    binary_.remove_prefix(size);
    return absl::OkStatus();
  }

  void WriteContents(grpc::Slice contents) {
    std::string head;
    WireWriter writer(&head);
    writer.Tag(Request::kRawInputContentsFieldNumber, WireType::kBytes);
    writer.Varint(contents.size());
    contents_.emplace_back(head);
    if (contents.size() > 0) contents_.push_back(std::move(contents));
  }

  const InferBody& body_;
  const InferLimits& limits_;
  OutputForms& forms_;
  const absl::string_view text_;
  absl::string_view binary_;  // that no input has taken yet
  JsonReader reader_;
  std::string message_;
  std::vector<grpc::Slice> contents_;
};

}  // namespace

absl::Status InferRequestFromJson(absl::string_view model, absl::string_view version,
                                  const InferBody& body, const InferLimits& limits,
                                  grpc::ByteBuffer* message, OutputForms* forms) {
  Translator translator(body, limits, forms);
  absl::Status status = translator.Translate(model, version);
  if (status.ok()) *message = translator.Take();
  return status;
}

}  // namespace rectifier::http
