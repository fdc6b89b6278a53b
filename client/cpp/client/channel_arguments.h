// How a client's channel behaves: retries, balancing, keepalive, sizes.
#ifndef RECTIFIER_CLIENT_CPP_CLIENT_CHANNEL_ARGUMENTS_H_
#define RECTIFIER_CLIENT_CPP_CLIENT_CHANNEL_ARGUMENTS_H_

#include <grpcpp/support/channel_arguments.h>

namespace rectifier::client {

// Calls are spread over all addresses of the target. One that found no server, or one that is full
// or shutting down, is tried again, up to `attempts` times: after the time that the server names,
// else after one that doubles. No evaluation changes anything in the server, so a retry is safe.
grpc::ChannelArguments MakeChannelArguments(int attempts);

}  // namespace rectifier::client

#endif  // RECTIFIER_CLIENT_CPP_CLIENT_CHANNEL_ARGUMENTS_H_
