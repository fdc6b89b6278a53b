#include "server/evaluate/repeated_requests.h"

#include <algorithm>
#include <utility>

namespace rectifier {
namespace {

// So that all of them together take some megabytes at most, with all shards full: of jobs, as
// PreparedBytes counts, and of tensors.
constexpr int64_t kMostPreparedBytes = int64_t{32} << 10;
constexpr size_t kMostTensors = 32;

bool MayRepeat(const PreparedRequest& request) {
  return request.message.has_value() && !request.request.holds_buffers &&
         request.bytes <= kMostPreparedBytes && request.request.tensors <= kMostTensors;
}

}  // namespace

std::unique_ptr<PreparedRequest> RepeatedRequests::Take(CallerId caller,
                                                        const EvaluationProtocol& protocol,
                                                        absl::Span<const std::byte> bytes) {
  std::unique_ptr<PreparedRequest> found;
  Shard& shard = ShardOf(caller);
  {
    const absl::MutexLock lock(&shard.mutex);
    const auto is_repeated = [&](const Kept& kept) {
      return kept.caller == caller && kept.protocol == &protocol &&
             kept.request->message->Repeats(bytes);
    };
    const auto place = std::find_if(shard.kept.rbegin(), shard.kept.rend(), is_repeated);
    if (place == shard.kept.rend()) return nullptr;
    found = std::move(place->request);
    shard.kept.erase(std::next(place).base());
  }
  found->message->TakeOver(bytes);
  return found;
}

void RepeatedRequests::Keep(CallerId caller, const EvaluationProtocol& protocol,
                            std::unique_ptr<PreparedRequest> request) {
  if (!MayRepeat(*request)) return;
  Kept oldest{};  // which goes when the lock is free again
  Shard& shard = ShardOf(caller);
  const absl::MutexLock lock(&shard.mutex);
  if (shard.kept.size() == kMostPerShard) {
    oldest = std::move(shard.kept.front());
    shard.kept.erase(shard.kept.begin());
  }
  shard.kept.push_back({caller, &protocol, std::move(request)});
}

}  // namespace rectifier
