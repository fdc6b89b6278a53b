// A caller of shared buffers, down to the bytes that it sends.
//
//   BufferCaller caller(path);
//   BufferReply reply = caller.Allocate(4096);
//   EXPECT_EQ(reply.code(), 0);
#ifndef RECTIFIER_TESTS_SUPPORT_BUFFER_CALLER_H_
#define RECTIFIER_TESTS_SUPPORT_BUFFER_CALLER_H_

#include <cstdint>
#include <optional>
#include <string>

#include "rectifier/v1/shared_buffer.pb.h"
#include "server/posix/file_descriptor.h"

namespace rectifier::testing {

struct BufferReply {
  std::optional<v1::BufferResponse> response;  // none: the server has hung up
  FileDescriptor descriptor;

  // It is -1 where the server has hung up.
  int code() const { return response.has_value() ? response->code() : -1; }
  std::string message() const { return response.has_value() ? response->message() : ""; }
  std::string token() const { return response.has_value() ? response->token() : ""; }
};

class BufferCaller {
 public:
  // Connects, or aborts.
  explicit BufferCaller(const std::string& path);

  // Gives whether the bytes were sent, and does not wait where the server has no room for them.
  // `descriptor`, if any, goes along.
  bool Send(const std::string& packet, int descriptor = -1);
  // Waits for the next answer, at most a minute.
  BufferReply Receive();

  BufferReply Allocate(uint64_t bytes);
  BufferReply Release(const std::string& token);

  void HangUp() { socket_ = FileDescriptor(); }

 private:
  FileDescriptor socket_;
};

// Serialized requests.
std::string AllocateRequest(uint64_t bytes);
std::string ReleaseRequest(const std::string& token);

}  // namespace rectifier::testing

#endif  // RECTIFIER_TESTS_SUPPORT_BUFFER_CALLER_H_
