#include "server/wire/data_field.h"

#include <algorithm>

namespace rectifier {

void DataField::Clear() {
  pieces_.clear();
  size_ = 0;
}

void DataField::Append(const void* data, size_t size) {
  pieces_.push_back({size_, static_cast<const std::byte*>(data)});
  size_ += size;
}

absl::Status AppendBytes(FieldReader& reader, DataField* data) {
  int length;
  return reader.ReadLength(&length) ? AppendRaw(reader, length, data) : reader.Malformed();
}

absl::Status AppendRaw(FieldReader& reader, int size, DataField* data) {
  while (size > 0) {
    const void* piece;
    int length;
    if (!reader.stream().GetDirectBufferPointer(&piece, &length)) return reader.Malformed();
    length = std::min(length, size);
    data->Append(piece, static_cast<size_t>(length));
    if (!reader.stream().Skip(length)) return reader.Malformed();
    size -= length;
  }
  return absl::OkStatus();
}

}  // namespace rectifier
