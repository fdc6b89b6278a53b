#include "tests/numerics/prove/sample_command.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <functional>
#include <utility>

#include "tests/numerics/prove/arguments.h"
#include "tests/numerics/prove/float32_sweep.h"
#include "tests/numerics/prove/float64_sample.h"
#include "tests/numerics/prove/half_sweep.h"
#include "tests/numerics/prove/landmarks.h"
#include "tests/numerics/prove/prove_command.h"
#include "tests/numerics/prove/row.h"
#include "tests/numerics/prove/verdict.h"

namespace rectifier::prove {
namespace {

// Consecutive float32 inputs of one part.
constexpr size_t kPart = 128;
// float16 and bfloat16 have their subnormal numbers, where ties are, at the start of each sign.
constexpr size_t kSubnormals = 48;
constexpr size_t kSigns[] = {0, size_t{1} << 15};

// How much is sampled of one set of arguments.
struct Depth {
  size_t segment_step;  // of float32 exponents far from 1
  size_t half_step;     // of float16 and bfloat16 inputs
  size_t clusters;      // of float64 inputs
  int landmark_steps;   // see Landmarks
};

Depth DepthOf(bool is_default, double effort) {
  const auto scaled = [effort](double full) { return static_cast<size_t>(std::ceil(full)); };
  const double e = effort;
  return is_default ? Depth{scaled(1 / e), scaled(8 / e), scaled(1200 * e), 800}
                    : Depth{scaled(8 / e), scaled(64 / e), scaled(160 * e), 200};
}

size_t Hash(size_t i) { return (i + 1) * 0x9e3779b97f4a7c15u >> 20; }

bool InHardSpot(const Subject& subject, size_t column, double x) {
  for (const HardSpot& spot : subject.spec->accuracy.hard_spots) {
    double at = x;
    for (size_t i = 0; i < subject.arguments.size(); ++i) {
      if (subject.spec->parameters[i].name == spot.times) at *= subject.arguments[i];
    }
    if (spot.quantity == subject.columns[column].quantity && spot.low <= at && at <= spot.high) {
      return true;
    }
  }
  return false;
}

// A sample of one subject in every type.
class Sampler {
 public:
  Sampler(const Subject* subject, const Depth& depth) : subject_(subject), depth_(depth) {
    for (const Column& column : subject->columns) {
      landmarks_.push_back(Landmarks(*column.expression, subject->arguments, depth.landmark_steps));
    }
  }

  std::vector<Finding> Of(ElementType type) {
    findings_.assign(subject_->columns.size(), Finding());
    switch (type) {
      case ElementType::kFloat32:
        Float32();
        break;
      case ElementType::kFloat64:
        Float64();
        break;
      default:
        Halves(type);
    }
    return findings_;
  }

 private:
  void Add(const std::vector<Finding>& findings) {
    for (size_t i = 0; i < findings.size(); ++i) findings_[i].Add(findings[i]);
  }

  void Float32() {
    Float32Sweep sweep(subject_);
    for (size_t segment = 0; segment < kSegments; ++segment) {
      const size_t exponent = segment % 256;
      const bool middle = exponent >= 127 - 12 && exponent <= 127 + 8;
      const bool last = exponent >= 254;  // the largest numbers; infinity and NaN
      if (!middle && !last && segment % depth_.segment_step != 0 && exponent != 0) continue;
      const auto first = static_cast<uint32_t>(segment << kSegmentBits);
      const size_t parts = (size_t{1} << kSegmentBits) / kPart;
      for (size_t part : {size_t{0}, Hash(segment) % parts, parts - 1}) {
        Add(sweep.Part(static_cast<uint32_t>(first + part * kPart), kPart));
      }
    }
    for (const std::vector<double>& landmarks : landmarks_) {
      for (double landmark : landmarks) {
        const auto bits = std::bit_cast<uint32_t>(static_cast<float>(landmark));
        for (uint32_t near : {bits - 5, bits + 5}) {
          Add(sweep.Part(static_cast<uint32_t>(near / kPart * kPart), kPart));
        }
      }
    }
  }

  void Halves(ElementType type) {
    std::vector<uint16_t> inputs = EveryHalf(Hash(0) % depth_.half_step, depth_.half_step);
    for (size_t sign : kSigns) {
      for (size_t i = 0; i < kSubnormals; ++i) inputs.push_back(static_cast<uint16_t>(sign + i));
    }
    Add(SweepHalves(*subject_, type, inputs));
  }

  void Float64() {
    for (size_t column = 0; column < subject_->columns.size(); ++column) {
      Float64Sample sample(subject_, column);
      findings_[column].Add(sample.Specials());
      const ClusterPlan plan({}, 8 * depth_.clusters);
      for (size_t i = 0; i < depth_.clusters; ++i) {
        // The inputs are those of a finer plan, so that all strata and exponents have their turn.
        const double center = plan.Center(i * 7 + i / 8);
        if (InHardSpot(*subject_, column, center)) continue;
        findings_[column].Add(sample.Cluster(center, i));
      }
      for (double landmark : landmarks_[column]) {
        if (InHardSpot(*subject_, column, landmark)) continue;
        findings_[column].Add(sample.Neighbours(landmark, 8));
      }
    }
  }

  const Subject* subject_;
  Depth depth_;
  std::vector<std::vector<double>> landmarks_;  // by column
  std::vector<Finding> findings_;
};

bool Check(const Subject& subject, const Depth& depth) {
  bool good = true;
  Sampler sampler(&subject, depth);
  for (ElementType type : kAllElementTypes) {
    const std::vector<Finding> findings = sampler.Of(type);
    for (size_t column = 0; column < findings.size(); ++column) {
      const double bound = BoundOf(subject, column, type);
      if (findings[column].worst_ulp <= bound) continue;
      good = false;
      const Row row = RowOf(subject, column, type, findings[column]);
      std::printf("%s; the bound is %.3f\n", Describe(row).c_str(), bound);
    }
  }
  return good;
}

}  // namespace

absl::StatusOr<bool> RunSample(const SampleOptions& options) {
  const Catalogue& catalogue = Catalogue::Best();
  const auto activations = Elementwise(catalogue, options.activations);
  if (!activations.ok()) return activations.status();
  const auto formulas = ReadFormulas(FormulasPath());
  if (!formulas.ok()) return formulas.status();
  bool good = true;
  size_t subjects = 0;
  for (const Activation* activation : *activations) {
    const std::vector<Assignments> sets = ArgumentSets(*activation->spec);
    for (size_t i = 0; i < sets.size(); ++i) {
      const absl::StatusOr<Subject> subject =
          MakeSubject(catalogue, *activation, *formulas, sets[i]);
      if (!subject.ok()) return subject.status();
      good = Check(*subject, DepthOf(i == 0, options.effort)) && good;
      ++subjects;
    }
  }
  std::printf("%zu activations, %zu sets of arguments\n", activations->size(), subjects);
  return good;
}

}  // namespace rectifier::prove
