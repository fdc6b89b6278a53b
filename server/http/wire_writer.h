// Writes a protobuf message field by field as bytes, without an object for it: of many small
// messages those take up to a hundred times as much memory as the text that asks for them.
#ifndef RECTIFIER_SERVER_HTTP_WIRE_WRITER_H_
#define RECTIFIER_SERVER_HTTP_WIRE_WRITER_H_

#include <cstdint>
#include <cstring>
#include <string>

#include "absl/strings/string_view.h"

namespace rectifier::http {

class WireWriter {
 public:
  enum class WireType : uint32_t { kVarint = 0, kFixed64 = 1, kBytes = 2, kFixed32 = 5 };

  // Appends to `bytes`, which outlives the writer.
  explicit WireWriter(std::string* bytes) : bytes_(*bytes) {}

  size_t size() const { return bytes_.size(); }

  void Tag(int field, WireType type) {
    Varint((static_cast<uint64_t>(field) << 3) | static_cast<uint32_t>(type));
  }

  void Varint(uint64_t value) {
    for (; value >= 0x80; value >>= 7) bytes_ += static_cast<char>(value | 0x80);
    bytes_ += static_cast<char>(value);
  }

  // In little-endian order, as this machine's numbers are.
  template <class Number>
  void Fixed(Number value) {
    char raw[sizeof(Number)];
    std::memcpy(raw, &value, sizeof(raw));
    bytes_.append(raw, sizeof(raw));
  }

  void Bytes(int field, absl::string_view value) {
    Tag(field, WireType::kBytes);
    Varint(value.size());
    bytes_.append(value.data(), value.size());
  }

  // What is written between Begin and End is the content of `field`, whose length is put before it.
  size_t Begin(int field) {
    Tag(field, WireType::kBytes);
    return bytes_.size();
  }
  void End(size_t begin) {
    std::string length;
    WireWriter(&length).Varint(bytes_.size() - begin);
    bytes_.insert(begin, length);
  }

 private:
  std::string& bytes_;
};

}  // namespace rectifier::http

#endif  // RECTIFIER_SERVER_HTTP_WIRE_WRITER_H_
