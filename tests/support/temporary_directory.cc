#include "tests/support/temporary_directory.h"

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace rectifier::testing {

TemporaryDirectory::TemporaryDirectory() {
  char pattern[] = "/tmp/rectifier-test-XXXXXX";
  if (mkdtemp(pattern) == nullptr) {
    std::perror("mkdtemp");
    std::abort();
  }
  path_ = pattern;
}

TemporaryDirectory::~TemporaryDirectory() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::string TemporaryDirectory::File(absl::string_view name) const {
  return path_ + "/" + std::string(name);
}

std::string TemporaryDirectory::Write(absl::string_view name, absl::string_view content) const {
  std::string path = File(name);
  std::ofstream(path, std::ios::binary) << content;
  return path;
}

}  // namespace rectifier::testing
