#include "server/rpc/acceptor.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <sys/socket.h>

#include <cerrno>
#include <chrono>
#include <string>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "grpcpp/generic/async_generic_service.h"
#include "grpcpp/server_builder.h"
#include "prometheus/registry.h"
#include "server/posix/file_descriptor.h"

namespace rectifier {
namespace {

sockaddr_in Loopback(int port) {
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

// gRPC's name of the peer at this end.
std::string NameOf(int socket) {
  sockaddr_in own = {};
  socklen_t size = sizeof(own);
  EXPECT_EQ(getsockname(socket, reinterpret_cast<sockaddr*>(&own), &size), 0);
  return absl::StrCat("ipv4:127.0.0.1:", ntohs(own.sin_port));
}

// While the server goes, calls that have come already may be too many of one connection.
TEST(AcceptorTest, HangsUpAfterItHasStopped) {
  prometheus::Registry registry;
  ConnectionMetrics metrics(registry);
  Acceptor acceptor({.max_connections = 10, .unix_access = {}}, metrics);
  grpc::CallbackGenericService service;  // whose threads look after connections
  grpc::ServerBuilder builder;
  builder.RegisterCallbackGenericService(&service);
  ASSERT_TRUE(acceptor.Bind("127.0.0.1:0", grpc::InsecureServerCredentials(), builder).ok());
  const std::string address = acceptor.addresses().front();
  int port = 0;
  ASSERT_TRUE(absl::SimpleAtoi(address.substr(address.rfind(':') + 1), &port));
  const auto server = builder.BuildAndStart();
  ASSERT_TRUE(acceptor.Start([](bool) {}).ok());

  const FileDescriptor peer(socket(AF_INET, SOCK_STREAM, 0));
  const timeval patience = {.tv_sec = 60, .tv_usec = 0};
  setsockopt(peer.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
  const sockaddr_in there = Loopback(port);
  ASSERT_EQ(connect(peer.get(), reinterpret_cast<const sockaddr*>(&there), sizeof(there)), 0);
  char byte;
  ASSERT_EQ(recv(peer.get(), &byte, 1, 0), 1) << "gRPC says hello first";
  acceptor.Stop();
  errno = 0;
  acceptor.HangUp(NameOf(peer.get()));
  while (recv(peer.get(), &byte, 1, 0) == 1) {
  }
  EXPECT_NE(errno, EAGAIN) << "it was not hung up on";
  server->Shutdown(std::chrono::system_clock::now());
}

}  // namespace
}  // namespace rectifier
