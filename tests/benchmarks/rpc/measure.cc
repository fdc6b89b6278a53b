#include "tests/benchmarks/rpc/measure.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace rectifier {
namespace {

// The one below which the share `part` of the sorted latencies lies.
absl::Duration Quantile(const std::vector<absl::Duration>& sorted, double part) {
  const auto place = static_cast<size_t>(part * static_cast<double>(sorted.size()));
  return sorted[std::min(place, sorted.size() - 1)];
}

Usage UsageOfServers(const Contender& contender) {
  Usage sum;
  for (const ServerProcess* server : contender.servers) {
    const Usage usage = server->UsageNow();
    sum.cpu += usage.cpu;
    sum.faults += usage.faults;
    sum.peak_bytes += usage.peak_bytes;
  }
  return sum;
}

absl::StatusOr<Turn> Take(const Contender& contender, const Until& until) {
  const Usage before = UsageOfServers(contender);
  absl::StatusOr<Calls> calls = contender.caller->Run(until);
  if (!calls.ok()) return calls.status();
  const Usage after = UsageOfServers(contender);
  std::sort(calls->latencies.begin(), calls->latencies.end());
  Turn turn{.calls = calls->latencies.size(),
            .time = calls->time,
            .p50 = Quantile(calls->latencies, 0.5),
            .p99 = Quantile(calls->latencies, 0.99),
            .cpu = after.cpu - before.cpu,
            .faults = after.faults - before.faults,
            .peak_bytes = after.peak_bytes,
            .client_bytes = calls->client_bytes};
  for (const ServerProcess* server : contender.servers) turn.idle_bytes += server->idle_bytes();
  return turn;
}

absl::Status WithName(const Contender& contender, const absl::Status& status) {
  return absl::Status(status.code(), absl::StrCat(contender.name, ": ", status.message()));
}

absl::Status WarmUp(const Contender& contender, const Until& until) {
  absl::Status status = contender.caller->Check();
  if (status.ok()) status = contender.caller->Run(until).status();
  return status.ok() ? status : WithName(contender, status);
}

}  // namespace

absl::Status Measure(absl::Span<const Contender> contenders, const Effort& effort,
                     const std::function<void(const Contender&, const Turn&)>& report) {
  for (const Contender& contender : contenders) {
    if (const absl::Status status = WarmUp(contender, effort.turn); !status.ok()) return status;
  }
  for (int round = 0; round < effort.rounds; ++round) {
    for (size_t i = 0; i < contenders.size(); ++i) {
      const Contender& contender = contenders[(i + static_cast<size_t>(round)) % contenders.size()];
      absl::StatusOr<Turn> turn = Take(contender, effort.turn);
      if (!turn.ok()) return WithName(contender, turn.status());
      turn->round = round;
      report(contender, *turn);
    }
  }
  return absl::OkStatus();
}

}  // namespace rectifier
