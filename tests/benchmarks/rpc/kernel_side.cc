// The same evaluations without a service: what shared buffers can reach at most.
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "core/catalogue.h"
#include "core/engine.h"
#include "tests/benchmarks/rpc/shared_tensors.h"
#include "tests/benchmarks/rpc/side.h"

namespace rectifier {
namespace {

// What the server makes of such a request.
absl::StatusOr<Job> JobOf(const SharedTensors& tensors, const Workload& workload) {
  const EvaluationRequest request = {
      .activation = workload.activation(),
      .inputs = {{.type = ElementType::kFloat32,
                  .shape = {static_cast<int64_t>(workload.elements())},
                  .data = Payload(tensors.x.bytes)}},
      .quantities = {Quantity::kValue, Quantity::kGradient}};
  absl::StatusOr<Evaluation> evaluation = Bind(Catalogue::Best(), request);
  if (!evaluation.ok()) return evaluation.status();
  Job job = {.evaluation = *std::move(evaluation),
             .outputs = {tensors.value.bytes.data(), tensors.gradient.bytes.data()}};
  job.bypass_cache = PaysToBypassCache(job);
  return job;
}

// One call after the other over the tensors of all calls in flight: each has all threads.
class KernelCaller final : public Caller {
 public:
  KernelCaller(std::vector<SharedCall> calls, const Workload& workload)
      : calls_(std::move(calls)), workload_(workload) {}

  absl::Status Check() override {
    const absl::Status status = Evaluate(calls_.front());
    return status.ok() ? CheckResults(calls_.front(), workload_) : status;
  }

  absl::StatusOr<Calls> Run(const Until& until) override {
    Calls done;
    const absl::Time start = absl::Now();
    while (static_cast<int64_t>(done.latencies.size()) < until.calls || done.time < until.time) {
      const absl::Time before = absl::Now();
      const absl::Status status = Evaluate(calls_[done.latencies.size() % calls_.size()]);
      if (!status.ok()) return status;
      done.latencies.push_back(absl::Now() - before);
      done.time = absl::Now() - start;
    }
    return done;
  }

 private:
  absl::Status Evaluate(const SharedCall& call) {
    std::vector<Job> jobs;
    for (const SharedTensors& tensors : call) {
      absl::StatusOr<Job> job = JobOf(tensors, workload_);
      if (!job.ok()) return job.status();
      jobs.push_back(*std::move(job));
    }
    return engine_.Run(jobs, {});
  }

  const std::vector<SharedCall> calls_;
  const Workload& workload_;
  Engine engine_{{}};  // as many threads as the server's
};

class KernelSide final : public Side {
 public:
  std::string name() const override { return "kernel"; }

  Contender Prepare(Servers& servers, const Workload& workload) const override {
    if (!Servers::Has(Program::kRectifier)) return {name(), nullptr, {}};
    const ServerProcess& server = servers.Get(Program::kRectifier, kBuffersServer);
    return {name(), std::make_unique<KernelCaller>(ShareTensors(server, workload), workload), {}};
  }
};

}  // namespace

std::unique_ptr<Side> MakeKernelSide() { return std::make_unique<KernelSide>(); }

}  // namespace rectifier
