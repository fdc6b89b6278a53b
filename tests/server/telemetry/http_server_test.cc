#include "server/telemetry/http_server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <ctime>
#include <string>
#include <vector>

namespace rectifier {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::StartsWith;

// A client that sends what it likes.
class Client {
 public:
  explicit Client(const std::string& address) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in peer{};
    peer.sin_family = AF_INET;
    peer.sin_port =
        htons(static_cast<uint16_t>(std::atoi(address.c_str() + address.rfind(':') + 1)));
    peer.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(connect(socket_.get(), reinterpret_cast<sockaddr*>(&peer), sizeof(peer)), 0);
  }

  void Send(const std::string& bytes) {
    EXPECT_EQ(send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(bytes.size()));
  }
  // Reads until the server hangs up.
  std::string Read() {
    std::string all;
    char buffer[1 << 12];
    for (ssize_t got; (got = recv(socket_.get(), buffer, sizeof(buffer), 0)) > 0;) {
      all.append(buffer, static_cast<size_t>(got));
    }
    return all;
  }

 private:
  FileDescriptor socket_;
};

class HttpServerTest : public ::testing::Test {
 protected:
  HttpServerTest()
      : server_(*HttpServer::Start(
            "metrics_listen", "127.0.0.1:0",
            {{"/small", "text/plain", [] { return HttpAnswer{.body = "yes\n"}; }},
             {"/large", "text/plain", [] { return HttpAnswer{.body = Large()}; }}})) {}

  static std::string Large() { return std::string(size_t{32} << 20, 'x'); }

  std::string Ask(const std::string& request) {
    Client client(server_->address());
    client.Send(request);
    return client.Read();
  }

  const std::unique_ptr<HttpServer> server_;
};

TEST_F(HttpServerTest, AnswersAndHangsUp) {
  EXPECT_EQ(Ask("GET /small HTTP/1.1\r\nHost: a\r\n\r\n"),
            "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 4\r\n"
            "Connection: close\r\n\r\nyes\n");
  EXPECT_THAT(Ask("GET /small?query HTTP/1.0\r\n\r\n"), EndsWith("\r\n\r\nyes\n"));
  EXPECT_THAT(Ask("HEAD /small HTTP/1.1\r\n\r\n"), EndsWith("Connection: close\r\n\r\n"));
}

TEST_F(HttpServerTest, SendsWhatTakesSeveralTurns) {
  EXPECT_THAT(Ask("GET /large HTTP/1.1\r\n\r\n").size(), ::testing::Gt(Large().size()));
}

TEST_F(HttpServerTest, SaysWhatIsWrong) {
  EXPECT_THAT(Ask("GET /none HTTP/1.1\r\n\r\n"), StartsWith("HTTP/1.1 404 Not Found\r\n"));
  EXPECT_THAT(Ask("POST /small HTTP/1.1\r\n\r\nbody"), StartsWith("HTTP/1.1 405 "));
  EXPECT_THAT(Ask("PRI * HTTP/2.0\r\n\r\n"), StartsWith("HTTP/1.1 400 "));
  EXPECT_THAT(Ask("\r\n\r\n"), StartsWith("HTTP/1.1 400 "));
  EXPECT_THAT(Ask("GET /small HTTP/1.1\r\na: " + std::string(10'000, 'x')),
              StartsWith("HTTP/1.1 431 "));
}

TEST_F(HttpServerTest, HalfARequestHoldsUpNobody) {
  std::vector<Client> halves;
  for (int i = 0; i < 63; ++i) halves.emplace_back(server_->address()).Send("GET /small HTT");
  EXPECT_THAT(Ask("GET /small HTTP/1.1\r\n\r\n"), EndsWith("yes\n"));
  halves[0].Send("P/1.1\r\n\r\n");
  EXPECT_THAT(halves[0].Read(), EndsWith("yes\n"));
}

TEST_F(HttpServerTest, WhoDoesNotReadHoldsUpNobody) {
  std::vector<Client> silent;
  for (int i = 0; i < 4; ++i) {
    silent.emplace_back(server_->address()).Send("GET /large HTTP/1.1\r\n\r\n");
  }
  EXPECT_THAT(Ask("GET /small HTTP/1.1\r\n\r\n"), EndsWith("yes\n"));
}

TEST_F(HttpServerTest, TheOldestOfTooManyIsHungUpOn) {
  std::vector<Client> many;
  for (int i = 0; i < 300; ++i) many.emplace_back(server_->address());
  EXPECT_THAT(Ask("GET /small HTTP/1.1\r\n\r\n"), EndsWith("yes\n"));
  EXPECT_EQ(many[0].Read(), "");
}

// Where localhost is of both families, one listener is short and the other has nobody who waits.
TEST(HttpServerShortageTest, WaitsForDescriptorsWithoutTurningRound) {
  const auto server =
      HttpServer::Start("metrics_listen", "localhost:0",
                        {{"/small", "text/plain", [] { return HttpAnswer{.body = "yes\n"}; }}});
  ASSERT_TRUE(server.ok()) << server.status();
  rlimit before;
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &before), 0);
  rlimit one_more = before;  // which the client takes
  one_more.rlim_cur = static_cast<rlim_t>(FileDescriptor(dup(STDERR_FILENO)).get()) + 1;
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &one_more), 0);
  Client client((*server)->address());
  client.Send("GET /small HTTP/1.1\r\n\r\n");
  const std::clock_t start = std::clock();
  poll(nullptr, 0, 500);
  EXPECT_LT(std::clock() - start, CLOCKS_PER_SEC / 4) << "of half a second";
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &before), 0);
  EXPECT_THAT(client.Read(), EndsWith("yes\n"));
}

}  // namespace
}  // namespace rectifier
