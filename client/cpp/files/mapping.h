// Memory that a file stands behind, or none.
#ifndef RECTIFIER_CLIENT_CPP_FILES_MAPPING_H_
#define RECTIFIER_CLIENT_CPP_FILES_MAPPING_H_

#include <cstddef>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/types/span.h"

namespace rectifier::client {

// The memory is unmapped when this is destroyed. It cannot be copied: tensors hold it by
// shared_ptr.
class Mapping {
 public:
  // The bytes of an open regular file, read-only. The descriptor may be closed afterwards.
  static absl::StatusOr<std::shared_ptr<Mapping>> OfFile(int descriptor, size_t size);

  // Creates or empties the file, and reserves its blocks on the disk: a disk that is full is an
  // error here, not a fault later.
  static absl::StatusOr<std::shared_ptr<Mapping>> Create(const std::string& path, size_t size);

  // The bytes of a file that others map too, writable: what one writes, all see. The descriptor may
  // be closed afterwards.
  static absl::StatusOr<std::shared_ptr<Mapping>> Shared(int descriptor, size_t size);

  // Maps zeros, with no file behind them.
  static absl::StatusOr<std::shared_ptr<Mapping>> Anonymous(size_t size);

  Mapping(const Mapping&) = delete;
  Mapping& operator=(const Mapping&) = delete;
  ~Mapping();

  // They are writable, except OfFile's.
  absl::Span<std::byte> bytes() const { return {data_, size_}; }

  // Gives the pages that were touched back to the kernel, which reads them again when needed, so
  // that a pass over a big file takes little memory. Nothing happens where there is no file.
  void ReleasePages() const;

 private:
  Mapping(std::byte* data, size_t size, bool has_file)
      : data_(data), size_(size), has_file_(has_file) {}
  static absl::StatusOr<std::shared_ptr<Mapping>> Map(size_t size, int protection, int flags,
                                                      int descriptor);

  std::byte* data_;
  size_t size_;
  bool has_file_;
};

}  // namespace rectifier::client

#endif  // RECTIFIER_CLIENT_CPP_FILES_MAPPING_H_
