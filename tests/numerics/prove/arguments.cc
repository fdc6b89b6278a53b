#include "tests/numerics/prove/arguments.h"

#include <cmath>
#include <set>
#include <string>

namespace rectifier::prove {
namespace {

// They are neither round numbers nor short fractions, except for zero.
std::vector<double> Candidates(double standard) {
  // The largest double stands for "no bound".
  const double size = standard == 0 || std::abs(standard) > 1e300 ? 1 : standard;
  return {0, size * 0.3, size * 2.7, -size * 0.8, size * 0x1.9p-10, size * 0x1.3p+10};
}

class Sets {
 public:
  explicit Sets(const Spec& spec) : spec_(spec) {}

  // Adds the defaults with these exceptions, once.
  void Add(const Assignments& changes) {
    Assignments all;
    for (const Parameter& parameter : spec_.parameters) {
      const auto change = changes.find(std::string(parameter.name));
      double argument = change == changes.end() ? parameter.default_value : change->second;
      // A draw is a multiple of 2^-53.
      if (parameter.type == ParameterType::kSeed)
        argument = std::round(argument * 0x1p53) * 0x1p-53;
      if (!parameter.range.Contains(argument)) return;
      all[std::string(parameter.name)] = argument;
    }
    if (known_.insert(all).second) sets_.push_back(all);
  }

  // Adds `scale` times every default, or `shift` where that is 0.
  void AddScaled(double scale, double shift) {
    Assignments all;
    for (const Parameter& parameter : spec_.parameters) {
      const double standard = parameter.default_value;
      const bool unbounded = std::abs(standard) > 1e300;
      all[std::string(parameter.name)] = standard == 0 || unbounded ? shift : standard * scale;
    }
    Add(all);
  }

  std::vector<Assignments> Take() && { return std::move(sets_); }

 private:
  const Spec& spec_;
  std::set<Assignments> known_;
  std::vector<Assignments> sets_;
};

}  // namespace

std::vector<Assignments> ArgumentSets(const Spec& spec) {
  Sets sets(spec);
  sets.Add({});
  for (const Parameter& parameter : spec.parameters) {
    for (double candidate : Candidates(parameter.default_value)) {
      sets.Add({{std::string(parameter.name), candidate}});
    }
  }
  sets.AddScaled(0.5, -0.25);
  sets.AddScaled(3.1, 0.75);
  return std::move(sets).Take();
}

}  // namespace rectifier::prove
