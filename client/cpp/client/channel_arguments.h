// How a client's channel behaves: retries, balancing, keepalive, sizes.
#ifndef RECTIFIER_CLIENT_CPP_CLIENT_CHANNEL_ARGUMENTS_H_
#define RECTIFIER_CLIENT_CPP_CLIENT_CHANNEL_ARGUMENTS_H_

#include <grpcpp/support/channel_arguments.h>

#include <string>

namespace rectifier::client {

// Calls are spread over all addresses of the target. One that found no server, or one that is full
// or shutting down, is tried again, up to `attempts` times: after the time that the server names,
// else after one that doubles. No evaluation changes anything in the server, so a retry is safe.
//
// With one attempt to one unix socket, a call waits for the connection to be made again, where the
// server was started anew: gRPC's round_robin would fail it between its own tries.
grpc::ChannelArguments MakeChannelArguments(const std::string& target, int attempts);

}  // namespace rectifier::client

#endif  // RECTIFIER_CLIENT_CPP_CLIENT_CHANNEL_ARGUMENTS_H_
