// Which connection a call has come by.
#ifndef RECTIFIER_SERVER_RPC_CONNECTION_H_
#define RECTIFIER_SERVER_RPC_CONNECTION_H_

#include <cstdint>

#include "grpcpp/server_context.h"

namespace rectifier {

// A number that no other connection of this process has had or will have; on unix sockets, too,
// where all peers have the same name. Zero is none's. Thread-safe.
uint64_t ConnectionOf(const grpc::ServerContextBase& context);

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_RPC_CONNECTION_H_
