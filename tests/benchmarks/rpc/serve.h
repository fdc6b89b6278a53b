// What the servers here have in common: rectifierd's --listen and --ports_file.
#ifndef RECTIFIER_TESTS_BENCHMARKS_RPC_SERVE_H_
#define RECTIFIER_TESTS_BENCHMARKS_RPC_SERVE_H_

#include <memory>

#include "grpcpp/server.h"
#include "grpcpp/server_builder.h"

namespace rectifier {

// Starts the server on the addresses of --listen, with messages of any size, and writes
// --ports_file. Exits with a message where it cannot.
std::unique_ptr<grpc::Server> StartServing(grpc::ServerBuilder& builder);

}  // namespace rectifier

#endif  // RECTIFIER_TESTS_BENCHMARKS_RPC_SERVE_H_
