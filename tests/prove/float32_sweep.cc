#include "tests/prove/float32_sweep.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

#include "tests/prove/compare.h"
#include "tests/prove/format.h"

namespace rectifier::prove {
namespace {

constexpr double kWrong = std::numeric_limits<double>::infinity();

double InputAt(uint32_t bits) { return std::bit_cast<float>(bits); }

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
  }
}

size_t Float32Sweep::evaluations() const {
  size_t sum = 0;
  for (const Planner& planner : planners_) sum += planner.evaluations();
  return sum;
}

std::vector<Finding> Float32Sweep::Segment(size_t segment, size_t begin, size_t count) {
  const auto first_bits = static_cast<uint32_t>(segment << kSegmentBits);
  if (!std::isfinite(InputAt(first_bits))) return NotFinite(first_bits, begin, count);
  const Line line = {InputAt(first_bits), InputAt(first_bits + 1) - InputAt(first_bits),
                     size_t{1} << kSegmentBits};
  std::vector<Cursor> cursors(planners_.size());
  std::vector<Finding> findings(planners_.size());
  for (size_t i = 0; i < planners_.size(); ++i) planners_[i].Plan(line, &cursors[i].references);
  for (size_t at = begin; at < begin + count; at += kUnit) {
    const auto bits = static_cast<uint32_t>(first_bits + at);
    Fill(bits, kUnit);
    kernel_.Run(x_.data(), kUnit);
    for (size_t i = 0; i < planners_.size(); ++i) {
      MeetUnit(line, at, bits, i, &cursors[i], &findings[i]);
      findings[i].inputs += kUnit;
    }
  }
  return findings;
}

void Float32Sweep::Fill(uint32_t first_bits, size_t count) {
  for (size_t i = 0; i < count; ++i) {
    x_[i] = std::bit_cast<float>(static_cast<uint32_t>(first_bits + i));
  }
}

void Float32Sweep::MeetUnit(const Line& line, size_t begin, uint32_t bits, size_t column,
                            Cursor* cursor, Finding* finding) {
  const auto* const results = static_cast<const float*>(kernel_.results(column));
  std::vector<Reference>& references = cursor->references;
  const size_t end = begin + kUnit;
  for (size_t at = begin; at < end;) {
    while (references[cursor->next].begin + references[cursor->next].count <= at) ++cursor->next;
    const Reference& reference = references[cursor->next];
    const size_t count = std::min(end, reference.begin + reference.count) - at;
    const float* const these = results + (at - begin);
    const Tally tally = Compare(reference, at - reference.begin, these, count);
    if (TooRough(reference, tally.least)) {
      std::vector<Reference> finer;
      planners_[column].Refine(line, reference, &finer);
      const auto place = references.begin() + static_cast<ptrdiff_t>(cursor->next);
      *place = finer.front();
      references.insert(place + 1, finer.begin() + 1, finer.end());
      continue;
    }
    if (tally.worst > finding->worst_ulp) {
      std::vector<double> errors(count + 8);
      Errors(reference, at - reference.begin, these, count, errors.data());
      const auto worst = std::find(errors.begin(), errors.end(), tally.worst);
      const auto offset =
          static_cast<uint32_t>((at - begin) + static_cast<size_t>(worst - errors.begin()));
      finding->Meet(tally.worst, bits + offset);
    }
    finding->correct += tally.correct;
    at += count;
  }
}

std::vector<Finding> Float32Sweep::NotFinite(uint32_t first_bits, size_t begin, size_t count) {
  std::vector<Finding> findings(planners_.size());
  for (size_t at = begin; at < begin + count; at += kUnit) {
    const auto bits = static_cast<uint32_t>(first_bits + at);
    Fill(bits, kUnit);
    kernel_.Run(x_.data(), kUnit);
    for (size_t i = 0; i < planners_.size(); ++i) {
      const auto* const results = static_cast<const float*>(kernel_.results(i));
      if (at == 0) findings[i].Add(MeetInfinity(bits, i));
      for (size_t k = at == 0 ? 1 : 0; k < kUnit; ++k) {
        const bool right = std::isnan(results[k]);
        findings[i].Meet(right ? 0 : kWrong, bits + static_cast<uint32_t>(k));
        findings[i].correct += right ? 1 : 0;
      }
      findings[i].inputs += at == 0 ? kUnit - 1 : kUnit;
    }
  }
  return findings;
}

Finding Float32Sweep::MeetInfinity(uint32_t bits, size_t column) {
  const float result = static_cast<const float*>(kernel_.results(column))[0];
  Finding finding{.inputs = 1};
  PointOracle oracle(subject_->columns[column].expression, subject_->arguments);
  const RoundedResult exact = oracle.RoundedAt(InputAt(bits), ElementType::kFloat32);
  if (!exact.defined) {
    finding.undecided = 1;
    return finding;
  }
  const bool right = result == exact.low &&
                     (result != 0 || exact.sign == 0 || std::signbit(result) == (exact.sign < 0));
  finding.correct = right ? 1 : 0;
  finding.Meet(right ? 0 : kWrong, bits);
  return finding;
}

}  // namespace rectifier::prove
