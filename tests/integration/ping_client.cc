#include "tests/integration/ping_client.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <cstring>

namespace rectifier::testing {
namespace {

// RFC 9113, section 6.
constexpr uint8_t kData = 0;
constexpr uint8_t kHeaders = 1;
constexpr uint8_t kSettings = 4;
constexpr uint8_t kPing = 6;
constexpr uint8_t kGoAway = 7;
constexpr uint8_t kAck = 1;
constexpr uint8_t kEndStream = 1;
constexpr uint8_t kEndHeaders = 4;
constexpr size_t kHeadBytes = 9;

// A header field with a new name, not indexed (RFC 7541, section 6.2.2).
std::string Field(absl::string_view name, absl::string_view value) {
  std::string field(1, '\0');
  for (const absl::string_view text : {name, value}) {
    field += static_cast<char>(text.size());
    field.append(text.data(), text.size());
  }
  return field;
}

}  // namespace

PingClient::PingClient(const std::string& target) : socket_(socket(AF_UNIX, SOCK_STREAM, 0)) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, target.c_str() + strlen("unix:"), sizeof(address.sun_path) - 1);
  EXPECT_EQ(connect(socket_.get(), reinterpret_cast<sockaddr*>(&address), sizeof(address)), 0);
  constexpr absl::string_view kPreface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
  send(socket_.get(), kPreface.data(), kPreface.size(), MSG_NOSIGNAL);
  Send(kSettings, 0, 0, "");
}

void PingClient::OpenQuietStream() {
  Send(kHeaders, kEndHeaders, 1,
       Field(":method", "POST") + Field(":scheme", "http") +
           Field(":path", "/grpc.health.v1.Health/Watch") + Field(":authority", "localhost") +
           Field("content-type", "application/grpc") + Field("te", "trailers"));
  Send(kData, kEndStream, 1, std::string(5, '\0'));  // an empty message
  while (const std::optional<Frame> frame = Receive()) {
    if (frame->type == kData) return;
  }
  ADD_FAILURE() << "the server hung up";
}

std::optional<std::string> PingClient::Ping() {
  Send(kPing, 0, 0, "12345678");
  while (const std::optional<Frame> frame = Receive()) {
    if (frame->type == kPing && frame->flags == kAck) return std::nullopt;
    // The words stand after the last stream's number and the error's.
    if (frame->type == kGoAway) return frame->payload.substr(8);
  }
  return "no word";
}

void PingClient::Send(uint8_t type, uint8_t flags, uint32_t stream, absl::string_view payload) {
  std::string frame;
  for (const int shift : {16, 8, 0}) frame += static_cast<char>(payload.size() >> shift);
  frame += static_cast<char>(type);
  frame += static_cast<char>(flags);
  for (const int shift : {24, 16, 8, 0}) frame += static_cast<char>(stream >> shift);
  frame.append(payload.data(), payload.size());
  send(socket_.get(), frame.data(), frame.size(), MSG_NOSIGNAL);
}

std::optional<PingClient::Frame> PingClient::Receive() {
  const std::optional<std::string> head = ReceiveBytes(kHeadBytes);
  if (!head.has_value()) return std::nullopt;
  const auto byte = [&head](size_t i) { return static_cast<uint8_t>((*head)[i]); };
  const size_t length = byte(0) << 16 | byte(1) << 8 | byte(2);
  std::optional<std::string> payload = ReceiveBytes(length);
  if (!payload.has_value()) return std::nullopt;
  return Frame{.type = byte(3), .flags = byte(4), .payload = *std::move(payload)};
}

std::optional<std::string> PingClient::ReceiveBytes(size_t count) {
  std::string bytes(count, '\0');
  for (size_t got = 0; got < count;) {
    const ssize_t now = recv(socket_.get(), bytes.data() + got, count - got, 0);
    if (now <= 0) return std::nullopt;
    got += static_cast<size_t>(now);
  }
  return bytes;
}

}  // namespace rectifier::testing
