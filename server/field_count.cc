#include "server/field_count.h"

#include <string>

#include "absl/strings/str_format.h"
#include "core/field_error.h"
#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/wire_format_lite.h"
#include "rectifier/v1/activation.pb.h"
#include "server/status.h"

namespace rectifier {
namespace {

using google::protobuf::internal::WireFormatLite;
using google::protobuf::io::CodedInputStream;

// No activation has as many inputs, and there are no more quantities.
constexpr int64_t kMaxIndices = 16;
// Fields of a later version, or nonsense; each costs many times its bytes when it is kept.
constexpr int64_t kMaxUnknownFields = 1024;
// The longest encoding of one number: a packed field holds at least a tenth as many as bytes.
constexpr int64_t kMaxVarintBytes = 10;

bool IsMessage(uint32_t tag) {
  return WireFormatLite::GetTagWireType(tag) == WireFormatLite::WIRETYPE_LENGTH_DELIMITED;
}

// One pass over the request. Every method gives OK, or the error to answer with.
class FieldCounter {
 public:
  FieldCounter(CodedInputStream* stream, const Limits& limits) : stream_(stream), limits_(limits) {}

  absl::Status CountRequest() {
    int64_t evaluations = 0;
    int64_t tensors = 0;
    return ForEachField([&](int field, uint32_t tag) {
      if (field == v1::EvaluateRequest::kEvaluationsFieldNumber && IsMessage(tag)) {
        if (++evaluations > limits_.max_evaluations) {
          return TooMany("evaluations", "", limits_.max_evaluations, "TOO_MANY_EVALUATIONS");
        }
        const std::string path = absl::StrFormat("evaluations[%d]", evaluations - 1);
        return WithinMessage([&] { return CountEvaluation(path); });
      }
      if (field == v1::EvaluateRequest::kTensorsFieldNumber && IsMessage(tag)) {
        if (++tensors > limits_.max_tensors) {
          return TooMany("tensors", "", limits_.max_tensors, "TOO_MANY_TENSORS");
        }
        const std::string path = absl::StrFormat("tensors[%d]", tensors - 1);
        return WithinMessage([&] { return CountTensor(path); });
      }
      return SkipUnknown(tag);
    });
  }

 private:
  absl::Status CountEvaluation(const std::string& path) {
    int64_t arguments = 0;
    int64_t inputs = 0;
    int64_t quantities = 0;
    return ForEachField([&](int field, uint32_t tag) {
      switch (field) {
        case v1::Evaluation::kInputsFieldNumber:
          return CountNumbers(tag, &inputs, kMaxIndices, path, "inputs", "TOO_MANY_INPUTS");
        case v1::Evaluation::kQuantitiesFieldNumber:
          return CountNumbers(tag, &quantities, kMaxIndices, path, "quantities",
                              "TOO_MANY_QUANTITIES");
        case v1::Evaluation::kActivationFieldNumber:
          if (!IsMessage(tag)) return SkipUnknown(tag);
          return WithinMessage([&] { return CountActivation(path + ".activation", &arguments); });
        case v1::Evaluation::kUpstreamFieldNumber:
          return Skip(tag);
        default:
          return SkipUnknown(tag);
      }
    });
  }

  absl::Status CountActivation(const std::string& path, int64_t* arguments) {
    return ForEachField([&](int field, uint32_t tag) {
      const bool is_argument = field == v1::Activation::kArgumentsFieldNumber;
      if (is_argument && ++*arguments > limits_.max_arguments) {
        return TooMany(path, ".arguments", limits_.max_arguments, "TOO_MANY_ARGUMENTS");
      }
      const bool is_known = is_argument || field == v1::Activation::kNameFieldNumber ||
                            field == v1::Activation::kPresetFieldNumber;
      return is_known ? Skip(tag) : SkipUnknown(tag);
    });
  }

  absl::Status CountTensor(const std::string& path) {
    int64_t dimensions = 0;
    return ForEachField([&](int field, uint32_t tag) {
      switch (field) {
        case v1::Tensor::kShapeFieldNumber:
          return CountNumbers(tag, &dimensions, limits_.max_rank, path, "shape", "RANK_TOO_HIGH");
        case v1::Tensor::kElementTypeFieldNumber:
        case v1::Tensor::kValuesFieldNumber:
        case v1::Tensor::kDataFieldNumber:
          return Skip(tag);
        default:
          return SkipUnknown(tag);
      }
    });
  }

  // A repeated number, packed or one by one. Counts from the bytes, so that many may pass that are
  // a little over the limit; the parsed message is counted exactly.
  absl::Status CountNumbers(uint32_t tag, int64_t* count, int64_t limit, const std::string& path,
                            const char* field, const char* reason) {
    uint32_t length = kMaxVarintBytes;
    const bool read = IsMessage(tag) ? stream_->ReadVarint32(&length) && Advance(length)
                                     : WireFormatLite::SkipField(stream_, tag);
    if (!read) return Malformed();
    *count += (length + kMaxVarintBytes - 1) / kMaxVarintBytes;
    if (*count > limit) return TooMany(path + ".", field, limit, reason);
    return absl::OkStatus();
  }

  template <class F>
  absl::Status ForEachField(F f) {
    while (const uint32_t tag = stream_->ReadTag()) {
      const absl::Status status = f(WireFormatLite::GetTagFieldNumber(tag), tag);
      if (!status.ok()) return status;
    }
    return stream_->ConsumedEntireMessage() ? absl::OkStatus() : Malformed();
  }

  template <class F>
  absl::Status WithinMessage(F f) {
    uint32_t length;
    if (!stream_->ReadVarint32(&length) || static_cast<int>(length) < 0) return Malformed();
    const CodedInputStream::Limit outer = stream_->PushLimit(static_cast<int>(length));
    const absl::Status status = f();
    if (!status.ok()) return status;
    if (stream_->BytesUntilLimit() != 0) return Malformed();
    stream_->PopLimit(outer);
    return absl::OkStatus();
  }

  absl::Status Skip(uint32_t tag) {
    return WireFormatLite::SkipField(stream_, tag) ? absl::OkStatus() : Malformed();
  }

  absl::Status SkipUnknown(uint32_t tag) {
    if (++unknown_fields_ > kMaxUnknownFields) {
      return ErrorWithReason(absl::StatusCode::kInvalidArgument, "TOO_MANY_UNKNOWN_FIELDS",
                             absl::StrFormat("the request has more than %d fields that this "
                                             "server does not know",
                                             kMaxUnknownFields));
    }
    return Skip(tag);
  }

  bool Advance(uint32_t bytes) {
    return static_cast<int>(bytes) >= 0 && stream_->Skip(static_cast<int>(bytes));
  }

  absl::Status Malformed() const {
    return ErrorWithReason(absl::StatusCode::kInvalidArgument, "MALFORMED_REQUEST",
                           absl::StrFormat("the request is not a serialized "
                                           "rectifier.v1.EvaluateRequest: it breaks off or turns "
                                           "invalid at byte %d",
                                           stream_->CurrentPosition()));
  }

  static absl::Status TooMany(const std::string& path, const char* field, int64_t limit,
                              const char* reason) {
    return FieldError(
        {.path = path + field,
         .description = absl::StrFormat("there are more than %d, this server's limit", limit),
         .reason = reason});
  }

  CodedInputStream* stream_;
  const Limits& limits_;
  int64_t unknown_fields_ = 0;
};

}  // namespace

absl::Status CheckFieldCounts(google::protobuf::io::ZeroCopyInputStream* stream,
                              const Limits& limits) {
  CodedInputStream coded(stream);
  return FieldCounter(&coded, limits).CountRequest();
}

}  // namespace rectifier
