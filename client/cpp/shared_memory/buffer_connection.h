// The connection to a server's socket of shared buffers: one request, one answer.
#ifndef RECTIFIER_CLIENT_CPP_SHARED_MEMORY_BUFFER_CONNECTION_H_
#define RECTIFIER_CLIENT_CPP_SHARED_MEMORY_BUFFER_CONNECTION_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "client/cpp/files/mapping.h"
#include "rectifier/v1/shared_buffer.pb.h"

namespace rectifier::client {

// It is closed when it is destroyed, which frees its buffers in the server. Thread-safe.
//
// Errors: what the server answered; UNAVAILABLE where it cannot be reached, has hung up or does not
// answer in a minute, after which nothing more is asked. The buffers stay: others may be reading
// results there, and the server would empty them.
class BufferConnection {
 public:
  static absl::StatusOr<std::unique_ptr<BufferConnection>> Open(const std::string& path);
  ~BufferConnection();
  BufferConnection(const BufferConnection&) = delete;
  BufferConnection& operator=(const BufferConnection&) = delete;

  struct Allocated {
    std::string token;
    std::shared_ptr<Mapping> mapping;  // of whole pages
  };
  absl::StatusOr<Allocated> Allocate(uint64_t bytes);
  absl::Status Release(const std::string& token);

 private:
  struct Answer {
    v1::BufferResponse response;
    int descriptor = -1;  // the receiver's to close
  };

  explicit BufferConnection(int socket) : socket_(socket) {}

  absl::StatusOr<Answer> Ask(const v1::BufferRequest& request);
  absl::StatusOr<Answer> Receive() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status Fail(const std::string& why) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  static absl::Status Unavailable(const std::string& why);

  const int socket_;
  absl::Mutex mutex_;  // keeps answers with their requests
  bool is_in_step_ ABSL_GUARDED_BY(mutex_) = true;
};

}  // namespace rectifier::client

#endif  // RECTIFIER_CLIENT_CPP_SHARED_MEMORY_BUFFER_CONNECTION_H_
