// A file that is in memory alone, for what reads files by their paths.
#ifndef RECTIFIER_TESTS_FUZZ_MEMORY_FILE_H_
#define RECTIFIER_TESTS_FUZZ_MEMORY_FILE_H_

#include <sys/mman.h>
#include <unistd.h>

#include <string>

#include "absl/strings/string_view.h"
#include "tests/fuzz/require.h"

namespace rectifier {

class MemoryFile {
 public:
  MemoryFile() : file_(memfd_create("fuzzer", MFD_CLOEXEC)) {
    Require(file_ >= 0, "a file in memory can be had");
  }
  ~MemoryFile() { close(file_); }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;

  // Makes it the file's whole content.
  void Write(absl::string_view content) const {
    const auto size = static_cast<ssize_t>(content.size());
    Require(ftruncate(file_, 0) == 0 && pwrite(file_, content.data(), content.size(), 0) == size,
            "a file in memory can be written");
  }

  std::string path() const { return "/proc/self/fd/" + std::to_string(file_); }

 private:
  const int file_;
};

}  // namespace rectifier

#endif  // RECTIFIER_TESTS_FUZZ_MEMORY_FILE_H_
