#include "server/posix/tcp_socket.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <string>

#include "absl/strings/str_cat.h"

namespace rectifier {
namespace {

using ::testing::HasSubstr;

int OptionOf(const FileDescriptor& socket, int level, int option) {
  int value = -1;
  socklen_t size = sizeof(value);
  EXPECT_EQ(getsockopt(socket.get(), level, option, &value, &size), 0);
  return value;
}

std::string ErrorOf(const std::string& address) {
  const auto bound = BindTcp(address, "listen");
  EXPECT_FALSE(bound.ok());
  return std::string(bound.status().message());
}

TEST(TcpSocketTest, TakesAFreePortForAllAddressesOfAName) {
  const auto bound = BindTcp("localhost:0", "listen");
  ASSERT_TRUE(bound.ok()) << bound.status();
  ASSERT_FALSE(bound->sockets.empty());
  EXPECT_GT(bound->port, 0);
  for (const FileDescriptor& socket : bound->sockets) {
    sockaddr_storage name{};
    socklen_t size = sizeof(name);
    ASSERT_EQ(getsockname(socket.get(), reinterpret_cast<sockaddr*>(&name), &size), 0);
    // Both families have the port at the same place.
    EXPECT_EQ(ntohs(reinterpret_cast<sockaddr_in*>(&name)->sin_port), bound->port);
  }
}

TEST(TcpSocketTest, SendsSmallMessagesAtOnceAndSharesItsPortWithNobody) {
  const auto bound = BindTcp("127.0.0.1:0", "listen");
  ASSERT_TRUE(bound.ok()) << bound.status();
  ASSERT_EQ(bound->sockets.size(), 1u);
  EXPECT_EQ(OptionOf(bound->sockets[0], IPPROTO_TCP, TCP_NODELAY), 1);
  EXPECT_EQ(OptionOf(bound->sockets[0], SOL_SOCKET, SO_REUSEPORT), 0);
}

TEST(TcpSocketTest, AnyV6AddressTakesCallersOfBothFamilies) {
  const auto bound = BindTcp("[::]:0", "listen");
  if (!bound.ok()) GTEST_SKIP() << "no IPv6 here: " << bound.status();
  ASSERT_EQ(bound->sockets.size(), 1u);
  EXPECT_EQ(OptionOf(bound->sockets[0], IPPROTO_IPV6, IPV6_V6ONLY), 0);
}

TEST(TcpSocketTest, NamesTheAddressAndTheReason) {
  const auto first = BindTcp("127.0.0.1:0", "listen");
  ASSERT_TRUE(first.ok()) << first.status();
  ASSERT_EQ(listen(first->sockets[0].get(), 1), 0);
  const std::string taken = absl::StrCat("127.0.0.1:", first->port);
  EXPECT_EQ(ErrorOf(taken), "--listen: cannot listen on " + taken + ": Address already in use");
  EXPECT_THAT(ErrorOf("no-such-host.invalid:1"), HasSubstr("no-such-host.invalid:1: "));
  EXPECT_THAT(ErrorOf("192.0.2.1:0"), HasSubstr("Cannot assign requested address"));
}

}  // namespace
}  // namespace rectifier
