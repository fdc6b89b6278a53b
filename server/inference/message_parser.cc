#include "server/inference/message_parser.h"

#include <algorithm>
#include <string>

#include "absl/strings/str_format.h"
#include "core/field_error.h"
#include "core/tensor_view.h"
#include "google/protobuf/io/coded_stream.h"
#include "grpcpp/support/proto_buffer_reader.h"
#include "server/wire/field_head.h"
#include "server/wire/field_reader.h"

namespace rectifier {
namespace {

using google::protobuf::io::CodedInputStream;
using inference::InferTensorContents;
using inference::ModelInferRequest;
using Input = ModelInferRequest::InferInputTensor;
using Output = ModelInferRequest::InferRequestedOutputTensor;

// Every activation has fewer inputs beside its arguments, and fewer outputs.
constexpr int64_t kMaxOwnInputs = 3;
constexpr int64_t kMaxOutputs = 64;
// What clients send along that is no argument.
constexpr int64_t kMaxControls = 16;
// Of a name, an id, or a parameter with its name; and of all of these in one request.
constexpr int kMaxTextBytes = 4096;
constexpr int64_t kMaxTextBytesOfAll = 256 << 10;
// Elements that do not lie side by side. Every client packs them.
constexpr int64_t kMaxRuns = 4096;

constexpr int kFloatBytes = sizeof(float);
constexpr int kDoubleBytes = sizeof(double);

constexpr char kPackage[] = "inference";

absl::Status TooMany(const std::string& path, int64_t limit, const char* reason) {
  return FieldError(
      {.path = path,
       .description = absl::StrFormat("there are more than %d, this server's limit", limit),
       .reason = reason});
}

std::string NameOf(int field) {
  return std::string(ModelInferRequest::descriptor()->FindFieldByNumber(field)->name());
}

bool IsInteger(int field) {
  return field == InferTensorContents::kIntContentsFieldNumber ||
         field == InferTensorContents::kInt64ContentsFieldNumber ||
         field == InferTensorContents::kUintContentsFieldNumber ||
         field == InferTensorContents::kUint64ContentsFieldNumber;
}

// A varint as protobuf reads it for the type of the field.
double ToNumber(int field, uint64_t varint) {
  switch (field) {
    case InferTensorContents::kIntContentsFieldNumber:
      return static_cast<int32_t>(varint);
    case InferTensorContents::kInt64ContentsFieldNumber:
      return static_cast<double>(static_cast<int64_t>(varint));
    case InferTensorContents::kUintContentsFieldNumber:
      return static_cast<uint32_t>(varint);
    default:
      return static_cast<double>(varint);
  }
}

class MessageParser {
 public:
  MessageParser(CodedInputStream* stream, const Limits& limits, ModelInferRequest* request,
                InferPayloads* payloads)
      : reader_(stream, &unknown_fields_, 0, kPackage),
        limits_(limits),
        request_(*request),
        payloads_(*payloads) {}

  absl::Status Parse() {
    std::string own;  // all fields but inputs, outputs and raw contents
    int64_t parameters = 0;
    const absl::Status status = reader_.ForEachField([&](int field, uint32_t tag) {
      if (!HoldsBytes(tag)) return reader_.SkipUnknown(tag);
      switch (field) {
        case ModelInferRequest::kModelNameFieldNumber:
        case ModelInferRequest::kModelVersionFieldNumber:
        case ModelInferRequest::kIdFieldNumber:
          return CopyText(field, NameOf(field), &own);
        case ModelInferRequest::kParametersFieldNumber:
          return CopyParameter(field, "parameters", &parameters, &own);
        case ModelInferRequest::kInputsFieldNumber:
          return ParseInput();
        case ModelInferRequest::kOutputsFieldNumber:
          return ParseOutput();
        case ModelInferRequest::kRawInputContentsFieldNumber:
          return ReadRaw();
        default:
          return reader_.SkipUnknown(tag);
      }
    });
    if (!status.ok()) return status;
    return request_.MergeFromString(own) ? absl::OkStatus() : reader_.Malformed();
  }

 private:
  int64_t MaxInputs() const { return limits_.max_arguments + kMaxOwnInputs; }

  // What is left to protobuf, which keeps what it does not know, is little, and looked at before it
  // is copied.
  absl::Status CopyText(int field, const std::string& path, std::string* to) {
    int length;
    if (!reader_.ReadLength(&length)) return reader_.Malformed();
    copied_ += int64_t{length} + 1;
    if (length > kMaxTextBytes || copied_ > kMaxTextBytesOfAll) {
      return FieldError({.path = path,
                         .description = absl::StrFormat(
                             "it has %d bytes; at most %d are allowed, and %d for all names and "
                             "parameters of a request",
                             length, kMaxTextBytes, kMaxTextBytesOfAll),
                         .reason = "TEXT_TOO_LONG"});
    }
    *to += FieldHead(field, static_cast<size_t>(length));
    const size_t before = to->size();
    to->resize(before + static_cast<size_t>(length));
    return reader_.stream().ReadRaw(to->data() + before, length) ? absl::OkStatus()
                                                                 : reader_.Malformed();
  }

  absl::Status CopyParameter(int field, const std::string& path, int64_t* count, std::string* to) {
    const int64_t limit = limits_.max_arguments + kMaxControls;
    if (++*count > limit) return TooMany(path, limit, "TOO_MANY_PARAMETERS");
    return CopyText(field, path, to);
  }

  absl::Status ParseInput() {
    const int index = request_.inputs_size();
    if (index >= MaxInputs()) return TooMany("inputs", MaxInputs(), "TOO_MANY_INPUTS");
    const std::string path = absl::StrFormat("inputs[%d]", index);
    TypedContents& contents = payloads_.contents.emplace_back();
    int64_t parameters = 0;
    std::string own;
    Shape shape;
    const absl::Status status = reader_.WithinMessage([&] {
      return reader_.ForEachField([&](int field, uint32_t tag) {
        if (field == Input::kShapeFieldNumber) return ReadShape(tag, path, &shape);
        if (!HoldsBytes(tag)) return reader_.SkipUnknown(tag);
        switch (field) {
          case Input::kNameFieldNumber:
          case Input::kDatatypeFieldNumber:
            return CopyText(field, path, &own);
          case Input::kParametersFieldNumber:
            return CopyParameter(field, path + ".parameters", &parameters, &own);
          case Input::kContentsFieldNumber:
            return ReadContents(path + ".contents", &contents);
          default:
            return reader_.SkipUnknown(tag);
        }
      });
    });
    if (!status.ok()) return status;
    Input* const input = request_.add_inputs();
    if (!input->ParseFromString(own)) return reader_.Malformed();
    input->mutable_shape()->Add(shape.begin(), shape.end());
    return absl::OkStatus();
  }

  absl::Status ParseOutput() {
    if (request_.outputs_size() >= kMaxOutputs) {
      return TooMany("outputs", kMaxOutputs, "TOO_MANY_OUTPUTS");
    }
    const std::string path = absl::StrFormat("outputs[%d]", request_.outputs_size());
    int64_t parameters = 0;
    std::string own;
    const absl::Status status = reader_.WithinMessage([&] {
      return reader_.ForEachField([&](int field, uint32_t tag) {
        if (!HoldsBytes(tag)) return reader_.SkipUnknown(tag);
        switch (field) {
          case Output::kNameFieldNumber:
            return CopyText(field, path, &own);
          case Output::kParametersFieldNumber:
            return CopyParameter(field, path + ".parameters", &parameters, &own);
          default:
            return reader_.SkipUnknown(tag);
        }
      });
    });
    if (!status.ok()) return status;
    return request_.add_outputs()->ParseFromString(own) ? absl::OkStatus() : reader_.Malformed();
  }

  absl::Status ReadShape(uint32_t tag, const std::string& path, Shape* shape) {
    return ReadVarints(tag, [&](uint64_t varint) {
      shape->push_back(static_cast<int64_t>(varint));
      return static_cast<int64_t>(shape->size()) <= limits_.max_rank
                 ? absl::OkStatus()
                 : TooMany(path + ".shape", limits_.max_rank, "RANK_TOO_HIGH");
    });
  }

  absl::Status ReadRaw() {
    if (static_cast<int64_t>(payloads_.raw.size()) >= MaxInputs()) {
      return TooMany("raw_input_contents", MaxInputs(), "TOO_MANY_INPUTS");
    }
    return AppendBytes(reader_, &payloads_.raw.emplace_back());
  }

  absl::Status ReadContents(const std::string& path, TypedContents* contents) {
    return reader_.WithinMessage([&] {
      return reader_.ForEachField([&](int field, uint32_t tag) {
        if (++runs_ > kMaxRuns) return TooMany(path, kMaxRuns, "CONTENTS_NOT_PACKED");
        switch (field) {
          case InferTensorContents::kFp32ContentsFieldNumber:
            return ReadFixed(tag, kFloatBytes, contents);
          case InferTensorContents::kFp64ContentsFieldNumber:
            return ReadFixed(tag, kDoubleBytes, contents);
          case InferTensorContents::kBoolContentsFieldNumber:
            return ReadBools(tag, contents);
          case InferTensorContents::kBytesContentsFieldNumber:
            contents->fields |= 1u << field;
            return reader_.Skip(tag);
          default:
            return IsInteger(field) ? ReadIntegers(field, tag, path, contents)
                                    : reader_.SkipUnknown(tag);
        }
      });
    });
  }

  static int FieldOf(uint32_t tag) {
    return google::protobuf::internal::WireFormatLite::GetTagFieldNumber(tag);
  }

  // Numbers of `size` bytes each, packed or one.
  absl::Status ReadFixed(uint32_t tag, int size, TypedContents* contents) {
    using google::protobuf::internal::WireFormatLite;
    const auto single =
        size == kFloatBytes ? WireFormatLite::WIRETYPE_FIXED32 : WireFormatLite::WIRETYPE_FIXED64;
    int length = size;
    if (HoldsBytes(tag)) {
      if (!reader_.ReadLength(&length) || length % size != 0) return reader_.Malformed();
    } else if (WireFormatLite::GetTagWireType(tag) != single) {
      return reader_.SkipUnknown(tag);
    }
    if (length > 0) contents->fields |= 1u << FieldOf(tag);
    return AppendRaw(reader_, length, &contents->data);
  }

  // Packed ones are taken as they are: a byte that is neither 0 nor 1 is no mask's.
  absl::Status ReadBools(uint32_t tag, TypedContents* contents) {
    static constexpr std::byte kBools[] = {std::byte{0}, std::byte{1}};
    const size_t before = contents->data.size();
    if (HoldsBytes(tag)) {
      if (absl::Status status = AppendBytes(reader_, &contents->data); !status.ok()) return status;
    } else {
      uint64_t value;
      if (!IsVarint(tag)) return reader_.SkipUnknown(tag);
      if (!reader_.stream().ReadVarint64(&value)) return reader_.Malformed();
      contents->data.Append(&kBools[value != 0], 1);
    }
    if (contents->data.size() > before) contents->fields |= 1u << FieldOf(tag);
    return absl::OkStatus();
  }

  absl::Status ReadIntegers(int field, uint32_t tag, const std::string& path,
                            TypedContents* contents) {
    return ReadVarints(tag, [&](uint64_t varint) {
      if (++integers_ > kMaxIntegers) return TooMany(path, kMaxIntegers, "TOO_MANY_INTEGERS");
      const double number = ToNumber(field, varint);
      if (number < -kMaxExactInteger || number > kMaxExactInteger) {
        return FieldError({.path = path,
                           .description = absl::StrFormat(
                               "%.17g is not below 2^53, where whole numbers are exact", number),
                           .reason = "VALUE_OUT_OF_RANGE"});
      }
      contents->fields |= 1u << field;
      contents->integers.push_back(number);
      return absl::OkStatus();
    });
  }

  // Calls take(varint) for each number of a repeated field, packed or one.
  template <class Take>
  absl::Status ReadVarints(uint32_t tag, const Take& take) {
    const auto read = [&]() -> absl::Status {
      uint64_t varint;
      return reader_.stream().ReadVarint64(&varint) ? take(varint) : reader_.Malformed();
    };
    if (IsVarint(tag)) return read();
    if (!HoldsBytes(tag)) return reader_.SkipUnknown(tag);
    return reader_.WithinMessage([&] {
      while (reader_.stream().BytesUntilLimit() > 0) {
        if (absl::Status status = read(); !status.ok()) return status;
      }
      return absl::OkStatus();
    });
  }

  static bool IsVarint(uint32_t tag) {
    using google::protobuf::internal::WireFormatLite;
    return WireFormatLite::GetTagWireType(tag) == WireFormatLite::WIRETYPE_VARINT;
  }

  int64_t unknown_fields_ = 0;
  int64_t integers_ = 0;
  int64_t copied_ = 0;
  int64_t runs_ = 0;
  FieldReader reader_;
  const Limits& limits_;
  ModelInferRequest& request_;
  InferPayloads& payloads_;
};

}  // namespace

absl::Status ParseInferRequest(google::protobuf::io::ZeroCopyInputStream* stream,
                               const Limits& limits, ModelInferRequest* request,
                               InferPayloads* payloads) {
  CodedInputStream coded(stream);
  coded.SetTotalBytesLimit(INT_MAX);
  return MessageParser(&coded, limits, request, payloads).Parse();
}

std::string RequestId(const grpc::ByteBuffer& message) {
  grpc::ByteBuffer bytes = message;  // shares the slices
  grpc::ProtoBufferReader stream(&bytes);
  CodedInputStream coded(&stream);
  coded.SetTotalBytesLimit(INT_MAX);
  int64_t unknown_fields = 0;
  FieldReader reader(&coded, &unknown_fields, 0, kPackage);
  std::string id;
  const absl::Status status = reader.ForEachField([&](int field, uint32_t tag) {
    if (field != ModelInferRequest::kIdFieldNumber || !HoldsBytes(tag)) return reader.Skip(tag);
    int length;
    if (!reader.ReadLength(&length)) return reader.Malformed();
    id.clear();
    const bool read = length > kMaxTextBytes ? coded.Skip(length) : coded.ReadString(&id, length);
    return read ? absl::OkStatus() : reader.Malformed();
  });
  ModelInferRequest request;  // which knows whether it is UTF-8
  const std::string field = FieldHead(ModelInferRequest::kIdFieldNumber, id.size()) + id;
  return status.ok() && request.ParseFromString(field) ? id : "";
}

}  // namespace rectifier
