#include "tests/benchmarks/rpc/connect.h"

#include "grpcpp/create_channel.h"
#include "grpcpp/security/credentials.h"

namespace rectifier {

std::shared_ptr<grpc::Channel> Connect(const Endpoint& endpoint) {
  constexpr char kRoundRobin[] = R"({"loadBalancingConfig": [{"round_robin": {}}]})";
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  arguments.SetMaxReceiveMessageSize(-1);
  arguments.SetMaxSendMessageSize(-1);
  if (endpoint.round_robin) arguments.SetServiceConfigJSON(kRoundRobin);
  return grpc::CreateCustomChannel(endpoint.target, grpc::InsecureChannelCredentials(), arguments);
}

}  // namespace rectifier
