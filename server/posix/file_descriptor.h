// An open file, closed when its owner goes.
#ifndef RECTIFIER_SERVER_POSIX_FILE_DESCRIPTOR_H_
#define RECTIFIER_SERVER_POSIX_FILE_DESCRIPTOR_H_

#include <unistd.h>

#include <utility>

namespace rectifier {

class FileDescriptor {
 public:
  FileDescriptor() = default;
  // Takes over `descriptor`, which is negative where there is none.
  explicit FileDescriptor(int descriptor) : descriptor_(descriptor) {}
  FileDescriptor(FileDescriptor&& other) noexcept
      : descriptor_(std::exchange(other.descriptor_, -1)) {}
  FileDescriptor& operator=(FileDescriptor&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    return *this;
  }
  ~FileDescriptor() {
    if (is_open()) close(descriptor_);
  }

  bool is_open() const { return descriptor_ >= 0; }
  int get() const { return descriptor_; }
  // Gives it up to whoever closes it from now on.
  int Release() { return std::exchange(descriptor_, -1); }

 private:
  int descriptor_ = -1;
};

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_POSIX_FILE_DESCRIPTOR_H_
