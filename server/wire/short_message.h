// A short request in memory of its own, which takes over the next one where that differs in nothing
// but the payloads of its inputs.
#ifndef RECTIFIER_SERVER_WIRE_SHORT_MESSAGE_H_
#define RECTIFIER_SERVER_WIRE_SHORT_MESSAGE_H_

#include <cstddef>
#include <utility>
#include <vector>

#include "absl/types/span.h"
#include "grpcpp/support/byte_buffer.h"
#include "server/wire/request.h"

namespace rectifier {

class ShortMessage {
 public:
  // A copy of `bytes`.
  explicit ShortMessage(absl::Span<const std::byte> bytes) : bytes_(bytes.begin(), bytes.end()) {}
  ShortMessage(const ShortMessage&) = delete;
  ShortMessage& operator=(const ShortMessage&) = delete;

  // The message, in the memory of this object, which outlives it.
  grpc::ByteBuffer bytes() const;

  // `request` has been decoded from bytes(): what no decision depended on, the payloads of inputs
  // and upstreams where they lie in the message and are no arguments, may differ from now on.
  void LetPayloadsDiffer(const DecodedRequest& request);

  // Whether `bytes` are the same but for those. Then they have the same fields at the same places,
  // because the length of each payload is among what is the same.
  bool Repeats(absl::Span<const std::byte> bytes) const;
  // Takes over the payloads of `bytes`, which repeat it, so that views into this object see them.
  void TakeOver(absl::Span<const std::byte> bytes);

 private:
  using Range = std::pair<size_t, size_t>;  // from its first byte to behind its last

  // Nothing where it is empty, in pieces or elsewhere.
  Range RangeOf(const Payload& payload) const;

  std::vector<std::byte> bytes_;
  std::vector<Range> payloads_;  // in order; none overlaps another
};

// All of `message` in one piece: it shares the message's memory where that is in one already.
grpc::Slice InOnePiece(const grpc::ByteBuffer& message);

inline absl::Span<const std::byte> BytesOf(const grpc::Slice& slice) {
  return {reinterpret_cast<const std::byte*>(slice.begin()), slice.size()};
}

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_WIRE_SHORT_MESSAGE_H_
