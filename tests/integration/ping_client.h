// A client that is little more than HTTP/2 pings, at moments of the test's own.
#ifndef RECTIFIER_TESTS_INTEGRATION_PING_CLIENT_H_
#define RECTIFIER_TESTS_INTEGRATION_PING_CLIENT_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "server/posix/file_descriptor.h"

namespace rectifier::testing {

class PingClient {
 public:
  // Connects to a unix target, "unix:/path", over which nothing is lost.
  explicit PingClient(const std::string& target);

  // Begins to watch the server's health, and returns once it has said something: a call that is
  // quiet from then on.
  void OpenQuietStream();

  // Sends one ping. Gives nullopt where it is answered, or else why the server hung up, as it says.
  std::optional<std::string> Ping();

 private:
  struct Frame {
    uint8_t type = 0;
    uint8_t flags = 0;
    std::string payload;
  };

  void Send(uint8_t type, uint8_t flags, uint32_t stream, absl::string_view payload);
  // Gives nullopt where the connection has ended.
  std::optional<Frame> Receive();
  std::optional<std::string> ReceiveBytes(size_t count);

  const FileDescriptor socket_;
};

}  // namespace rectifier::testing

#endif  // RECTIFIER_TESTS_INTEGRATION_PING_CLIENT_H_
