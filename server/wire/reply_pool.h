// Memory for what gRPC sends, used again and again: fresh pages cost more than most activations.
#ifndef RECTIFIER_SERVER_WIRE_REPLY_POOL_H_
#define RECTIFIER_SERVER_WIRE_REPLY_POOL_H_

#include <cstddef>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "grpcpp/support/slice.h"

namespace rectifier {

// It lives on until the last of its buffers has come back, which gRPC may do at any time after a
// call. Thread-safe.
class ReplyPool : public std::enable_shared_from_this<ReplyPool> {
 private:
  struct Block;

 public:
  // One buffer, for as long as this lives or the slice made of it.
  class Buffer {
   public:
    Buffer();
    explicit Buffer(std::unique_ptr<Block> block);
    Buffer(Buffer&& other) noexcept;
    Buffer& operator=(Buffer&& other) noexcept;
    ~Buffer();

    // Null where there was no memory. The bytes are aligned to 64 bytes at least, and not zeroed.
    std::byte* data() const;

    // The first `size` bytes; the buffer returns to its pool when the slice is gone.
    grpc::Slice Release(size_t size) &&;

   private:
    std::unique_ptr<Block> block_;
  };

  // Keeps up to `max_idle_bytes` that nobody uses; the rest goes back to the system. So does all of
  // it when memory runs out, until there is some again.
  static std::shared_ptr<ReplyPool> Make(size_t max_idle_bytes);
  ~ReplyPool();

  // A buffer of at least `bytes`.
  Buffer Acquire(size_t bytes);

  size_t idle_bytes() const;
  // Gives what is idle back to the system.
  void ReleaseIdle();

 private:
  explicit ReplyPool(size_t max_idle_bytes);
  // Null where the system has none.
  std::unique_ptr<Block> MakeBlock(size_t capacity);
  void Return(std::unique_ptr<Block> block);

  const size_t max_idle_bytes_;
  mutable std::mutex mutex_;
  size_t idle_bytes_ = 0;
  bool is_memory_short_ = false;
  std::unordered_map<size_t, std::vector<std::unique_ptr<Block>>> idle_;  // by capacity
};

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_WIRE_REPLY_POOL_H_
