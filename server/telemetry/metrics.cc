#include "server/telemetry/metrics.h"

#include <algorithm>
#include <iterator>
#include <new>

#include "absl/container/inlined_vector.h"
#include "core/spec.h"
#include "server/service_name.h"

namespace rectifier {
namespace {

using prometheus::BuildCounter;
using prometheus::BuildGauge;
using prometheus::BuildHistogram;
using prometheus::Labels;

constexpr size_t kQuantities = std::size(kAllQuantities);

// The bounds are seconds. All are among those of the latency distribution that gRPC's own views
// use, so that histograms of both can be added; they are fewer, because each is a line of every
// scrape.
const prometheus::Histogram::BucketBoundaries& LatencyBuckets() {
  static const auto* buckets = new prometheus::Histogram::BucketBoundaries{
      1e-5,   5e-5, 1e-4, 3e-4, 6e-4, 1e-3, 2e-3, 4e-3, 6e-3, 1e-2, 1.6e-2, 2.5e-2, 4e-2,
      6.5e-2, 0.1,  0.16, 0.25, 0.4,  0.65, 1,    2,    5,    10,   20,     100};
  return *buckets;
}

using Quantities = absl::InlinedVector<Quantity, kQuantities>;

Quantities QuantitiesOf(const Evaluation& evaluation) {
  Quantities quantities;
  for (const OutputDescription& output : evaluation.outputs) {
    const bool is_known =
        std::find(quantities.begin(), quantities.end(), output.quantity) != quantities.end();
    if (!is_known) quantities.push_back(output.quantity);
  }
  return quantities;
}

prometheus::Family<prometheus::Counter>& Started(prometheus::Registry& registry) {
  return BuildCounter()
      .Name("grpc_server_started_total")
      .Help("Calls started on the server.")
      .Register(registry);
}

prometheus::Family<prometheus::Counter>& Handled(prometheus::Registry& registry) {
  return BuildCounter()
      .Name("grpc_server_handled_total")
      .Help("Calls completed on the server, by code.")
      .Register(registry);
}

}  // namespace

CallScope::CallScope(const MethodMetrics& metrics, prometheus::Gauge* inflight)
    : metrics_(metrics), inflight_(inflight) {
  metrics_.started->Increment();
  inflight_->Increment();
}

void CallScope::Close(grpc::StatusCode code) {
  metrics_.handled[code]->Increment();
  metrics_.seconds->Observe(absl::ToDoubleSeconds(Elapsed()));
}

Metrics::Metrics(const Catalogue& catalogue, const std::string& version)
    : catalogue_(catalogue),
      registry_(std::make_shared<prometheus::Registry>()),
      connections_(*registry_),
      by_evaluation_(catalogue.All().size() * kElementTypes * kQuantities) {
  evaluate_ = AddMethod("unary", kServiceName, "Evaluate");
  evaluate_stream_ = AddMethod("bidi_stream", kServiceName, "EvaluateStream");
  list_activations_ = AddMethod("unary", kServiceName, "ListActivations");
  get_server_info_ = AddMethod("unary", kServiceName, "GetServerInfo");
  AddUnknownMethod();

  prometheus::Registry& registry = *registry_;
  inflight_calls_ = &BuildGauge()
                         .Name("rectifier_inflight_calls")
                         .Help("Calls that have arrived and are not over.")
                         .Register(registry)
                         .Add({});
  inflight_bytes_ = &BuildGauge()
                         .Name("rectifier_inflight_bytes")
                         .Help("Bytes of requests and replies of the admitted calls.")
                         .Register(registry)
                         .Add({});

  idle_memory_releases_ = &BuildCounter()
                               .Name("rectifier_idle_memory_releases_total")
                               .Help("How often memory that nobody used went back to the system.")
                               .Register(registry)
                               .Add({});

  auto& phases = BuildHistogram()
                     .Name("rectifier_phase_seconds")
                     .Help("Time that an Evaluate call spends in each phase.")
                     .Register(registry);
  size_t phase = 0;
  for (const char* name : {"decode", "queue", "compute", "encode"}) {
    phases_[phase++] = &phases.Add({{"phase", name}}, LatencyBuckets());
  }

  auto& payload =
      BuildCounter()
          .Name("rectifier_payload_bytes_total")
          .Help(
              "Bytes of serialized requests and replies that carry tensors, and of tensors and "
              "results in shared buffers and registered regions.")
          .Register(registry);
  size_t direction = 0;
  for (const char* way : {"received", "sent"}) {
    size_t transport = 0;
    for (const char* name : kTransportNames) {
      payload_[direction][transport++] = &payload.Add({{"direction", way}, {"transport", name}});
    }
    ++direction;
  }

  auto& rejected = BuildCounter()
                       .Name("rectifier_rejected_total")
                       .Help("Calls turned away: a budget was used up, or the server was draining.")
                       .Register(registry);
  size_t refusal = 0;
  for (const char* reason : {"draining", "inflight_calls", "inflight_bytes", "streams",
                             "connection_inflight_calls", "connection_inflight_bytes",
                             "connection_streams", "queue", "caller_calls", "caller_bytes"}) {
    rejected_[refusal++] = &rejected.Add({{"reason", reason}});
  }
  auto& timeouts = BuildCounter()
                       .Name("rectifier_timeouts_total")
                       .Help("Calls given up because the caller did not send or take in time.")
                       .Register(registry);
  timeouts_ = {&timeouts.Add({{"reason", "receive"}}), &timeouts.Add({{"reason", "idle"}}),
               &timeouts.Add({{"reason", "send"}})};

  BuildGauge()
      .Name("rectifier_build_info")
      .Help("Always 1; what is running, in its labels.")
      .Register(registry)
      .Add({{"version", version}, {"cpu_target", std::string(catalogue.target())}})
      .Set(1);
  AddBufferMetrics();
  AddEvaluationFamilies();
}

void Metrics::AddBufferMetrics() {
  shared_buffers_.buffers = &BuildGauge()
                                 .Name("rectifier_shared_buffers")
                                 .Help("Shared buffers whose memory is there.")
                                 .Register(*registry_)
                                 .Add({});
  shared_buffers_.bytes = &BuildGauge()
                               .Name("rectifier_shared_buffer_bytes")
                               .Help("Bytes of shared buffers whose memory is there.")
                               .Register(*registry_)
                               .Add({});
  registered_regions_ = &BuildGauge()
                             .Name("rectifier_registered_regions")
                             .Help("Regions of callers' shared memory that are registered by name.")
                             .Register(*registry_)
                             .Add({});
}

MethodMetrics Metrics::AddMethod(const std::string& type, const std::string& service,
                                 const std::string& method) const {
  const Labels labels = {{"grpc_type", type}, {"grpc_service", service}, {"grpc_method", method}};
  prometheus::Registry& registry = *registry_;
  MethodMetrics metrics;
  metrics.started = &Started(registry).Add(labels);
  metrics.received = &BuildCounter()
                          .Name("grpc_server_msg_received_total")
                          .Help("Messages received by the server.")
                          .Register(registry)
                          .Add(labels);
  metrics.sent = &BuildCounter()
                      .Name("grpc_server_msg_sent_total")
                      .Help("Messages sent by the server.")
                      .Register(registry)
                      .Add(labels);
  auto& handled = Handled(registry);
  for (const grpc::StatusCode code : kServedCodes) {
    Labels with_code = labels;
    with_code["grpc_code"] = std::string(CodeName(code));
    metrics.handled[code] = &handled.Add(with_code);
  }
  metrics.seconds = &BuildHistogram()
                         .Name("grpc_server_handling_seconds")
                         .Help("Time from a call's request to its status.")
                         .Register(registry)
                         .Add(labels, LatencyBuckets());
  return metrics;
}

const char* Name(InferenceMethod method) {
  static constexpr const char* kNames[kInferenceMethods] = {"ModelInfer",
                                                            "ModelStreamInfer",
                                                            "ServerLive",
                                                            "ServerReady",
                                                            "ModelReady",
                                                            "ServerMetadata",
                                                            "ModelMetadata",
                                                            "ModelConfig",
                                                            "ModelStatistics",
                                                            "RepositoryIndex",
                                                            "SystemSharedMemoryStatus",
                                                            "SystemSharedMemoryRegister",
                                                            "SystemSharedMemoryUnregister",
                                                            "CudaSharedMemoryStatus",
                                                            "CudaSharedMemoryUnregister"};
  return kNames[static_cast<size_t>(method)];
}

const MethodMetrics& Metrics::inference(InferenceMethod method) const {
  const auto index = static_cast<size_t>(method);
  std::call_once(inference_added_[index], [this, method, index] {
    const bool is_stream = method == InferenceMethod::kModelStreamInfer;
    inference_[index] =
        AddMethod(is_stream ? "bidi_stream" : "unary", kInferenceServiceName, Name(method));
  });
  return inference_[index];
}

void Metrics::AddUnknownMethod() {
  Labels labels = {{"grpc_type", "other"}, {"grpc_service", "other"}, {"grpc_method", "other"}};
  unknown_started_ = &Started(*registry_).Add(labels);
  labels["grpc_code"] = std::string(CodeName(grpc::StatusCode::UNIMPLEMENTED));
  unknown_handled_ = &Handled(*registry_).Add(labels);
}

void Metrics::AddEvaluationFamilies() {
  prometheus::Registry& registry = *registry_;
  evaluations_ = &BuildCounter()
                      .Name("rectifier_evaluations_total")
                      .Help("Evaluations computed.")
                      .Register(registry);
  elements_ = &BuildCounter()
                   .Name("rectifier_elements_total")
                   .Help("Input elements of the evaluations computed.")
                   .Register(registry);
  compute_seconds_ = &BuildCounter()
                          .Name("rectifier_compute_seconds_total")
                          .Help("Wall time of computing, shared out by elements and quantities.")
                          .Register(registry);
}

const Metrics::EvaluationMetrics* Metrics::For(const Evaluation& evaluation,
                                               Quantity quantity) const {
  const size_t activation = evaluation.activation - catalogue_.All().data();
  const size_t type = static_cast<size_t>(evaluation.type);
  std::atomic<const EvaluationMetrics*>& place =
      by_evaluation_[(activation * kElementTypes + type) * kQuantities +
                     static_cast<size_t>(quantity)];
  const EvaluationMetrics* known = place.load(std::memory_order_acquire);
  if (known != nullptr) return known;
  const EvaluationMetrics* added = Add(evaluation, quantity);
  place.store(added, std::memory_order_release);
  return added;
}

// Threads that come here at once get the same counters.
const Metrics::EvaluationMetrics* Metrics::Add(const Evaluation& evaluation,
                                               Quantity quantity) const try {
  const Labels labels = {{"activation", std::string(evaluation.activation->spec->name)},
                         {"element_type", std::string(Name(evaluation.type))},
                         {"quantity", std::string(Name(quantity))}};
  const absl::MutexLock lock(&mutex_);
  return &used_.emplace_back(EvaluationMetrics{.evaluations = &evaluations_->Add(labels),
                                               .elements = &elements_->Add(labels),
                                               .compute_seconds = &compute_seconds_->Add(labels)});
} catch (const std::bad_alloc&) {
  return nullptr;
}

void Metrics::CountUnknownMethod() const {
  unknown_started_->Increment();
  unknown_handled_->Increment();
}

void Metrics::Observe(Phase phase, absl::Duration duration) const {
  phases_[static_cast<size_t>(phase)]->Observe(absl::ToDoubleSeconds(duration));
}

void Metrics::CountPayload(Direction direction, Transport transport, size_t bytes) const {
  payload_[static_cast<size_t>(direction)][static_cast<size_t>(transport)]->Increment(
      static_cast<double>(bytes));
}

void Metrics::CountRefusal(Refusal refusal) const {
  rejected_[static_cast<size_t>(refusal)]->Increment();
}

void Metrics::CountTimeout(Timeout timeout) const {
  timeouts_[static_cast<size_t>(timeout)]->Increment();
}

void Metrics::CountJobs(absl::Span<const Job> jobs, absl::Duration duration) const {
  double total = 0;
  for (const Job& job : jobs) total += static_cast<double>(job.evaluation.elements);
  for (const Job& job : jobs) {
    const double elements = static_cast<double>(job.evaluation.elements);
    CountEvaluation(job.evaluation, total > 0 ? duration * (elements / total) : absl::Duration());
  }
}

void Metrics::CountEvaluation(const Evaluation& evaluation, absl::Duration duration) const {
  const Quantities quantities = QuantitiesOf(evaluation);
  const absl::Duration share = duration / static_cast<double>(quantities.size());
  for (const Quantity quantity : quantities) {
    const EvaluationMetrics* metrics = For(evaluation, quantity);
    if (metrics == nullptr) continue;  // the evaluation is worth more than its count
    metrics->evaluations->Increment();
    metrics->elements->Increment(static_cast<double>(evaluation.elements));
    metrics->compute_seconds->Increment(absl::ToDoubleSeconds(share));
  }
}

}  // namespace rectifier
