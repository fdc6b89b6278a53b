// Walks over the fields of a serialized message.
#ifndef RECTIFIER_SERVER_WIRE_FIELD_READER_H_
#define RECTIFIER_SERVER_WIRE_FIELD_READER_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/wire_format_lite.h"

namespace rectifier {

// Whether the field holds bytes: a string, a message or packed numbers.
inline bool HoldsBytes(uint32_t tag) {
  using google::protobuf::internal::WireFormatLite;
  return WireFormatLite::GetTagWireType(tag) == WireFormatLite::WIRETYPE_LENGTH_DELIMITED;
}

// The package whose messages are read, for errors.
inline constexpr char kOwnPackage[] = "rectifier.v1";

// The error for bytes that are no request from `position` on.
absl::Status MalformedRequest(int64_t position, const char* package = kOwnPackage);

// One message or a part of it. Every method gives OK, or the error to answer with.
class FieldReader {
 public:
  // `unknown_fields` counts over all readers of one request; `start` is where the stream begins in
  // the request.
  FieldReader(google::protobuf::io::CodedInputStream* stream, int64_t* unknown_fields,
              int64_t start = 0, const char* package = kOwnPackage)
      : stream_(stream), unknown_fields_(unknown_fields), start_(start), package_(package) {}

  google::protobuf::io::CodedInputStream& stream() { return *stream_; }
  int64_t Position() const { return start_ + stream_->CurrentPosition(); }
  absl::Status Malformed() const { return MalformedRequest(Position(), package_); }

  // Calls f(field number, tag) for each field up to the end of the message; f must read the field.
  template <class F>
  absl::Status ForEachField(F f) {
    constexpr int kLongestTag = 5;  // CodedInputStream would take longer ones, protobuf does not
    for (;;) {
      const int start = stream_->CurrentPosition();
      const uint32_t tag = stream_->ReadTag();
      if (tag == 0) break;
      if (stream_->CurrentPosition() - start > kLongestTag) return Malformed();
      const absl::Status status =
          f(google::protobuf::internal::WireFormatLite::GetTagFieldNumber(tag), tag);
      if (!status.ok()) return status;
    }
    return stream_->ConsumedEntireMessage() ? absl::OkStatus() : Malformed();
  }

  // Calls f() with the stream limited to the message that follows.
  template <class F>
  absl::Status WithinMessage(F f) {
    int length;
    if (!ReadLength(&length)) return Malformed();
    const int left = stream_->BytesUntilLimit();  // -1: no limit; a longer one would not count
    if (left >= 0 && length > left) return Malformed();
    const auto outer = stream_->PushLimit(length);
    const absl::Status status = f();
    if (!status.ok()) return status;
    if (stream_->BytesUntilLimit() != 0) return Malformed();
    stream_->PopLimit(outer);
    return absl::OkStatus();
  }

  bool ReadLength(int* length) { return stream_->ReadVarintSizeAsInt(length); }

  // These three refuse groups, which proto3 has not.
  absl::Status Skip(uint32_t tag);
  // Does the same with a field that no one knows; too many of them are an error.
  absl::Status SkipUnknown(uint32_t tag);

  // Walks over the rest of a message that protobuf is to parse, and over those within it, and
  // counts what `type` does not know, which protobuf would keep.
  absl::Status CountUnknown(const google::protobuf::Descriptor& type);

  // Appends the field, tag and all, to `to`.
  absl::Status Copy(uint32_t tag, std::string* to);

  // Adds to `count` how many numbers a repeated field has at least, packed or one by one.
  absl::Status CountNumbers(uint32_t tag, int64_t* count);

 private:
  absl::Status CheckNoGroup(uint32_t tag) const;

  google::protobuf::io::CodedInputStream* stream_;
  int64_t* unknown_fields_;
  int64_t start_;
  const char* package_;
};

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_WIRE_FIELD_READER_H_
