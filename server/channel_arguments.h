// What gRPC is told about connections.
#ifndef RECTIFIER_SERVER_CHANNEL_ARGUMENTS_H_
#define RECTIFIER_SERVER_CHANNEL_ARGUMENTS_H_

#include "grpcpp/server_builder.h"
#include "server/options.h"

namespace rectifier {

// Sets the bounds of messages, streams, pings, metadata and silence that `options` give.
void SetChannelArguments(const Options& options, grpc::ServerBuilder& builder);

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_CHANNEL_ARGUMENTS_H_
