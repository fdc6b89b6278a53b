#include "core/catalogue.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <utility>
#include <variant>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "core/activations/families.h"
#include "core/loops/arrays.h"
#include "core/naming.h"
#include "hwy/highway.h"
#include "hwy/targets.h"

namespace rectifier {
namespace {

// Makes Highway dispatch to one target while it lives.
class PinnedTarget {
 public:
  explicit PinnedTarget(int64_t target) {
    hwy::SetSupportedTargetsForTest(target);
    hwy::GetChosenTarget().Update(target);
  }
  ~PinnedTarget() {
    hwy::SetSupportedTargetsForTest(0);
    hwy::GetChosenTarget().Update(hwy::SupportedTargets());
  }
  PinnedTarget(const PinnedTarget&) = delete;
  PinnedTarget& operator=(const PinnedTarget&) = delete;
};

// The targets of this build that this machine can run, best first.
std::vector<int64_t> RunnableTargets() {
  // The copy is taken once, before any PinnedTarget can narrow Highway's answer.
  static const std::vector<int64_t>* const targets = [] {
    auto* const list = new std::vector<int64_t>(hwy::SupportedAndGeneratedTargets());
    if (std::find(list->begin(), list->end(), HWY_STATIC_TARGET) == list->end()) {
      list->push_back(HWY_STATIC_TARGET);
    }
    std::sort(list->begin(), list->end());  // Highway gives better targets lower bits
    return list;
  }();
  return *targets;
}

// A letter that is put in, left out or changed; and two neighbours that are swapped, which is the
// likelier slip: "gleu" is rather gelu than glu.
constexpr size_t kEdit = 3;
constexpr size_t kSwap = 2;

// The least that makes `a` of `b`, where no letter is changed twice: the optimal string alignment
// distance, weighted. Source: Damerau, Comm. ACM 7 (1964).
size_t EditDistance(absl::string_view a, absl::string_view b) {
  std::vector<size_t> before(b.size() + 1), row(b.size() + 1), next(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) row[j] = j * kEdit;
  for (size_t i = 1; i <= a.size(); ++i) {
    next[0] = i * kEdit;
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t changed = row[j - 1] + (a[i - 1] != b[j - 1] ? kEdit : 0);
      next[j] = std::min({row[j] + kEdit, next[j - 1] + kEdit, changed});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) next[j] = std::min(next[j], before[j - 2] + kSwap);
    }
    std::swap(before, row);
    std::swap(row, next);
  }
  return row[b.size()];
}

}  // namespace

absl::string_view NearestName(absl::string_view name,
                              absl::Span<const absl::string_view> candidates) {
  constexpr size_t kLongestName = 64;  // bounds the work that a hostile name can cause
  if (name.empty() || name.size() > kLongestName) return "";
  const std::string lower = absl::AsciiStrToLower(name);
  absl::string_view nearest;
  size_t least = 1 + kEdit * std::max<size_t>(1, name.size() / 3);  // farther is no likeness
  for (absl::string_view candidate : candidates) {
    const size_t distance = EditDistance(lower, absl::AsciiStrToLower(candidate));
    if (distance < least) {
      least = distance;
      nearest = candidate;
    }
  }
  return nearest;
}

Catalogue::Catalogue(int64_t target) : target_(hwy::TargetName(target)) {
  const PinnedTarget pinned(target);
  arrays_ = Arrays();
  for (const Family& family : Families()) {
    for (const auto unit : family.units) {
      for (Activation& activation : unit()) {
        activation.family = family.name;
        activation.heading = family.heading;
        Add(activation);
      }
    }
  }
  for (const Activation& activation : activations_) {
    by_name_.emplace(activation.spec->name, &activation);
    for (absl::string_view alias : activation.spec->aliases) by_name_.emplace(alias, &activation);
  }
}

void Catalogue::Add(const Activation& activation) {
  if (!activations_.empty() && activations_.back().spec == activation.spec) {
    std::get<RowKernels>(activations_.back().kernels).Add(std::get<RowKernels>(activation.kernels));
  } else {
    activations_.push_back(activation);
  }
}

absl::StatusOr<const Catalogue*> Catalogue::ForTarget(absl::string_view name) {
  static std::mutex* const mutex = new std::mutex;
  static auto* const catalogues = new std::map<int64_t, const Catalogue*>;
  const std::vector<int64_t> targets = RunnableTargets();
  const std::lock_guard<std::mutex> lock(*mutex);
  for (int64_t target : targets) {
    if (name != hwy::TargetName(target)) continue;
    const Catalogue*& catalogue = (*catalogues)[target];
    if (catalogue == nullptr) catalogue = new Catalogue(target);
    return catalogue;
  }
  return absl::InvalidArgumentError(
      absl::StrCat("no CPU target \"", name, "\" here; there is ", absl::StrJoin(Targets(), ", ")));
}

const Catalogue& Catalogue::Best() {
  static const Catalogue* const best = *ForTarget(Targets().front());
  return *best;
}

std::vector<std::string> Catalogue::Targets() {
  std::vector<std::string> names;
  for (int64_t target : RunnableTargets()) names.emplace_back(hwy::TargetName(target));
  return names;
}

absl::StatusOr<const Activation*> Catalogue::Find(absl::string_view name) const {
  if (const auto found = by_name_.find(name); found != by_name_.end()) return found->second;
  name = Qualify(name).name;
  if (const auto found = by_name_.find(name); found != by_name_.end()) return found->second;
  std::vector<absl::string_view> names;
  for (const Activation& activation : activations_) {
    for (const OtherName& other : activation.spec->other_names) {
      if (other.name != name) continue;
      return absl::NotFoundError(
          absl::StrCat("it is \"", activation.spec->name, "\" with ", other.arguments));
    }
    names.push_back(activation.spec->name);
    names.insert(names.end(), activation.spec->aliases.begin(), activation.spec->aliases.end());
  }
  const absl::string_view nearest = NearestName(name, names);
  return absl::NotFoundError(nearest.empty() ? ""
                                             : absl::StrCat("did you mean \"", nearest, "\"?"));
}

}  // namespace rectifier
