#include "server/wire/field_head.h"

#include <cstdint>

#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/wire_format_lite.h"

namespace rectifier {
namespace {

constexpr size_t kMaxTagBytes = 5;
constexpr size_t kMaxLengthBytes = 10;

}  // namespace

std::string FieldHead(int field, size_t length) {
  using google::protobuf::internal::WireFormatLite;
  using google::protobuf::io::CodedOutputStream;
  uint8_t bytes[kMaxTagBytes + kMaxLengthBytes];
  uint8_t* end =
      WireFormatLite::WriteTagToArray(field, WireFormatLite::WIRETYPE_LENGTH_DELIMITED, bytes);
  end = CodedOutputStream::WriteVarint64ToArray(length, end);
  return std::string(reinterpret_cast<const char*>(bytes), static_cast<size_t>(end - bytes));
}

}  // namespace rectifier
