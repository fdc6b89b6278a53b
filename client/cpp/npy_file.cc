#include "client/cpp/npy_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <new>
#include <utility>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "client/cpp/npy.h"

namespace rectifier::client {
namespace {

constexpr absl::string_view kStandardInput = "-";
constexpr size_t kReadBytes = 1 << 16;

std::string PartialPath(const std::string& path) { return absl::StrCat(path, ".partial"); }

absl::StatusOr<std::shared_ptr<const std::string>> ReadToEnd(int descriptor) try {
  auto content = std::make_shared<std::string>();
  std::array<char, kReadBytes> buffer;
  for (;;) {
    const ssize_t count = read(descriptor, buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return absl::ErrnoToStatus(errno, "cannot read it");
    if (count == 0) return content;
    content->append(buffer.data(), count);
  }
} catch (const std::bad_alloc&) {
  return absl::ResourceExhaustedError("it does not fit into memory; a file of its own need not");
}

// `status` with the name of the file in front.
absl::Status InFile(absl::string_view path, const absl::Status& status) {
  const absl::string_view name = path == kStandardInput ? "standard input" : path;
  return absl::Status(status.code(), absl::StrCat(name, ": ", status.message()));
}

}  // namespace

absl::StatusOr<NpyInput> NpyInput::Open(const std::string& path) {
  const bool is_file = path != kStandardInput;
  const int descriptor = is_file ? open(path.c_str(), O_RDONLY | O_CLOEXEC) : STDIN_FILENO;
  if (descriptor < 0) return InFile(path, absl::ErrnoToStatus(errno, "cannot open it"));
  const absl::Cleanup close_descriptor = [is_file, descriptor] {
    if (is_file) close(descriptor);
  };
  struct stat status = {};
  if (fstat(descriptor, &status) != 0) return InFile(path, absl::ErrnoToStatus(errno, "stat"));
  std::shared_ptr<const Mapping> mapping;
  absl::StatusOr<Tensor> tensor = absl::UnknownError("");
  if (is_file && S_ISREG(status.st_mode)) {
    auto mapped = Mapping::OfFile(descriptor, static_cast<size_t>(status.st_size));
    if (!mapped.ok()) return InFile(path, mapped.status());
    mapping = *std::move(mapped);
    tensor = ParseNpy(mapping->bytes(), mapping);
  } else {
    const auto content = ReadToEnd(descriptor);
    if (!content.ok()) return InFile(path, content.status());
    tensor = ParseNpy(absl::MakeConstSpan(reinterpret_cast<const std::byte*>((*content)->data()),
                                          (*content)->size()),
                      *content);
  }
  if (!tensor.ok()) return InFile(path, tensor.status());
  return NpyInput(*std::move(tensor), std::move(mapping));
}

void NpyInput::ReleasePages() const {
  if (mapping_ != nullptr) mapping_->ReleasePages();
}

absl::StatusOr<NpyOutput> NpyOutput::Create(const std::string& path, ElementType type,
                                            Shape shape) {
  NpyOutput output(path, type, std::move(shape));
  const std::string header = FormatNpyHeader(type, output.shape_);
  const size_t size = header.size() + *ElementCount(output.shape_) * SizeOf(type);
  absl::StatusOr<std::shared_ptr<Mapping>> mapping = Mapping::Create(PartialPath(path), size);
  if (!mapping.ok()) {
    unlink(PartialPath(path).c_str());
    return mapping.status();
  }
  output.mapping_ = *std::move(mapping);
  output.data_offset_ = header.size();
  std::memcpy(output.mapping_->bytes().data(), header.data(), header.size());
  return output;
}

absl::StatusOr<NpyOutput> NpyOutput::InMemory(ElementType type, Shape shape) {
  NpyOutput output("", type, std::move(shape));
  auto mapping = Mapping::Anonymous(*ElementCount(output.shape_) * SizeOf(type));
  if (!mapping.ok()) return mapping.status();
  output.mapping_ = *std::move(mapping);
  return output;
}

NpyOutput::~NpyOutput() {
  // A moved-from object has no mapping, a committed one no partial file: unlink then finds none.
  if (mapping_ != nullptr && !path_.empty()) unlink(PartialPath(path_).c_str());
}

Tensor NpyOutput::tensor() const {
  return *Tensor::View(type_, shape_, mapping_->bytes().subspan(data_offset_), mapping_);
}

absl::Status NpyOutput::Commit() {
  if (path_.empty()) return absl::OkStatus();
  if (std::rename(PartialPath(path_).c_str(), path_.c_str()) != 0) {
    return absl::ErrnoToStatus(errno, absl::StrCat("cannot create ", path_));
  }
  return absl::OkStatus();
}

}  // namespace rectifier::client
