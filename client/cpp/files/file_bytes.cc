#include "client/cpp/files/file_bytes.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <new>
#include <utility>

namespace rectifier::client {
namespace {

constexpr size_t kReadBytes = 1 << 16;
constexpr char kStandardInput[] = "-";

}  // namespace

absl::StatusOr<FileBytes> FileBytes::Open(const std::string& path) {
  const bool is_file = path != kStandardInput;
  const int descriptor = is_file ? open(path.c_str(), O_RDONLY | O_CLOEXEC) : STDIN_FILENO;
  if (descriptor < 0) return absl::ErrnoToStatus(errno, "cannot open it");
  FileBytes file(descriptor, nullptr);
  struct stat status = {};
  if (fstat(descriptor, &status) != 0) return absl::ErrnoToStatus(errno, "cannot read it");
  if (is_file && S_ISREG(status.st_mode)) {
    auto mapped = Mapping::OfFile(descriptor, static_cast<size_t>(status.st_size));
    if (!mapped.ok()) return mapped.status();
    file.mapping_ = *std::move(mapped);
  }
  return file;
}

FileBytes::FileBytes(FileBytes&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)),
      mapping_(std::move(other.mapping_)),
      content_(std::move(other.content_)) {}

FileBytes::~FileBytes() {
  if (descriptor_ > STDIN_FILENO) close(descriptor_);
}

absl::Status FileBytes::ReadUpTo(size_t size) try {
  while (mapping_ == nullptr && content_->size() < size) {
    const size_t before = content_->size();
    content_->resize(before + std::min(size - before, kReadBytes));
    const ssize_t count = read(descriptor_, content_->data() + before, content_->size() - before);
    const int error = errno;
    content_->resize(before + std::max<ssize_t>(count, 0));
    if (count == 0) break;
    if (count < 0 && error != EINTR) return absl::ErrnoToStatus(error, "cannot read it");
  }
  return absl::OkStatus();
} catch (const std::bad_alloc&) {
  return absl::ResourceExhaustedError("it does not fit into memory; a file of its own need not");
}

absl::Span<const std::byte> FileBytes::bytes() const {
  if (mapping_ != nullptr) return mapping_->bytes();
  return absl::MakeConstSpan(reinterpret_cast<const std::byte*>(content_->data()),
                             content_->size());
}

std::shared_ptr<const void> FileBytes::owner() const {
  if (mapping_ != nullptr) return mapping_;
  return content_;
}

}  // namespace rectifier::client
