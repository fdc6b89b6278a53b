// The sides that answer Evaluate over bytes.
#include <utility>

#include "tests/benchmarks/rpc/side.h"
#include "tests/benchmarks/rpc/unary_caller.h"

namespace rectifier {
namespace {

enum class Transport { kUnix, kTcp };

class UnarySide final : public Side {
 public:
  UnarySide(std::string name, Program program, Transport transport)
      : name_(std::move(name)), program_(program), transport_(transport) {}

  std::string name() const override { return name_; }

  Contender Prepare(Servers& servers, const Workload& workload) const override {
    if (!Servers::Has(program_)) return {name_, nullptr, {}};
    const ServerProcess& server = servers.Get(program_);
    const Endpoint endpoint = {
        .target = transport_ == Transport::kUnix ? server.unix_target() : server.tcp_target(),
        .is_floor = program_ == Program::kFloor};
    return {name_, MakeUnaryCaller(endpoint, workload), {&server}};
  }

 private:
  const std::string name_;
  const Program program_;
  const Transport transport_;
};

class TwoRectifiersSide final : public Side {
 public:
  std::string name() const override { return "2 x rectifier tcp"; }

  Contender Prepare(Servers& servers, const Workload& workload) const override {
    if (!Servers::Has(Program::kRectifier)) return {name(), nullptr, {}};
    const ServerProcess& first = servers.Get(Program::kRectifier);
    const ServerProcess& second = servers.Get(Program::kRectifier, kSecondServer);
    const Endpoint endpoint = {.target = "ipv4:" + first.tcp_target() + "," + second.tcp_target(),
                               .round_robin = true};
    return {name(), MakeUnaryCaller(endpoint, workload), {&first, &second}};
  }
};

}  // namespace

std::unique_ptr<Side> MakeFloorUnixSide() {
  return std::make_unique<UnarySide>("floor unix", Program::kFloor, Transport::kUnix);
}

std::unique_ptr<Side> MakeFloorTcpSide() {
  return std::make_unique<UnarySide>("floor tcp", Program::kFloor, Transport::kTcp);
}

std::unique_ptr<Side> MakeRectifierUnixSide() {
  return std::make_unique<UnarySide>("rectifier unix", Program::kRectifier, Transport::kUnix);
}

std::unique_ptr<Side> MakeRectifierTcpSide() {
  return std::make_unique<UnarySide>("rectifier tcp", Program::kRectifier, Transport::kTcp);
}

std::unique_ptr<Side> MakeTwoRectifiersSide() { return std::make_unique<TwoRectifiersSide>(); }

std::unique_ptr<Side> MakeProtobufSide() {
  return std::make_unique<UnarySide>("protobuf unix", Program::kProtobuf, Transport::kUnix);
}

std::unique_ptr<Side> MakeNumpySide() {
  return std::make_unique<UnarySide>("numpy unix", Program::kNumpy, Transport::kUnix);
}

}  // namespace rectifier
