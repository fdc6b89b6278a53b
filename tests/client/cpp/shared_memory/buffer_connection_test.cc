#include "client/cpp/shared_memory/buffer_connection.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <string>

#include "absl/cleanup/cleanup.h"
#include "tests/support/temporary_directory.h"

namespace rectifier::client {
namespace {

int Listen(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, path.data(), path.size());
  const int listener = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
  EXPECT_EQ(bind(listener, reinterpret_cast<const sockaddr*>(&address), sizeof(address)), 0);
  EXPECT_EQ(listen(listener, 1), 0);
  return listener;
}

// The server empties the buffers of a connection that ends, in which others may have results.
TEST(BufferConnectionTest, StaysOpenWhereAnAnswerIsLost) {
  const rectifier::testing::TemporaryDirectory directory;
  const std::string path = directory.File("buffers");
  const int listener = Listen(path);
  const absl::Cleanup close_listener = [listener] { close(listener); };
  absl::StatusOr<std::unique_ptr<BufferConnection>> connection = BufferConnection::Open(path);
  ASSERT_TRUE(connection.ok()) << connection.status();
  const int server = accept(listener, nullptr, nullptr);
  const absl::Cleanup close_server = [server] { close(server); };
  ASSERT_EQ(send(server, "\xff", 1, 0), 1) << "an answer that is no message";
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ((*connection)->Release("token").code(), absl::StatusCode::kUnavailable);
  }
  char room[100];
  EXPECT_GT(recv(server, room, sizeof(room), 0), 0) << "the first request";
  EXPECT_EQ(recv(server, room, sizeof(room), MSG_DONTWAIT), -1) << "neither a second, nor the end";
  EXPECT_EQ(errno, EAGAIN);
  connection->reset();
  EXPECT_EQ(recv(server, room, sizeof(room), 0), 0) << "the end";
}

}  // namespace
}  // namespace rectifier::client
