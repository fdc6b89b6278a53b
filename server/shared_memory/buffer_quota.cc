#include "server/shared_memory/buffer_quota.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_format.h"

namespace rectifier {

BufferQuota::Share::Share(std::shared_ptr<BufferQuota> quota, BufferConnectionId connection,
                          int64_t bytes)
    : quota_(std::move(quota)), connection_(connection), bytes_(bytes) {}

BufferQuota::Share::~Share() { quota_->GiveBack(connection_, bytes_); }

absl::StatusOr<std::unique_ptr<BufferQuota::Share>> BufferQuota::Reserve(
    BufferConnectionId connection, uint64_t bytes) {
  const int64_t most = std::min(limits_.max_buffer_bytes_per_connection, limits_.max_buffer_bytes);
  if (bytes < 1 || bytes > static_cast<uint64_t>(most)) {
    return absl::InvalidArgumentError(absl::StrFormat(
        "allocate.bytes: %d given, in whole pages; must be from 1 to %d", bytes, most));
  }
  const auto wanted = static_cast<int64_t>(bytes);
  absl::MutexLock lock(&mutex_);
  const auto entry = by_connection_.find(connection);
  const Usage usage = entry == by_connection_.end() ? Usage() : entry->second;
  if (absl::Status status = Check(usage, wanted); !status.ok()) return status;
  Add(connection, wanted, 1);
  return std::make_unique<Share>(shared_from_this(), connection, wanted);
}

// The sizes are compared by what is left, which cannot overflow.
absl::Status BufferQuota::Check(const Usage& usage, int64_t bytes) const {
  if (usage.buffers >= kMaxBuffersPerConnection) {
    return absl::ResourceExhaustedError(
        absl::StrFormat("allocate: this connection has %d buffers, and may have %d", usage.buffers,
                        kMaxBuffersPerConnection));
  }
  if (bytes > limits_.max_buffer_bytes_per_connection - usage.bytes) {
    return absl::ResourceExhaustedError(absl::StrFormat(
        "allocate.bytes: %d given, in whole pages; this connection has %d bytes, and may have %d",
        bytes, usage.bytes, limits_.max_buffer_bytes_per_connection));
  }
  if (bytes > limits_.max_buffer_bytes - total_.bytes) {
    return absl::ResourceExhaustedError(
        absl::StrFormat("allocate.bytes: %d given, in whole pages; all connections together have "
                        "%d bytes, and may have %d",
                        bytes, total_.bytes, limits_.max_buffer_bytes));
  }
  return absl::OkStatus();
}

void BufferQuota::Add(BufferConnectionId connection, int64_t bytes, int64_t buffers) {
  Usage& usage = by_connection_[connection];
  for (Usage* each : {&usage, &total_}) {
    each->bytes += bytes;
    each->buffers += buffers;
  }
  if (usage.buffers == 0) by_connection_.erase(connection);
  gauges_.buffers->Set(static_cast<double>(total_.buffers));
  gauges_.bytes->Set(static_cast<double>(total_.bytes));
}

void BufferQuota::GiveBack(BufferConnectionId connection, int64_t bytes) {
  absl::MutexLock lock(&mutex_);
  Add(connection, -bytes, -1);
}

}  // namespace rectifier
