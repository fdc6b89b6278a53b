// All float32 inputs, in segments that can be swept in any order and on any thread.
#ifndef RECTIFIER_TESTS_NUMERICS_PROVE_FLOAT32_SWEEP_H_
#define RECTIFIER_TESTS_NUMERICS_PROVE_FLOAT32_SWEEP_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "tests/numerics/prove/compare.h"
#include "tests/numerics/prove/finding.h"
#include "tests/numerics/prove/reference.h"
#include "tests/numerics/prove/subject.h"
#include "tests/numerics/prove/ties.h"

namespace rectifier::prove {

// A segment is the inputs of one sign and exponent: 2^23 numbers, or an infinity and all NaNs.
inline constexpr size_t kSegments = 512;
inline constexpr size_t kSegmentBits = 23;

// Threads: one object each.
class Float32Sweep {
 public:
  // `subject` must outlive the object.
  explicit Float32Sweep(const Subject* subject);

  // What each column of the subject shows in `segment`. A column whose references would cost more
  // than kBudget evaluations, as a sine's do where neighbouring inputs are further apart than its
  // period, is sampled: its finding has fewer inputs.
  std::vector<Finding> Segment(size_t segment);
  static constexpr size_t kBudget = 400'000;

  // The same for the `count` inputs from `first_bits` on: a power of two, in one segment.
  std::vector<Finding> Part(uint32_t first_bits, size_t count);

  // Inputs that go through the kernel at once: what the caches hold.
  static constexpr size_t kUnit = size_t{1} << 13;

  size_t evaluations() const;

 private:
  // References of one column, in order, and the first that is still needed.
  struct Cursor {
    std::vector<Reference> references;
    size_t next = 0;
  };

  void Fill(uint32_t first_bits, size_t count);
  bool IsTooDear(const Line& line, size_t column);
  std::vector<Finding> Meet(const Line& line, uint32_t first_bits, const std::vector<bool>& wanted);
  void MeetUnit(const Line& line, size_t begin, size_t end, uint32_t bits, size_t column,
                Cursor* cursor, Finding* finding);
  // Results of consecutive inputs of one reference.
  struct Batch {
    const Reference& reference;
    size_t at;      // the first input, on the line
    uint32_t bits;  // its
    const float* results;
    size_t count;
  };
  void MeetBatch(const Batch& batch, const Tally& tally, size_t column, Finding* finding);
  std::vector<Finding> NotFinite(uint32_t first_bits, size_t count);
  Finding MeetInfinity(uint32_t bits, size_t column);

  const Subject* subject_;
  KernelRun kernel_;
  std::vector<Planner> planners_;  // by column
  std::vector<TieBreaker> ties_;   // by column
  std::vector<float> x_;
};

}  // namespace rectifier::prove

#endif  // RECTIFIER_TESTS_NUMERICS_PROVE_FLOAT32_SWEEP_H_
