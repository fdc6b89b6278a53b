// Every Prometheus metric of the server. Series exist, at zero, from the start, so that rates over
// them are right from the first event on; those of an activation, of which there are more than a
// thousand, from its first use. Counting is an atomic addition to a child that was looked up once.
#ifndef RECTIFIER_SERVER_TELEMETRY_METRICS_H_
#define RECTIFIER_SERVER_TELEMETRY_METRICS_H_

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "core/catalogue.h"
#include "core/engine.h"
#include "grpcpp/support/status.h"
#include "prometheus/counter.h"
#include "prometheus/family.h"
#include "prometheus/gauge.h"
#include "prometheus/histogram.h"
#include "prometheus/registry.h"
#include "server/status.h"
#include "server/telemetry/buffer_gauges.h"
#include "server/telemetry/connection_metrics.h"
#include "server/telemetry/refusal.h"
#include "server/telemetry/timeout.h"
#include "server/telemetry/transport.h"

namespace rectifier {

// The counters of one RPC, under the names that gRPC dashboards know.
struct MethodMetrics {
  prometheus::Counter* started = nullptr;
  prometheus::Counter* received = nullptr;
  prometheus::Counter* sent = nullptr;
  std::array<prometheus::Counter*, kStatusCodes> handled = {};  // by gRPC code, of kServedCodes
  prometheus::Histogram* seconds = nullptr;
};

// Counts one call from its beginning to its status, and its messages; it is in flight until the
// last byte of its reply is gRPC's no more, which is when this object goes. It is closed exactly
// once. Messages may be counted on any thread.
class CallScope {
 public:
  CallScope(const MethodMetrics& metrics, prometheus::Gauge* inflight);
  ~CallScope() { inflight_->Decrement(); }
  CallScope(const CallScope&) = delete;
  CallScope& operator=(const CallScope&) = delete;

  void CountReceived() {
    metrics_.received->Increment();
    ++received_;
  }
  void CountSent() const { metrics_.sent->Increment(); }
  void Close(grpc::StatusCode code);
  absl::Duration Elapsed() const { return absl::Now() - start_; }
  // The time is shared out among the messages received, because a stream takes as long as its
  // caller has something to send.
  absl::Duration ElapsedPerMessage() const { return Elapsed() / std::max<int64_t>(received_, 1); }

 private:
  const MethodMetrics& metrics_;
  prometheus::Gauge* inflight_;
  std::atomic<int64_t> received_ = 0;
  const absl::Time start_ = absl::Now();
};

// The methods of the Open Inference Protocol that are counted.
enum class InferenceMethod {
  kModelInfer,
  kModelStreamInfer,
  kServerLive,
  kServerReady,
  kModelReady,
  kServerMetadata,
  kModelMetadata,
  kModelConfig,
  kModelStatistics,
  kRepositoryIndex,
  kSystemSharedMemoryStatus,
  kSystemSharedMemoryRegister,
  kSystemSharedMemoryUnregister,
  kCudaSharedMemoryStatus,
  kCudaSharedMemoryUnregister,
};
inline constexpr size_t kInferenceMethods = 15;

// "ModelInfer".
const char* Name(InferenceMethod method);

enum class Phase { kDecode, kQueue, kCompute, kEncode };
enum class Direction { kReceived, kSent };

class Metrics {
 public:
  Metrics(const Catalogue& catalogue, const std::string& version);

  const MethodMetrics& evaluate() const { return evaluate_; }
  const MethodMetrics& evaluate_stream() const { return evaluate_stream_; }
  const MethodMetrics& list_activations() const { return list_activations_; }
  const MethodMetrics& get_server_info() const { return get_server_info_; }
  // Their series appear with the first call of the method: most servers never see one.
  const MethodMetrics& inference(InferenceMethod method) const;
  // Counts a call of a method that the server does not have.
  void CountUnknownMethod() const;

  prometheus::Gauge* inflight_calls() const { return inflight_calls_; }
  prometheus::Gauge* inflight_bytes() const { return inflight_bytes_; }
  prometheus::Counter* idle_memory_releases() const { return idle_memory_releases_; }

  // The gauges of the shared buffers whose memory is there.
  BufferGauges shared_buffers() const { return shared_buffers_; }
  // That of regions which are registered by name.
  prometheus::Gauge* registered_regions() const { return registered_regions_; }

  ConnectionMetrics& connections() { return connections_; }

  void Observe(Phase phase, absl::Duration duration) const;
  void CountPayload(Direction direction, Transport transport, size_t bytes) const;
  void CountRefusal(Refusal refusal) const;
  void CountTimeout(Timeout timeout) const;

  // Counts jobs that ran together for `duration`. It is shared out by elements, and equally among
  // the quantities of an evaluation, because they come from one pass.
  void CountJobs(absl::Span<const Job> jobs, absl::Duration duration) const;
  // Counts one evaluation that took `duration`.
  void CountEvaluation(const Evaluation& evaluation, absl::Duration duration) const;

  const std::shared_ptr<prometheus::Registry>& registry() const { return registry_; }

 private:
  // The counters of one activation, element type and quantity.
  struct EvaluationMetrics {
    prometheus::Counter* evaluations;
    prometheus::Counter* elements;
    prometheus::Counter* compute_seconds;
  };

  MethodMetrics AddMethod(const std::string& type, const std::string& service,
                          const std::string& method) const;
  void AddUnknownMethod();
  void AddEvaluationFamilies();
  void AddBufferMetrics();
  // Null where there is no memory to add them.
  const EvaluationMetrics* For(const Evaluation& evaluation, Quantity quantity) const;
  const EvaluationMetrics* Add(const Evaluation& evaluation, Quantity quantity) const;

  const Catalogue& catalogue_;
  std::shared_ptr<prometheus::Registry> registry_;
  ConnectionMetrics connections_;
  MethodMetrics evaluate_;
  MethodMetrics evaluate_stream_;
  MethodMetrics list_activations_;
  MethodMetrics get_server_info_;
  mutable std::array<std::once_flag, kInferenceMethods> inference_added_;
  mutable std::array<MethodMetrics, kInferenceMethods> inference_;  // by InferenceMethod
  prometheus::Counter* unknown_started_;
  prometheus::Counter* unknown_handled_;
  prometheus::Gauge* inflight_calls_;
  prometheus::Gauge* inflight_bytes_;
  prometheus::Counter* idle_memory_releases_;
  BufferGauges shared_buffers_;
  prometheus::Gauge* registered_regions_;
  std::array<prometheus::Histogram*, 4> phases_;                          // by Phase
  std::array<std::array<prometheus::Counter*, kTransports>, 2> payload_;  // by Direction, Transport
  std::array<prometheus::Counter*, kRefusals> rejected_;                  // by Refusal
  std::array<prometheus::Counter*, 3> timeouts_;                          // by Timeout
  prometheus::Family<prometheus::Counter>* evaluations_;
  prometheus::Family<prometheus::Counter>* elements_;
  prometheus::Family<prometheus::Counter>* compute_seconds_;

  mutable absl::Mutex mutex_;
  mutable std::deque<EvaluationMetrics> used_ ABSL_GUARDED_BY(mutex_);
  // Pointers into `used_`, by activation, element type and quantity; each is null until its first
  // use.
  mutable std::vector<std::atomic<const EvaluationMetrics*>> by_evaluation_;
};

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_TELEMETRY_METRICS_H_
