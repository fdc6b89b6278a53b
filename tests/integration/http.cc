#include "tests/integration/http.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <limits>

namespace rectifier::testing {

int HttpSend(const std::string& address, const std::string& bytes) {
  const size_t colon = address.rfind(':');
  sockaddr_in peer{};
  peer.sin_family = AF_INET;
  peer.sin_port = htons(static_cast<uint16_t>(std::atoi(address.c_str() + colon + 1)));
  inet_pton(AF_INET, address.substr(0, colon).c_str(), &peer.sin_addr);
  const int connection = socket(AF_INET, SOCK_STREAM, 0);
  if (connect(connection, reinterpret_cast<sockaddr*>(&peer), sizeof(peer)) == 0) {
    send(connection, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  }
  return connection;
}

HttpReply HttpGet(const std::string& address, const std::string& path) {
  const int connection = HttpSend(
      address, "GET " + path + " HTTP/1.1\r\nHost: " + address + "\r\nConnection: close\r\n\r\n");
  std::string reply;
  char buffer[1 << 16];
  for (ssize_t got; (got = recv(connection, buffer, sizeof(buffer), 0)) > 0;) {
    reply.append(buffer, static_cast<size_t>(got));
  }
  close(connection);
  const size_t body = reply.find("\r\n\r\n");
  if (body == std::string::npos) return {};
  return {.status = std::atoi(reply.c_str() + reply.find(' ')), .body = reply.substr(body + 4)};
}

double SeriesValue(const std::string& metrics, const std::string& series) {
  const size_t start = ("\n" + metrics).find("\n" + series + " ");
  if (start == std::string::npos) return std::numeric_limits<double>::quiet_NaN();
  return std::atof(metrics.c_str() + start + series.size() + 1);
}

}  // namespace rectifier::testing
