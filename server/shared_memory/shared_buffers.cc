#include "server/shared_memory/shared_buffers.h"

#include <sys/random.h>
#include <unistd.h>

#include <cerrno>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_format.h"
#include "core/field_error.h"

namespace rectifier {
namespace {

constexpr size_t kTokenBytes = 16;

// 128 random bits; nullopt where the kernel has none yet.
std::optional<std::string> MakeToken() {
  std::string token(kTokenBytes, '\0');
  ssize_t size = -1;
  do {
    size = getrandom(token.data(), token.size(), 0);
  } while (size < 0 && errno == EINTR);
  if (size != static_cast<ssize_t>(token.size())) return std::nullopt;
  return token;
}

// What is too large for a quota stays so.
uint64_t RoundUpToPages(uint64_t bytes) {
  const auto page = static_cast<uint64_t>(sysconf(_SC_PAGESIZE));
  if (bytes > std::numeric_limits<uint64_t>::max() - page) return bytes;
  return (bytes + page - 1) / page * page;
}

absl::Status UnknownBuffer(const char* field) {
  return FieldError(
      {.path = field,
       .description = "names no buffer; it may have been released, or its connection closed",
       .reason = "UNKNOWN_SHARED_BUFFER"},
      absl::StatusCode::kNotFound);
}

}  // namespace

SharedBuffers::SharedBuffers(const Limits& limits, BufferGauges gauges)
    : quota_(std::make_shared<BufferQuota>(limits, gauges)) {}

absl::StatusOr<AllocatedBuffer> SharedBuffers::Allocate(BufferConnectionId connection,
                                                        uint64_t bytes) {
  const uint64_t rounded = RoundUpToPages(bytes);
  absl::StatusOr<std::unique_ptr<BufferQuota::Share>> share = quota_->Reserve(connection, rounded);
  if (!share.ok()) return share.status();
  std::optional<std::string> token = MakeToken();
  if (!token.has_value()) return absl::UnavailableError("allocate: no random numbers yet");
  auto created = BufferMemory::Create(rounded, *std::move(share));
  if (!created.ok()) return created.status();
  {
    absl::MutexLock lock(&mutex_);
    buffers_.emplace(*token, Buffer{connection, std::move(created->memory)});
  }
  return AllocatedBuffer{*std::move(token), rounded, std::move(created->descriptor)};
}

absl::Status SharedBuffers::Release(BufferConnectionId connection, absl::string_view token) {
  std::shared_ptr<BufferMemory> memory;  // goes after the lock
  absl::MutexLock lock(&mutex_);
  const auto found = buffers_.find(token);
  if (found == buffers_.end() || found->second.owner != connection) {
    return UnknownBuffer("release.token");
  }
  memory = std::move(found->second.memory);
  memory->DiscardAtEnd();
  buffers_.erase(found);
  return absl::OkStatus();
}

void SharedBuffers::Disconnect(BufferConnectionId connection) {
  std::vector<std::shared_ptr<BufferMemory>> memory;  // goes after the lock
  absl::MutexLock lock(&mutex_);
  absl::erase_if(buffers_, [&](auto& entry) {
    if (entry.second.owner != connection) return false;
    entry.second.memory->DiscardAtEnd();
    memory.push_back(std::move(entry.second.memory));
    return true;
  });
}

absl::StatusOr<SharedRegion> SharedBuffers::Find(absl::string_view token, uint64_t offset,
                                                 uint64_t length) const {
  std::shared_ptr<BufferMemory> memory;
  {
    absl::ReaderMutexLock lock(&mutex_);
    const auto found = buffers_.find(token);
    if (found == buffers_.end()) return UnknownBuffer("region.token");
    memory = found->second.memory;
  }
  const absl::Span<std::byte> bytes = memory->bytes();
  if (offset > bytes.size() || length > bytes.size() - offset) {  // the sum might wrap
    return FieldError(
        {.path = "region",
         .description = absl::StrFormat("offset %d and length %d given; the buffer has %d bytes",
                                        offset, length, bytes.size()),
         .reason = "REGION_OUT_OF_BOUNDS"});
  }
  return SharedRegion{bytes.subspan(offset, length), std::move(memory)};
}

}  // namespace rectifier
