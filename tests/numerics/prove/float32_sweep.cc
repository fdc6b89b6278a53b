#include "tests/numerics/prove/float32_sweep.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

#include "tests/numerics/prove/compare.h"
#include "tests/numerics/prove/format.h"

namespace rectifier::prove {
namespace {

// What is sampled of a segment that is too dear.
constexpr size_t kSampledParts = 64;
constexpr size_t kSampledPart = 64;

constexpr double kWrong = std::numeric_limits<double>::infinity();
// The least error of a result that is not the nearest number.
const double kWrongTie = std::nextafter(0.5, 1);
// As many results close to ties among those of a unit are a coincidence.
constexpr uint64_t kFew = 64;

double InputAt(uint32_t bits) { return std::bit_cast<float>(bits); }

Line LineAt(uint32_t first_bits, size_t count) {
  return {InputAt(first_bits), InputAt(first_bits + 1) - InputAt(first_bits), count};
}

// How many of `count` inputs from `begin` on have no exact result.
size_t Undefined(const Reference& reference, size_t begin, size_t count) {
  if (reference.terms > 0) return std::isnan(reference.coefficients[0]) ? count : 0;
  const auto* const first = reference.points.begin() + begin;
  return static_cast<size_t>(
      std::count_if(first, first + count, [](double point) { return std::isnan(point); }));
}

bool TooRough(const Reference& reference, double least) {
  if (reference.terms == 0 || reference.error == 0) return false;
  if (reference.coefficients[0] != 0 && reference.sign_from == 0) return false;  // underflow
  const double unit =
      UnitInTheLastPlace(ElementType::kFloat32, std::max(least - reference.error, 0.0));
  return !(reference.error <= kTolerance * unit);
}

}  // namespace

Float32Sweep::Float32Sweep(const Subject* subject)
    : subject_(subject), kernel_(subject, ElementType::kFloat32, kUnit), x_(kUnit) {
  for (const Column& column : subject->columns) {
    planners_.emplace_back(column.expression, subject->arguments);
    ties_.emplace_back(column.expression, subject->arguments);
  }
}

size_t Float32Sweep::evaluations() const {
  size_t sum = 0;
  for (const Planner& planner : planners_) sum += planner.evaluations();
  return sum;
}

std::vector<Finding> Float32Sweep::Segment(size_t segment) {
  const auto first_bits = static_cast<uint32_t>(segment << kSegmentBits);
  const size_t count = size_t{1} << kSegmentBits;
  if (!std::isfinite(InputAt(first_bits))) return NotFinite(first_bits, count);
  const Line line = LineAt(first_bits, count);
  std::vector<bool> whole;
  for (size_t i = 0; i < planners_.size(); ++i) whole.push_back(!IsTooDear(line, i));
  std::vector<Finding> findings = Meet(line, first_bits, whole);
  if (std::all_of(whole.begin(), whole.end(), [](bool is_whole) { return is_whole; })) {
    return findings;
  }
  std::vector<bool> sampled = whole;
  sampled.flip();
  for (size_t i = 0; i < kSampledParts; ++i) {
    // Parts all over the segment, in an order in which their places look random.
    const size_t slot = count / kSampledParts;
    const size_t place = i * 0x9e3779b9u % slot / kSampledPart * kSampledPart;
    const auto bits = static_cast<uint32_t>(first_bits + i * slot + place);
    const std::vector<Finding> part = Meet(LineAt(bits, kSampledPart), bits, sampled);
    for (size_t k = 0; k < part.size(); ++k) findings[k].Add(part[k]);
  }
  return findings;
}

std::vector<Finding> Float32Sweep::Part(uint32_t first_bits, size_t count) {
  if (!std::isfinite(InputAt(first_bits))) return NotFinite(first_bits, count);
  return Meet(LineAt(first_bits, count), first_bits, std::vector<bool>(planners_.size(), true));
}

// Whether references for the line take too many evaluations, going by the cheapest of three small
// parts: a root or a kink makes one of them dear, an oscillation all.
bool Float32Sweep::IsTooDear(const Line& line, size_t column) {
  constexpr size_t kPart = size_t{1} << 10;
  size_t least = kBudget;
  std::vector<Reference> references;
  for (size_t begin : {size_t{0}, line.count / 2, line.count - kPart}) {
    const size_t before = planners_[column].evaluations();
    planners_[column].Plan({line.at(begin), line.step, kPart}, &references);
    least = std::min(least, planners_[column].evaluations() - before);
  }
  return least * (line.count / kPart) > kBudget;
}

std::vector<Finding> Float32Sweep::Meet(const Line& line, uint32_t first_bits,
                                        const std::vector<bool>& wanted) {
  std::vector<Cursor> cursors(planners_.size());
  std::vector<Finding> findings(planners_.size());
  for (size_t i = 0; i < planners_.size(); ++i) {
    if (!wanted[i]) continue;
    planners_[i].Plan(line, &cursors[i].references);
    ties_[i].Start(line);
  }
  const size_t unit = std::min(kUnit, line.count);
  for (size_t at = 0; at < line.count; at += unit) {
    const auto bits = static_cast<uint32_t>(first_bits + at);
    Fill(bits, unit);
    kernel_.Run(x_.data(), unit);
    for (size_t i = 0; i < planners_.size(); ++i) {
      if (!wanted[i]) continue;
      MeetUnit(line, at, at + unit, bits, i, &cursors[i], &findings[i]);
      findings[i].inputs += unit;
    }
  }
  return findings;
}

void Float32Sweep::Fill(uint32_t first_bits, size_t count) {
  for (size_t i = 0; i < count; ++i) {
    x_[i] = std::bit_cast<float>(static_cast<uint32_t>(first_bits + i));
  }
}

void Float32Sweep::MeetUnit(const Line& line, size_t begin, size_t end, uint32_t bits,
                            size_t column, Cursor* cursor, Finding* finding) {
  const auto* const results = static_cast<const float*>(kernel_.results(column));
  std::vector<Reference>& references = cursor->references;
  for (size_t at = begin; at < end;) {
    while (references[cursor->next].begin + references[cursor->next].count <= at) ++cursor->next;
    const Reference& reference = references[cursor->next];
    const size_t count = std::min(end, reference.begin + reference.count) - at;
    const float* const these = results + (at - begin);
    const size_t undefined = Undefined(reference, at - reference.begin, count);
    finding->undecided += undefined;
    if (undefined == count) {
      at += count;
      continue;
    }
    const Tally tally = Compare(reference, at - reference.begin, these, count);
    if (TooRough(reference, tally.least)) {
      std::vector<Reference> finer;
      planners_[column].Refine(line, reference, &finer);
      const auto place = references.begin() + static_cast<ptrdiff_t>(cursor->next);
      *place = finer.front();
      references.insert(place + 1, finer.begin() + 1, finer.end());
      continue;
    }
    const auto first_bits = bits + static_cast<uint32_t>(at - begin);
    MeetBatch({reference, at, first_bits, these, count}, tally, column, finding);
    finding->correct -= undefined;
    at += count;
  }
}

// Decides what is close to a tie, and looks for the worst, which most batches do not have.
void Float32Sweep::MeetBatch(const Batch& batch, const Tally& tally, size_t column,
                             Finding* finding) {
  finding->correct += tally.correct;
  if (tally.close == 0 && tally.worst <= finding->worst_ulp) return;
  std::vector<double> errors(batch.count + kMaxTerms);  // whole vectors are stored
  const size_t first = batch.at - batch.reference.begin;
  Errors(batch.reference, first, batch.results, batch.count, errors.data());
  for (size_t i = 0; i < batch.count; ++i) {
    if (IsClose(errors[i])) {
      const Judgement judgement =
          ties_[column].Judge(batch.at + i, ReferenceAt(batch.reference, first + i),
                              batch.results[i], tally.close > kFew);
      if (judgement == Judgement::kUndecided) ++finding->undecided;
      if (judgement == Judgement::kRight) ++finding->correct;
      errors[i] = judgement == Judgement::kWrong ? std::max(errors[i], kWrongTie)
                                                 : std::min(errors[i], 0.5);
    }
    if (errors[i] > finding->worst_ulp) {
      finding->Meet(errors[i], batch.bits + static_cast<uint32_t>(i));
    }
  }
}

std::vector<Finding> Float32Sweep::NotFinite(uint32_t first_bits, size_t count) {
  std::vector<Finding> findings(planners_.size());
  const size_t unit = std::min(kUnit, count);
  for (size_t at = 0; at < count; at += unit) {
    const auto bits = static_cast<uint32_t>(first_bits + at);
    Fill(bits, unit);
    kernel_.Run(x_.data(), unit);
    for (size_t i = 0; i < planners_.size(); ++i) {
      const auto* const results = static_cast<const float*>(kernel_.results(i));
      const bool infinite = !std::isnan(InputAt(bits));
      if (infinite) findings[i].Add(MeetInfinity(bits, i));
      for (size_t k = infinite ? 1 : 0; k < unit; ++k) {
        const bool right = std::isnan(results[k]);
        ++findings[i].inputs;
        findings[i].correct += right ? 1 : 0;
        if (!right) findings[i].Meet(kWrong, bits + static_cast<uint32_t>(k));
      }
    }
  }
  return findings;
}

Finding Float32Sweep::MeetInfinity(uint32_t bits, size_t column) {
  const float result = static_cast<const float*>(kernel_.results(column))[0];
  Finding finding{.inputs = 1};
  PointOracle oracle(subject_->columns[column].expression, subject_->arguments);
  const RoundedResult exact = oracle.RoundedAt(InputAt(bits), ElementType::kFloat32);
  if (!exact.exact.defined || !exact.exact.decided) {
    finding.undecided = 1;
    return finding;
  }
  const bool right = exact.Is(result);
  finding.correct = right ? 1 : 0;
  finding.Meet(right ? 0 : kWrong, bits);
  return finding;
}

}  // namespace rectifier::prove
