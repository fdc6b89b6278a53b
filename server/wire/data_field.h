// Bytes of a message that stay where they arrived, in gRPC's slices.
#ifndef RECTIFIER_SERVER_WIRE_DATA_FIELD_H_
#define RECTIFIER_SERVER_WIRE_DATA_FIELD_H_

#include <cstddef>
#include <vector>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "core/payload.h"
#include "server/wire/field_reader.h"

namespace rectifier {

// The payload of one tensor, as it lies in the slices.
class DataField {
 public:
  size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  absl::Span<const Payload::Piece> pieces() const { return pieces_; }
  Payload payload() const { return Payload(absl::MakeConstSpan(pieces_), size_); }

  void Clear();
  void Append(const void* data, size_t size);

 private:
  std::vector<Payload::Piece> pieces_;
  size_t size_ = 0;
};

// Appends a field of bytes that the reader stands at, behind its tag.
absl::Status AppendBytes(FieldReader& reader, DataField* data);
// Appends the next `size` bytes.
absl::Status AppendRaw(FieldReader& reader, int size, DataField* data);

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_WIRE_DATA_FIELD_H_
