// EvaluateStream: one stream for each call.
#include <memory>

#include "tests/benchmarks/rpc/side.h"
#include "tests/benchmarks/rpc/stream_caller.h"

namespace rectifier {
namespace {

class StreamSide final : public Side {
 public:
  std::string name() const override { return "rectifier stream"; }

  Contender Prepare(Servers& servers, const Workload& workload) const override {
    const Case& c = workload.of();
    const bool has_case = c.evaluations == 1 && c.connections == 1;
    if (!has_case || !Servers::Has(Program::kRectifier)) return {name(), nullptr, {}};
    const ServerProcess& server = servers.Get(Program::kRectifier, kStreamServer);
    return {name(), std::make_unique<StreamCaller>(server.unix_target(), workload), {&server}};
  }
};

}  // namespace

std::unique_ptr<Side> MakeStreamSide() { return std::make_unique<StreamSide>(); }

}  // namespace rectifier
