// The catalogue and the server, as messages.
#ifndef RECTIFIER_SERVER_WIRE_DESCRIBE_H_
#define RECTIFIER_SERVER_WIRE_DESCRIBE_H_

#include <string>
#include <vector>

#include "core/catalogue.h"
#include "rectifier/v1/activation.pb.h"
#include "server/limits.h"

namespace rectifier {

v1::ListActivationsResponse DescribeCatalogue(const Catalogue& catalogue);

struct ServerFacts {
  std::string version;
  std::string cpu_target;
  int threads = 0;
  std::vector<std::string> transports;
  std::string buffers_socket;  // a path; empty: none
};
v1::GetServerInfoResponse DescribeServer(const ServerFacts& facts, const Limits& limits);

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_WIRE_DESCRIBE_H_
