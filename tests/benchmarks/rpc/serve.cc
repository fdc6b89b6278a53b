#include "tests/benchmarks/rpc/serve.h"

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

#include "absl/flags/flag.h"
#include "grpcpp/security/server_credentials.h"

ABSL_FLAG(std::vector<std::string>, listen, {}, "unix:/path or 127.0.0.1:0, with commas between");
ABSL_FLAG(std::string, ports_file, "", "a file to write the addresses to once they are served");

namespace rectifier {
namespace {

// The file is moved into place whole.
void WritePortsFile(const std::vector<std::string>& addresses, const std::vector<int>& ports) {
  const std::string path = absl::GetFlag(FLAGS_ports_file);
  std::ofstream file(path + ".new");
  for (size_t i = 0; i < addresses.size(); ++i) {
    const std::string& address = addresses[i];
    const bool is_unix = address.rfind("unix:", 0) == 0;
    file << "grpc "
         << (is_unix ? address
                     : address.substr(0, address.rfind(':') + 1) + std::to_string(ports[i]))
         << "\n";
  }
  file.close();
  if (!file || std::rename((path + ".new").c_str(), path.c_str()) != 0) {
    std::perror(path.c_str());
    std::exit(1);
  }
}

}  // namespace

std::unique_ptr<grpc::Server> StartServing(grpc::ServerBuilder& builder) {
  const std::vector<std::string> addresses = absl::GetFlag(FLAGS_listen);
  std::vector<int> ports(addresses.size());
  for (size_t i = 0; i < addresses.size(); ++i) {
    builder.AddListeningPort(addresses[i], grpc::InsecureServerCredentials(), &ports[i]);
  }
  builder.SetMaxReceiveMessageSize(-1);
  builder.SetMaxSendMessageSize(-1);
  std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
  if (server == nullptr) std::exit(1);
  WritePortsFile(addresses, ports);
  return server;
}

}  // namespace rectifier
