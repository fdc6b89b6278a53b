// The bytes of a file, mapped where that is possible, and otherwise read only as far as they are
// asked for: a pipe or a device may have no end.
#ifndef RECTIFIER_CLIENT_CPP_FILES_FILE_BYTES_H_
#define RECTIFIER_CLIENT_CPP_FILES_FILE_BYTES_H_

#include <cstddef>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "client/cpp/files/mapping.h"

namespace rectifier::client {

class FileBytes {
 public:
  // "-" is standard input.
  static absl::StatusOr<FileBytes> Open(const std::string& path);

  FileBytes(FileBytes&& other) noexcept;
  FileBytes& operator=(FileBytes&&) = delete;
  ~FileBytes();

  // Reads on until there are `size` bytes, or the file has ended.
  absl::Status ReadUpTo(size_t size);

  // The bytes read so far, which are all of them where the file is mapped. They are void after the
  // next ReadUpTo.
  absl::Span<const std::byte> bytes() const;

  // Keeps the bytes alive.
  std::shared_ptr<const void> owner() const;

  // It is null where the file is read, not mapped.
  const std::shared_ptr<const Mapping>& mapping() const { return mapping_; }

 private:
  FileBytes(int descriptor, std::shared_ptr<const Mapping> mapping)
      : descriptor_(descriptor),
        mapping_(std::move(mapping)),
        content_(std::make_shared<std::string>()) {}

  int descriptor_;
  std::shared_ptr<const Mapping> mapping_;
  std::shared_ptr<std::string> content_;
};

}  // namespace rectifier::client

#endif  // RECTIFIER_CLIENT_CPP_FILES_FILE_BYTES_H_
