// A directory of its own for each test.
#ifndef RECTIFIER_TESTS_SUPPORT_TEMPORARY_DIRECTORY_H_
#define RECTIFIER_TESTS_SUPPORT_TEMPORARY_DIRECTORY_H_

#include <string>

#include "absl/strings/string_view.h"

namespace rectifier::testing {

// It is removed with all that it holds when the object goes. Its path is short enough for a unix
// socket.
class TemporaryDirectory {
 public:
  TemporaryDirectory();
  ~TemporaryDirectory();
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

  const std::string& path() const { return path_; }
  std::string File(absl::string_view name) const;

  // Writes a file and gives its path.
  std::string Write(absl::string_view name, absl::string_view content) const;

 private:
  std::string path_;
};

}  // namespace rectifier::testing

#endif  // RECTIFIER_TESTS_SUPPORT_TEMPORARY_DIRECTORY_H_
