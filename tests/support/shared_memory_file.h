// A POSIX shared memory object as a caller makes one, gone with the object.
#ifndef RECTIFIER_TESTS_SUPPORT_SHARED_MEMORY_FILE_H_
#define RECTIFIER_TESTS_SUPPORT_SHARED_MEMORY_FILE_H_

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace rectifier::testing {

class SharedMemoryFile {
 public:
  explicit SharedMemoryFile(size_t size)
      : key_(absl::StrCat("/rectifier-test-", getpid(), "-", Next())),
        file_(shm_open(key_.c_str(), O_RDWR | O_CREAT | O_EXCL, 0600)) {
    EXPECT_GE(file_, 0) << key_;
    Resize(size);
  }
  ~SharedMemoryFile() {
    shm_unlink(key_.c_str());
    close(file_);
  }
  SharedMemoryFile(const SharedMemoryFile&) = delete;
  SharedMemoryFile& operator=(const SharedMemoryFile&) = delete;

  const std::string& key() const { return key_; }  // with its slash
  std::string path() const { return "/dev/shm" + key_; }

  void Resize(size_t size) const { EXPECT_EQ(ftruncate(file_, static_cast<off_t>(size)), 0); }
  size_t size() const { return static_cast<size_t>(lseek(file_, 0, SEEK_END)); }
  void Write(size_t offset, absl::string_view bytes) const {
    EXPECT_EQ(pwrite(file_, bytes.data(), bytes.size(), static_cast<off_t>(offset)),
              static_cast<ssize_t>(bytes.size()));
  }
  std::string Read(size_t offset, size_t size) const {
    std::string bytes(size, '\0');
    EXPECT_EQ(pread(file_, bytes.data(), size, static_cast<off_t>(offset)),
              static_cast<ssize_t>(size));
    return bytes;
  }

 private:
  static int Next() {
    static int count = 0;
    return ++count;
  }

  const std::string key_;
  const int file_;
};

}  // namespace rectifier::testing

#endif  // RECTIFIER_TESTS_SUPPORT_SHARED_MEMORY_FILE_H_
