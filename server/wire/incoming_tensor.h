// What has come of one tensor of a stream, and has not been used yet.
#ifndef RECTIFIER_SERVER_WIRE_INCOMING_TENSOR_H_
#define RECTIFIER_SERVER_WIRE_INCOMING_TENSOR_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/payload.h"
#include "server/wire/request_parser.h"

namespace rectifier {

// A rest, in memory of its own, and the latest chunk, where it lies in its message.
class IncomingTensor {
 public:
  // `item_bytes` are those of one item (core/windowed_run.h), `total_bytes` those of all of it.
  IncomingTensor(int64_t item_bytes, int64_t total_bytes)
      : item_bytes_(item_bytes), total_bytes_(total_bytes) {}

  int64_t item_bytes() const { return item_bytes_; }
  int64_t total_bytes() const { return total_bytes_; }
  int64_t received_bytes() const { return received_bytes_; }
  int64_t available_bytes() const { return available_bytes_; }
  // The size of the memory of its own.
  int64_t kept_bytes() const { return static_cast<int64_t>(rest_.capacity()); }

  // Takes the next chunk, after the rest of the last one has been kept. It must lie where it is
  // until it is used or kept. At most total_bytes() may come.
  void Add(const DataField& chunk);

  // The first `bytes` of what is available, which stay there until they are dropped.
  Payload Front(int64_t bytes);
  void Drop(int64_t bytes);

  // Copies what is left of the chunk.
  void Keep();

 private:
  int64_t RestBytes() const { return static_cast<int64_t>(rest_.size()) - rest_begin_; }

  const int64_t item_bytes_;
  const int64_t total_bytes_;
  int64_t received_bytes_ = 0;
  int64_t available_bytes_ = 0;
  std::vector<std::byte> rest_;
  int64_t rest_begin_ = 0;  // what is before it has been dropped
  // The pieces of the chunk, by their place in it. Those before first_ have been dropped, and so
  // have the bytes before chunk_begin_.
  std::vector<Payload::Piece> chunk_;
  size_t first_ = 0;
  int64_t chunk_begin_ = 0;
  int64_t chunk_end_ = 0;
  std::vector<Payload::Piece> front_;
};

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_WIRE_INCOMING_TENSOR_H_
