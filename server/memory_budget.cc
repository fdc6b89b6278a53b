#include "server/memory_budget.h"

#include <algorithm>

namespace rectifier {
namespace {

// Whole MiB read better, and a machine without any is none of ours.
int64_t Part(int64_t memory, int64_t part) {
  constexpr int64_t kMiB = int64_t{1} << 20;
  return std::max(memory / part / kMiB, int64_t{1}) * kMiB;
}

}  // namespace

void FitIntoMemory(int64_t memory, const std::function<bool(absl::string_view flag)>& is_given,
                   Options* options) {
  const auto fit = [&is_given](absl::string_view flag, int64_t most, int64_t least,
                               int64_t* bytes) {
    if (!is_given(flag)) *bytes = std::max(std::min(*bytes, most), least);
  };
  Limits& limits = options->limits;
  fit("max_message_bytes", Part(memory, 16), 1, &limits.max_message_bytes);
  // What is out of its interval is refused later.
  fit("max_inflight_bytes", Part(memory, 8), 2 * std::min(limits.max_message_bytes, kMaxMessage),
      &limits.max_inflight_bytes);
  const int64_t buffer = is_given("max_buffer_bytes_per_connection")
                             ? limits.max_buffer_bytes_per_connection
                             : kLargestPage;
  fit("max_buffer_bytes", Part(memory, 8), buffer, &limits.max_buffer_bytes);
  fit("max_buffer_bytes_per_connection", limits.max_buffer_bytes / 2, kLargestPage,
      &limits.max_buffer_bytes_per_connection);
  fit("max_idle_bytes", Part(memory, 16), 0, &options->max_idle_bytes);
  if (options->max_receive_bytes == 0) {
    options->max_receive_bytes = std::max(2 * std::min(limits.max_inflight_bytes, kMaxBytes),
                                          std::min(Part(memory, 4), kLeastReceiveBytes));
  }
}

}  // namespace rectifier
