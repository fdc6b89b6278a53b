#include "core/payload.h"

#include <algorithm>
#include <cstring>

namespace rectifier {

Payload::Payload(absl::Span<const Piece> pieces, size_t size) : size_(size) {
  if (pieces.size() == 1) {
    whole_ = pieces[0].data;
  } else {
    pieces_ = pieces;
  }
}

const Payload::Piece* Payload::Find(size_t offset) const {
  const auto after =
      std::upper_bound(pieces_.begin(), pieces_.end(), offset,
                       [](size_t byte, const Piece& piece) { return byte < piece.start; });
  return pieces_.data() + (after - pieces_.begin()) - 1;
}

size_t Payload::EndOf(const Piece* piece) const {
  const Piece* const next = piece + 1;
  return next == pieces_.data() + pieces_.size() ? size_ : next->start;
}

const std::byte* Payload::Read(size_t offset, size_t size, std::byte* room) const {
  if (is_whole()) return whole_ + offset;
  const Piece* const piece = Find(offset);
  if (offset + size <= EndOf(piece)) return piece->data + (offset - piece->start);
  CopyTo(offset, size, room);
  return room;
}

void Payload::CopyTo(size_t offset, size_t size, std::byte* to) const {
  if (size == 0) return;
  if (is_whole()) {
    std::memcpy(to, whole_ + offset, size);
    return;
  }
  for (const Piece* piece = Find(offset); size > 0; ++piece) {
    const size_t bytes = std::min(size, EndOf(piece) - offset);
    std::memcpy(to, piece->data + (offset - piece->start), bytes);
    to += bytes;
    offset += bytes;
    size -= bytes;
  }
}

}  // namespace rectifier
