// Calls Evaluate of every side, in turns. Prints one JSON object per line: what this is, then one
// per turn. rpc.py makes tables of them: ./dev bench rpc
#include <malloc.h>

#include <cstdio>
#include <limits>
#include <regex>
#include <string>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/flags/usage.h"
#include "nlohmann/json.hpp"
#include "tests/benchmarks/rpc/beside.h"
#include "tests/benchmarks/rpc/measure.h"
#include "tests/benchmarks/rpc/stream_contenders.h"
#include "tests/benchmarks/rpc/studies.h"

ABSL_FLAG(std::string, scope, "whole", "what is measured: whole, quick, smoke or scale");
ABSL_FLAG(int, rounds, 7, "in each, every side has a turn");
ABSL_FLAG(absl::Duration, turn, absl::Milliseconds(500), "how long a turn takes at least");
ABSL_FLAG(std::string, sides, "", "the sides whose name matches this expression");
ABSL_FLAG(std::string, activation, "silu", "silu or relu");
ABSL_FLAG(std::string, big_calls, "", "this is the client that makes big calls at that target");
ABSL_FLAG(bool, big_calls_of_floor, false, "and the target is the floor");
ABSL_FLAG(std::string, stream, "", "this is the client that streams --stream_bytes to that target");
ABSL_FLAG(uint64_t, stream_bytes, 1 << 30, "of the streamed tensor");

namespace rectifier {
namespace {

void Print(const nlohmann::json& line) {
  std::printf("%s\n", line.dump().c_str());
  std::fflush(stdout);
}

void PrintTurn(const std::string& study, const Case& c, const Contender& contender,
               const Turn& turn) {
  Print({{"study", study},
         {"side", contender.name},
         {"tensor_bytes", c.tensor_bytes},
         {"evaluations", c.evaluations},
         {"inflight", c.inflight},
         {"connections", c.connections},
         {"round", turn.round},
         {"calls", turn.calls},
         {"seconds", absl::ToDoubleSeconds(turn.time)},
         {"p50", absl::ToDoubleSeconds(turn.p50)},
         {"p99", absl::ToDoubleSeconds(turn.p99)},
         {"cpu", absl::ToDoubleSeconds(turn.cpu)},
         {"faults", turn.faults},
         {"peak_bytes", turn.peak_bytes},
         {"idle_bytes", turn.idle_bytes},
         {"client_bytes", turn.client_bytes}});
}

// One call in flight is started once more, so that there is more than a start and an end; but one
// of many seconds is a turn by itself.
int64_t CallsOfTurn(const Case& c) {
  return c.payload() < kLongStream ? c.inflight + 1 : c.inflight;
}

absl::Status RunCase(const Study& study, const Case& c) {
  const std::regex filter(absl::GetFlag(FLAGS_sides));
  const Workload workload(study.activation.value_or(absl::GetFlag(FLAGS_activation)), c);
  Servers servers;
  std::vector<Contender> contenders;
  for (Contender& contender : study.contenders(servers, workload)) {
    if (contender.caller == nullptr || !std::regex_search(contender.name, filter)) continue;
    contenders.push_back(std::move(contender));
  }
  const Effort effort = {.rounds = absl::GetFlag(FLAGS_rounds),
                         .turn = {.time = absl::GetFlag(FLAGS_turn), .calls = CallsOfTurn(c)}};
  return Measure(contenders, effort, [&](const Contender& contender, const Turn& turn) {
    PrintTurn(study.name, c, contender, turn);
  });
}

absl::Status RunScope() {
  const std::vector<Study> studies = StudiesOf(absl::GetFlag(FLAGS_scope));
  if (studies.empty()) return absl::InvalidArgumentError("--scope: no such scope");
  Print({{"scope", absl::GetFlag(FLAGS_scope)},
         {"activation", absl::GetFlag(FLAGS_activation)},
         {"rounds", absl::GetFlag(FLAGS_rounds)},
         {"turn", absl::ToDoubleSeconds(absl::GetFlag(FLAGS_turn))},
         {"sides", absl::GetFlag(FLAGS_sides)}});
  for (const Study& study : studies) {
    for (const Case& c : study.cases) {
      if (const absl::Status status = RunCase(study, c); !status.ok()) return status;
    }
  }
  return absl::OkStatus();
}

absl::Status Run() {
  const std::string activation = absl::GetFlag(FLAGS_activation);
  if (const std::string target = absl::GetFlag(FLAGS_big_calls); !target.empty()) {
    return RunBigCalls({.target = target, .is_floor = absl::GetFlag(FLAGS_big_calls_of_floor)},
                       activation);
  }
  if (const std::string target = absl::GetFlag(FLAGS_stream); !target.empty()) {
    return RunStream(target, activation, absl::GetFlag(FLAGS_stream_bytes));
  }
  return RunScope();
}

}  // namespace
}  // namespace rectifier

int main(int argc, char** argv) {
  // The memory of replies is kept and used again, so that the client's page faults slow nobody.
  mallopt(M_MMAP_MAX, 0);
  mallopt(M_TRIM_THRESHOLD, std::numeric_limits<int>::max());
  mallopt(M_ARENA_MAX, 2);
  absl::SetProgramUsageMessage("Calls every side; ./dev bench rpc makes tables of it.");
  absl::ParseCommandLine(argc, argv);
  const absl::Status status = rectifier::Run();
  if (!status.ok()) {
    std::fprintf(stderr, "rpc_benchmark: %s\n", std::string(status.message()).c_str());
  }
  return status.ok() ? 0 : 1;
}
