// Pipelines ask the same again and again, with other numbers. What a short request came to before
// it was computed is kept for the next one whose bytes are the same but for its payloads: checking
// that takes a tenth of what decoding and binding take.
#ifndef RECTIFIER_SERVER_EVALUATE_REPEATED_REQUESTS_H_
#define RECTIFIER_SERVER_EVALUATE_REPEATED_REQUESTS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/types/span.h"
#include "core/engine.h"
#include "server/evaluate/prepared_request.h"

namespace rectifier {

class EvaluationProtocol;

// A request is kept for the connection that it came by, and only one of which every byte is the
// same finds it, so that nobody is given, or told of, what another one has sent. Whoever sends many
// kinds puts out their own, and those of a few others, who then pay what everyone pays without it.
// Thread-safe.
class RepeatedRequests {
 public:
  // Longer ones take long enough to compute.
  static constexpr size_t kMostMessageBytes = size_t{4} << 10;

  RepeatedRequests() = default;
  RepeatedRequests(const RepeatedRequests&) = delete;
  RepeatedRequests& operator=(const RepeatedRequests&) = delete;

  // What is kept for a message of `bytes`, with its payloads; null where there is none. It is the
  // caller's own now.
  std::unique_ptr<PreparedRequest> Take(CallerId caller, const EvaluationProtocol& protocol,
                                        absl::Span<const std::byte> bytes);

  // Keeps it, unless that would not do: it has memory that it shares with its caller, or is large.
  void Keep(CallerId caller, const EvaluationProtocol& protocol,
            std::unique_ptr<PreparedRequest> request);

 private:
  static constexpr size_t kShards = 16;
  static constexpr size_t kMostPerShard = 8;

  struct Kept {
    CallerId caller;
    const EvaluationProtocol* protocol;
    std::unique_ptr<PreparedRequest> request;
  };
  struct Shard {
    absl::Mutex mutex;
    std::vector<Kept> kept ABSL_GUARDED_BY(mutex);  // the one that was kept last comes last
  };

  Shard& ShardOf(CallerId caller) { return shards_[caller % kShards]; }

  std::array<Shard, kShards> shards_;
};

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_EVALUATE_REPEATED_REQUESTS_H_
