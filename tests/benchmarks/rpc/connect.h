// Connections to servers.
#ifndef RECTIFIER_TESTS_BENCHMARKS_RPC_CONNECT_H_
#define RECTIFIER_TESTS_BENCHMARKS_RPC_CONNECT_H_

#include <memory>
#include <string>

#include "grpcpp/channel.h"

namespace rectifier {

// Where calls go.
struct Endpoint {
  std::string target;        // gRPC's: "unix:/path", "ipv4:127.0.0.1:1,127.0.0.1:2"
  bool round_robin = false;  // over all addresses of the target
  bool is_floor = false;     // it wants Workload::FloorRequest
  std::string method = "/rectifier.v1.ActivationService/Evaluate";
};

// A channel that shares no connection with others.
std::shared_ptr<grpc::Channel> Connect(const Endpoint& endpoint);

}  // namespace rectifier

#endif  // RECTIFIER_TESTS_BENCHMARKS_RPC_CONNECT_H_
