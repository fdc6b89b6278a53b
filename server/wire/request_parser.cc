#include "server/wire/request_parser.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/functional/function_ref.h"
#include "absl/strings/str_format.h"
#include "core/field_error.h"
#include "google/protobuf/io/coded_stream.h"
#include "server/wire/field_head.h"
#include "server/wire/field_reader.h"

namespace rectifier {
namespace {

using google::protobuf::io::CodedInputStream;

// No activation has as many inputs, and there are no more quantities.
constexpr int64_t kMaxIndices = 16;

// An argument, a destination or a region has fewer bytes. Fields that nobody knows take up to 14
// times as much memory as on the wire once protobuf has parsed them.
constexpr int64_t kMaxPartBytes = 4096;

// `path` makes the words that an error needs, and nothing else does.
absl::Status CheckPart(int64_t bytes, int64_t limit, absl::FunctionRef<std::string()> path) {
  if (bytes <= limit) return absl::OkStatus();
  return FieldError(
      {.path = path(),
       .description = absl::StrFormat("one has %d bytes; at most %d are allowed", bytes, limit),
       .reason = "PART_TOO_LONG"});
}

absl::Status CheckCount(int64_t count, int64_t limit, absl::FunctionRef<std::string()> path,
                        const char* reason) {
  if (count <= limit) return absl::OkStatus();
  return FieldError(
      {.path = path(),
       .description = absl::StrFormat("there are more than %d, this server's limit", limit),
       .reason = reason});
}

// Counts what one serialized Evaluation holds.
class EvaluationCounter {
 public:
  // `path` makes the name of what is counted.
  EvaluationCounter(FieldReader* reader, const Limits& limits,
                    absl::FunctionRef<std::string()> path)
      : reader_(*reader), limits_(limits), path_(path) {}

  absl::Status Count() {
    return reader_.ForEachField([&](int field, uint32_t tag) {
      switch (field) {
        case v1::Evaluation::kInputsFieldNumber:
          return CountNumbers(tag, &inputs_, ".inputs", "TOO_MANY_INPUTS");
        case v1::Evaluation::kQuantitiesFieldNumber:
          return CountNumbers(tag, &quantities_, ".quantities", "TOO_MANY_QUANTITIES");
        case v1::Evaluation::kDestinationsFieldNumber:
          return CountPart(tag, *v1::Destination::descriptor(), ++destinations_, kMaxIndices,
                           ".destinations", "TOO_MANY_DESTINATIONS");
        case v1::Evaluation::kActivationFieldNumber:
          if (!HoldsBytes(tag)) return reader_.SkipUnknown(tag);
          return reader_.WithinMessage([&] { return CountActivation(); });
        case v1::Evaluation::kUpstreamFieldNumber:
          return reader_.Skip(tag);
        default:
          return reader_.SkipUnknown(tag);
      }
    });
  }

  // What the Activation holds that the reader stands at.
  absl::Status CountActivation() {
    return reader_.ForEachField([&](int field, uint32_t tag) {
      switch (field) {
        case v1::Activation::kArgumentsFieldNumber:
          return CountPart(tag, ArgumentsEntry(), ++arguments_, limits_.max_arguments,
                           ".activation.arguments", "TOO_MANY_ARGUMENTS");
        case v1::Activation::kNameFieldNumber:
        case v1::Activation::kPresetFieldNumber:
          return reader_.Skip(tag);
        default:
          return reader_.SkipUnknown(tag);
      }
    });
  }

 private:
  // A name and an Argument, as protobuf sends an entry of a map.
  static const google::protobuf::Descriptor& ArgumentsEntry() {
    static const google::protobuf::Descriptor* const entry =
        v1::Activation::descriptor()
            ->FindFieldByNumber(v1::Activation::kArgumentsFieldNumber)
            ->message_type();
    return *entry;
  }

  absl::Status CountPart(uint32_t tag, const google::protobuf::Descriptor& type, int64_t count,
                         int64_t limit, const char* field, const char* reason) {
    if (!HoldsBytes(tag)) return reader_.SkipUnknown(tag);
    const auto path = [&] { return path_() + field; };
    if (absl::Status status = CheckCount(count, limit, path, reason); !status.ok()) return status;
    const int64_t start = reader_.Position();
    const absl::Status status = reader_.WithinMessage([&] { return reader_.CountUnknown(type); });
    return status.ok() ? CheckPart(reader_.Position() - start, kMaxPartBytes, path) : status;
  }

  // Counts from the bytes, so that a request which is a little over the limit may pass here; what
  // is parsed is counted exactly.
  absl::Status CountNumbers(uint32_t tag, int64_t* count, const char* field, const char* reason) {
    const absl::Status status = reader_.CountNumbers(tag, count);
    return status.ok() ? CheckCount(
                             *count, kMaxIndices, [&] { return path_() + field; }, reason)
                       : status;
  }

  FieldReader& reader_;
  const Limits& limits_;
  const absl::FunctionRef<std::string()> path_;
  int64_t inputs_ = 0;
  int64_t quantities_ = 0;
  int64_t destinations_ = 0;
  int64_t arguments_ = 0;
};

class RequestParser {
 public:
  RequestParser(CodedInputStream* stream, const Limits& limits, v1::EvaluateRequest* request,
                std::vector<DataField>* data)
      : reader_(stream, &unknown_fields_), limits_(limits), request_(request), data_(data) {}

  absl::Status Parse() {
    return reader_.ForEachField([&](int field, uint32_t tag) {
      if (!HoldsBytes(tag)) return reader_.SkipUnknown(tag);
      switch (field) {
        case v1::EvaluateRequest::kEvaluationsFieldNumber:
          return ParseEvaluation();
        case v1::EvaluateRequest::kTensorsFieldNumber:
          return ParseTensor();
        default:
          return reader_.SkipUnknown(tag);
      }
    });
  }

  absl::Status ParseHeader(HeaderMessage* message) {
    return ParseDue(v1::EvaluateStreamRequest::kHeaderFieldNumber, [&] {
      std::string fields;
      int64_t dimensions = 0;
      const absl::Status status = reader_.ForEachField([&](int field, uint32_t tag) {
        switch (field) {
          case v1::StreamHeader::kTensorsFieldNumber:
            return HoldsBytes(tag) ? ParseTensor() : reader_.SkipUnknown(tag);
          case v1::StreamHeader::kActivationFieldNumber:
            return HoldsBytes(tag) ? CopyActivation(&fields) : reader_.SkipUnknown(tag);
          case v1::StreamHeader::kShapeFieldNumber:
            return CopyShape(
                tag, [] { return "header.shape"; }, &dimensions, &fields);
          case v1::StreamHeader::kQuantitiesFieldNumber:
          case v1::StreamHeader::kElementTypeFieldNumber:
          case v1::StreamHeader::kInputsFieldNumber:
          case v1::StreamHeader::kHasUpstreamFieldNumber:
            return CopySmall(tag, &fields);
          default:
            return reader_.SkipUnknown(tag);
        }
      });
      if (!status.ok()) return status;
      return message->header.ParseFromString(fields) ? status : reader_.Malformed();
    });
  }

  absl::Status ParseChunk(ChunkMessage* message) {
    return ParseDue(v1::EvaluateStreamRequest::kChunkFieldNumber, [&] {
      return reader_.ForEachField([&](int field, uint32_t tag) {
        if (!HoldsBytes(tag)) return reader_.SkipUnknown(tag);
        switch (field) {
          case v1::StreamChunk::kInputFieldNumber:
            return ReadData(&message->input);
          case v1::StreamChunk::kSecondInputFieldNumber:
            return ReadData(&message->second_input);
          case v1::StreamChunk::kUpstreamFieldNumber:
            return ReadData(&message->upstream);
          default:
            return reader_.SkipUnknown(tag);
        }
      });
    });
  }

 private:
  // An EvaluateStreamRequest that has the field `due`, once, and not the other one; `parse` reads
  // what is in it.
  template <class Parse>
  absl::Status ParseDue(int due, const Parse& parse) {
    bool found = false;
    const absl::Status status = reader_.ForEachField([&](int field, uint32_t tag) -> absl::Status {
      const bool is_message = field == v1::EvaluateStreamRequest::kHeaderFieldNumber ||
                              field == v1::EvaluateStreamRequest::kChunkFieldNumber;
      if (!is_message || !HoldsBytes(tag)) return reader_.SkipUnknown(tag);
      if (field != due || std::exchange(found, true)) return NotDue(due);
      return reader_.WithinMessage(parse);
    });
    return status.ok() && !found ? NotDue(due) : status;
  }

  static absl::Status NotDue(int due) {
    const bool header = due == v1::EvaluateStreamRequest::kHeaderFieldNumber;
    return FieldError({.path = header ? "header" : "chunk",
                       .description = header ? "the first message of a stream has a header, and "
                                               "nothing else"
                                             : "every message but the first has a chunk, and "
                                               "nothing else",
                       .reason = header ? "HEADER_EXPECTED" : "CHUNK_EXPECTED"});
  }

  // A header may have one activation, so that the arguments of every one are counted.
  absl::Status CopyActivation(std::string* to) {
    if (std::exchange(has_activation_, true)) {
      return FieldError({.path = "header.activation",
                         .description = "it is given twice",
                         .reason = "DUPLICATE_FIELD"});
    }
    int length;
    if (!reader_.ReadLength(&length)) return reader_.Malformed();
    const absl::Status small =
        CheckPart(length, MaxEvaluationBytes(), [] { return "header.activation"; });
    if (!small.ok()) return small;
    const int64_t start = reader_.Position();
    if (!reader_.stream().ReadString(&fields_, length)) return reader_.Malformed();
    CodedInputStream stream(reinterpret_cast<const uint8_t*>(fields_.data()), length);
    FieldReader reader(&stream, &unknown_fields_, start);
    const absl::Status counted =
        EvaluationCounter(&reader, limits_, [] { return "header"; }).CountActivation();
    if (!counted.ok()) return counted;
    *to += FieldHead(v1::StreamHeader::kActivationFieldNumber, fields_.size()) + fields_;
    return absl::OkStatus();
  }

  // Reads numbers of which there are few.
  absl::Status CopySmall(uint32_t tag, std::string* to) {
    constexpr size_t kMaxBytes = 256;
    const size_t before = to->size();
    const absl::Status status = reader_.Copy(tag, to);
    small_bytes_ += to->size() - before;
    if (!status.ok() || small_bytes_ <= kMaxBytes) return status;
    return FieldError({.path = "header.quantities",
                       .description = "there are more than the API has",
                       .reason = "TOO_MANY_QUANTITIES"});
  }

  // Its arguments, its destinations, and the rest of it.
  int64_t MaxEvaluationBytes() const {
    return kMaxPartBytes * (limits_.max_arguments + kMaxIndices + 1);
  }

  absl::Status ParseEvaluation() {
    const int index = request_->evaluations_size();
    if (absl::Status status = CheckCount(
            index + 1, limits_.max_evaluations, [] { return "evaluations"; },
            "TOO_MANY_EVALUATIONS");
        !status.ok()) {
      return status;
    }
    int length;
    if (!reader_.ReadLength(&length)) return reader_.Malformed();
    const absl::Status small = CheckPart(length, MaxEvaluationBytes(),
                                         [&] { return absl::StrFormat("evaluations[%d]", index); });
    if (!small.ok()) return small;
    const int64_t start = reader_.Position();
    if (!reader_.stream().ReadString(&fields_, length)) return reader_.Malformed();
    CodedInputStream stream(reinterpret_cast<const uint8_t*>(fields_.data()), length);
    FieldReader reader(&stream, &unknown_fields_, start);
    const absl::Status counted = EvaluationCounter(&reader, limits_, [&] {
                                   return absl::StrFormat("evaluations[%d]", index);
                                 }).Count();
    if (!counted.ok()) return counted;
    return ParseFields(request_->add_evaluations());
  }

  // All fields but `data` are copied, which is little, for protobuf to parse.
  absl::Status ParseTensor() {
    const int index = request_->tensors_size();
    if (absl::Status status = CheckCount(
            index + 1, limits_.max_tensors, [] { return "tensors"; }, "TOO_MANY_TENSORS");
        !status.ok()) {
      return status;
    }
    DataField& data = data_->emplace_back();
    int64_t dimensions = 0;
    fields_.clear();
    const absl::Status status = reader_.WithinMessage([&] {
      return reader_.ForEachField([&](int field, uint32_t tag) {
        switch (field) {
          case v1::Tensor::kShapeFieldNumber:
            return CopyShape(
                tag, [&] { return absl::StrFormat("tensors[%d].shape", index); }, &dimensions,
                &fields_);
          case v1::Tensor::kValuesFieldNumber:
            return CopyValues(tag, index);
          case v1::Tensor::kElementTypeFieldNumber:
            return reader_.Copy(tag, &fields_);
          case v1::Tensor::kRegionFieldNumber:
            return CopyRegion(tag, index);
          case v1::Tensor::kDataFieldNumber:
            return HoldsBytes(tag) ? ReadData(&data) : reader_.SkipUnknown(tag);
          default:
            return reader_.SkipUnknown(tag);
        }
      });
    });
    return status.ok() ? ParseFields(request_->add_tensors()) : status;
  }

  absl::Status CopyRegion(uint32_t tag, int index) {
    if (!HoldsBytes(tag)) return reader_.SkipUnknown(tag);
    int length;
    if (!reader_.ReadLength(&length)) return reader_.Malformed();
    const absl::Status status = CheckPart(
        length, kMaxPartBytes, [index] { return absl::StrFormat("tensors[%d].region", index); });
    if (!status.ok()) return status;
    std::string region;
    const int64_t start = reader_.Position();
    if (!reader_.stream().ReadString(&region, length)) return reader_.Malformed();
    CodedInputStream stream(reinterpret_cast<const uint8_t*>(region.data()), length);
    const absl::Status counted =
        FieldReader(&stream, &unknown_fields_, start).CountUnknown(*v1::BufferRegion::descriptor());
    if (!counted.ok()) return counted;
    fields_ += FieldHead(v1::Tensor::kRegionFieldNumber, region.size()) + region;
    return absl::OkStatus();
  }

  absl::Status CopyShape(uint32_t tag, absl::FunctionRef<std::string()> path, int64_t* dimensions,
                         std::string* to) {
    const size_t before = to->size();
    if (absl::Status status = reader_.Copy(tag, to); !status.ok()) return status;
    // A dimension has at most ten bytes, tag and length are two at least.
    *dimensions += std::max<int64_t>(static_cast<int64_t>(to->size() - before) / 12, 1);
    return CheckCount(*dimensions, limits_.max_rank, path, "RANK_TOO_HIGH");
  }

  // Numbers are counted before they are copied: packed ones by their bytes, others one by one.
  absl::Status CopyValues(uint32_t tag, int index) {
    const bool is_packed = HoldsBytes(tag);
    int length = sizeof(double);
    if (is_packed && !reader_.ReadLength(&length)) return reader_.Malformed();
    values_ += length / static_cast<int>(sizeof(double));
    if (values_ > limits_.max_values) return TooManyValues(index);
    if (!is_packed) return reader_.Copy(tag, &fields_);
    const int left = reader_.stream().BytesUntilLimit();
    if (left >= 0 && length > left) return reader_.Malformed();
    fields_ += FieldHead(v1::Tensor::kValuesFieldNumber, static_cast<size_t>(length));
    const size_t before = fields_.size();
    fields_.resize(before + static_cast<size_t>(length));
    return reader_.stream().ReadRaw(fields_.data() + before, length) ? absl::OkStatus()
                                                                     : reader_.Malformed();
  }

  absl::Status TooManyValues(int index) const {
    return FieldError({.path = absl::StrFormat("tensors[%d].values", index),
                       .description = absl::StrFormat(
                           "the request has %d numbers up to here; this server's limit "
                           "for numbers as `values` is %d (as `data` there may be more)",
                           values_, limits_.max_values),
                       .reason = "TOO_MANY_VALUES"});
  }

  absl::Status ReadData(DataField* data) {
    data->Clear();
    return AppendBytes(reader_, data);
  }

  template <class Message>
  absl::Status ParseFields(Message* message) {
    return message->ParseFromString(fields_) ? absl::OkStatus() : reader_.Malformed();
  }

  int64_t unknown_fields_ = 0;
  int64_t values_ = 0;
  FieldReader reader_;
  const Limits& limits_;
  v1::EvaluateRequest* request_;
  std::vector<DataField>* data_;
  std::string fields_;  // of the message being read
  // These belong to a header.
  bool has_activation_ = false;
  size_t small_bytes_ = 0;
};

}  // namespace

absl::Status ParseRequest(google::protobuf::io::ZeroCopyInputStream* stream, const Limits& limits,
                          v1::EvaluateRequest* request, std::vector<DataField>* data) {
  CodedInputStream coded(stream);
  coded.SetTotalBytesLimit(INT_MAX);
  return RequestParser(&coded, limits, request, data).Parse();
}

absl::Status ParseHeader(google::protobuf::io::ZeroCopyInputStream* stream, const Limits& limits,
                         HeaderMessage* message) {
  CodedInputStream coded(stream);
  coded.SetTotalBytesLimit(INT_MAX);
  RequestParser parser(&coded, limits, &message->tensors, &message->data);
  return parser.ParseHeader(message);
}

absl::Status ParseChunk(google::protobuf::io::ZeroCopyInputStream* stream, const Limits& limits,
                        ChunkMessage* message) {
  CodedInputStream coded(stream);
  coded.SetTotalBytesLimit(INT_MAX);
  return RequestParser(&coded, limits, nullptr, nullptr).ParseChunk(message);
}

}  // namespace rectifier
