// What ModelStatistics tells: how often each activation was computed for callers of the Open
// Inference Protocol, and how long that took.
#ifndef RECTIFIER_SERVER_INFERENCE_MODEL_STATISTICS_H_
#define RECTIFIER_SERVER_INFERENCE_MODEL_STATISTICS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "core/catalogue.h"
#include "inference/inference_service.pb.h"
#include "server/evaluate/evaluation_protocol.h"

namespace rectifier {

// The counts of one request are added together, so that whoever asks sees as many of each kind.
// Thread-safe.
class ModelStatistics {
 public:
  // `catalogue` outlives it.
  explicit ModelStatistics(const Catalogue& catalogue)
      : catalogue_(catalogue), counts_(catalogue.All().size()) {}

  // A request of `activation`, which is one of the catalogue's.
  void Count(const Activation& activation, const BatchTimes& times, bool has_succeeded);

  // The statistics of one model, by the name that the caller gives it.
  inference::ModelStatistics Of(const Activation& activation, const std::string& name) const;
  // Those of all that were used, by their canonical names.
  std::vector<inference::ModelStatistics> OfAll() const;

 private:
  struct Counts {
    mutable absl::Mutex mutex;
    uint64_t successes ABSL_GUARDED_BY(mutex) = 0;
    uint64_t failures ABSL_GUARDED_BY(mutex) = 0;
    absl::Duration failed ABSL_GUARDED_BY(mutex);
    BatchTimes times ABSL_GUARDED_BY(mutex);  // of all successes
    absl::Time last ABSL_GUARDED_BY(mutex) = absl::UnixEpoch();
  };

  const Counts& CountsOf(const Activation& activation) const {
    return counts_[static_cast<size_t>(&activation - catalogue_.All().data())];
  }

  const Catalogue& catalogue_;
  std::vector<Counts> counts_;  // by activation
};

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_INFERENCE_MODEL_STATISTICS_H_
