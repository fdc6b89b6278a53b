// The bytes of a tensor, in one piece or in several that follow one another: a message arrives in
// pieces of whatever length, and putting them together would cost more than most activations.
#ifndef RECTIFIER_CORE_PAYLOAD_H_
#define RECTIFIER_CORE_PAYLOAD_H_

#include <cstddef>
#include <type_traits>

#include "absl/types/span.h"

namespace rectifier {

// A Payload is a view: all that it is made of must outlive it.
class Payload {
 public:
  // Bytes [start, start + size of the piece) of the payload lie at `data`; the next piece begins
  // where this one ends. Pieces may have any length, and elements may straddle them.
  struct Piece {
    size_t start = 0;
    const std::byte* data = nullptr;
  };

  Payload() = default;
  Payload(absl::Span<const std::byte> bytes)  // NOLINT: implicit
      : whole_(bytes.data()), size_(bytes.size()) {}
  template <class Bytes>
  requires std::is_convertible_v<Bytes, absl::Span<const std::byte>>
  // NOLINTNEXTLINE: implicit
  Payload(const Bytes& bytes) : Payload(absl::Span<const std::byte>(bytes)) {}

  // `pieces` follow one another, the first at 0; none may be empty.
  Payload(absl::Span<const Piece> pieces, size_t size);

  size_t size() const { return size_; }
  bool is_whole() const { return pieces_.empty(); }
  // All of it, where it is whole.
  const std::byte* data() const { return whole_; }

  // Where bytes [offset, offset + size) lie, if that is one piece; otherwise `room`, where they are
  // copied to.
  const std::byte* Read(size_t offset, size_t size, std::byte* room) const;

  // Copies bytes [offset, offset + size).
  void CopyTo(size_t offset, size_t size, std::byte* to) const;

 private:
  // The piece that holds byte `offset`.
  const Piece* Find(size_t offset) const;
  // One past the last byte of `piece`.
  size_t EndOf(const Piece* piece) const;

  const std::byte* whole_ = nullptr;
  size_t size_ = 0;
  absl::Span<const Piece> pieces_;
};

}  // namespace rectifier

#endif  // RECTIFIER_CORE_PAYLOAD_H_
