// Clusters of float64 inputs: neighbourhoods that share a Taylor polynomial whose leading
// coefficient has twice the digits of a double.
#ifndef RECTIFIER_TESTS_NUMERICS_PROVE_FLOAT64_SAMPLE_H_
#define RECTIFIER_TESTS_NUMERICS_PROVE_FLOAT64_SAMPLE_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "tests/numerics/prove/evaluate.h"
#include "tests/numerics/prove/finding.h"
#include "tests/numerics/prove/point.h"
#include "tests/numerics/prove/subject.h"

namespace rectifier::prove {

inline constexpr size_t kClusterSize = 512;

// Where clusters lie: over all exponents and both signs, denser in [-40, 40] and where exponentials
// of x and x^2 underflow, and at every distance from each root and kink.
class ClusterPlan {
 public:
  // `landmarks` are the roots and kinks. The plan has about `count` clusters, and those at
  // landmarks.
  ClusterPlan(std::vector<double> landmarks, size_t count);

  size_t size() const { return spread_ + landmarks_.size() * kDistances; }

  // The center of cluster `index`; the same for the same plan.
  double Center(size_t index) const;

  // Distances from a landmark that get a cluster: one double, two, four, ..., on both sides.
  static constexpr size_t kDistances = 110;

 private:
  std::vector<double> landmarks_;
  size_t spread_;
};

// Threads: one object each.
class Float64Sample {
 public:
  // Samples one column of `subject`, which must outlive the object.
  Float64Sample(const Subject* subject, size_t column);

  // kClusterSize inputs next to `center`, or fewer where they have to be evaluated one by one.
  Finding Cluster(double center, uint64_t seed);

  // -inf, inf, -0 and NaN.
  Finding Specials();

  // `count` consecutive doubles around `center`, evaluated one by one.
  Finding Neighbours(double center, size_t count);

 private:
  struct Polynomial;

  int WidestRadius(double center);
  static bool Round(Series at_center, const Series& over_cluster, Polynomial* polynomial);
  bool Expand(double center, int exponent, Polynomial* polynomial);
  Finding MeetPolynomial(const Polynomial& polynomial, size_t count);
  Finding MeetPoints(size_t count);
  void MeetPoint(double x, double result, Finding* finding);
  // `ulp`, or less where the Spec states an absolute bound of the error: meeting that exactly
  // counts as the bound promised in ULP.
  double Counted(double ulp, double absolute, double x) const;

  Subject subject_;  // with this column alone
  KernelRun kernel_;
  Evaluator evaluator_;
  PointOracle oracle_;
  std::vector<double> x_;
};

}  // namespace rectifier::prove

#endif  // RECTIFIER_TESTS_NUMERICS_PROVE_FLOAT64_SAMPLE_H_
