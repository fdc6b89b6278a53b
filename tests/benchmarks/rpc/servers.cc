#include "tests/benchmarks/rpc/servers.h"

#include <vector>

#include "absl/flags/flag.h"

ABSL_FLAG(std::vector<std::string>, floor, {}, "command of the raw echo, with commas");
ABSL_FLAG(std::vector<std::string>, protobuf, {}, "command of the plain service in C++");
ABSL_FLAG(std::vector<std::string>, numpy, {}, "command of the service in NumPy");
ABSL_FLAG(std::vector<std::string>, rectifierd, {}, "command of Rectifier");

namespace rectifier {
namespace {

std::vector<std::string> CommandOf(Program program) {
  switch (program) {
    case Program::kFloor:
      return absl::GetFlag(FLAGS_floor);
    case Program::kProtobuf:
      return absl::GetFlag(FLAGS_protobuf);
    case Program::kNumpy:
      return absl::GetFlag(FLAGS_numpy);
    case Program::kRectifier:
      break;
  }
  std::vector<std::string> command = absl::GetFlag(FLAGS_rectifierd);
  if (!command.empty()) {
    command.insert(command.end(), {"--http_listen=127.0.0.1:0", "--metrics_listen=127.0.0.1:0",
                                   "--log_level=error", "--max_inflight_bytes=4294967296",
                                   "--max_buffer_bytes=4294967296",
                                   "--max_buffer_bytes_per_connection=4294967296"});
  }
  return command;
}

}  // namespace

bool Servers::Has(Program program) { return !CommandOf(program).empty(); }

const ServerProcess& Servers::Get(Program program, int instance) {
  std::unique_ptr<ServerProcess>& server = running_[{program, instance}];
  if (server == nullptr) server = std::make_unique<ServerProcess>(CommandOf(program));
  return *server;
}

}  // namespace rectifier
