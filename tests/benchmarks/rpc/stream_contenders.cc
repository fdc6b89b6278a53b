#include "tests/benchmarks/rpc/stream_contenders.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "nlohmann/json.hpp"
#include "tests/benchmarks/rpc/stream_caller.h"
#include "tests/benchmarks/rpc/unary_caller.h"
#include "tests/benchmarks/rpc/usage.h"
#include "tests/support/command.h"

namespace rectifier {
namespace {

constexpr size_t kPieceBytes = size_t{16} << 20;

// Each stream has a process of its own, whose peak memory is then the stream's.
class StreamProcessCaller final : public Caller {
 public:
  StreamProcessCaller(const std::string& target, const Workload& workload)
      : checker_(target, workload),
        command_({"/proc/self/exe", "--stream=" + target, "--activation=" + workload.activation(),
                  absl::StrCat("--stream_bytes=", workload.of().tensor_bytes)}) {}

  absl::Status Check() override { return checker_.Check(); }

  absl::StatusOr<Calls> Run(const Until& until) override {
    Calls calls;
    while (static_cast<int64_t>(calls.latencies.size()) < until.calls || calls.time < until.time) {
      const testing::CommandResult result = testing::RunCommand(command_);
      if (result.exit_code != 0) return absl::InternalError(result.err);
      const nlohmann::json line = nlohmann::json::parse(result.out);
      calls.latencies.push_back(absl::Seconds(line["seconds"].get<double>()));
      calls.time += calls.latencies.back();
      calls.client_bytes = std::max(calls.client_bytes, line["bytes"].get<int64_t>());
    }
    return calls;
  }

 private:
  StreamCaller checker_;
  const std::vector<std::string> command_;
};

// As one call counts what it takes to evaluate all of the workload's bytes piece by piece.
class PiecesCaller final : public Caller {
 public:
  PiecesCaller(const Endpoint& endpoint, const Workload& whole)
      : piece_(whole.activation(),
               {.tensor_bytes = std::min(kPieceBytes, whole.of().tensor_bytes)}),
        pieces_(static_cast<int64_t>(whole.of().tensor_bytes / piece_.of().tensor_bytes)),
        caller_(MakeUnaryCaller(endpoint, piece_)) {}

  absl::Status Check() override { return caller_->Check(); }

  absl::StatusOr<Calls> Run(const Until& until) override {
    Calls calls;
    while (static_cast<int64_t>(calls.latencies.size()) < until.calls || calls.time < until.time) {
      const absl::StatusOr<Calls> all = caller_->Run({.calls = pieces_});
      if (!all.ok()) return all.status();
      calls.latencies.push_back(all->time);
      calls.time += all->time;
    }
    return calls;
  }

 private:
  const Workload piece_;
  const int64_t pieces_;
  const std::unique_ptr<Caller> caller_;
};

}  // namespace

std::vector<Contender> StreamContenders(Servers& servers, const Workload& workload) {
  if (!Servers::Has(Program::kRectifier)) return {};
  const ServerProcess& streamed = servers.Get(Program::kRectifier, kStreamServer);
  const ServerProcess& called = servers.Get(Program::kRectifier);
  std::vector<Contender> contenders;
  contenders.push_back({"rectifier stream",
                        std::make_unique<StreamProcessCaller>(streamed.unix_target(), workload),
                        {&streamed}});
  contenders.push_back(
      {"rectifier pieces",
       std::make_unique<PiecesCaller>(Endpoint{.target = called.unix_target()}, workload),
       {&called}});
  return contenders;
}

absl::Status RunStream(const std::string& target, const std::string& activation, size_t bytes) {
  const Workload workload(activation, {.tensor_bytes = bytes});
  StreamCaller caller(target, workload);
  caller.Connect();
  const int64_t idle = UsageOf(getpid()).resident_bytes;
  const absl::StatusOr<Calls> calls = caller.Run({});
  if (!calls.ok()) return calls.status();
  const nlohmann::json line = {{"seconds", absl::ToDoubleSeconds(calls->time)},
                               {"bytes", UsageOf(getpid()).peak_bytes - idle}};
  std::printf("%s\n", line.dump().c_str());
  return absl::OkStatus();
}

}  // namespace rectifier
