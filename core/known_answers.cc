#include "core/known_answers.h"

#include <bit>
#include <cmath>
#include <cstddef>
#include <iterator>

#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "core/engine.h"
#include "core/evaluation.h"
#include "core/known_answers_table.h"

namespace rectifier {
namespace {

// Three rows of eight: tails, knees, the neighbourhood of 0, and numbers with many digits.
constexpr double kNumbers[] = {-40,    -8.25,  -3,     -1.7183, -1,    -0.7071, -0.3,    -1e-3,
                               -0.0,   1e-5,   0.0625, 0.33333, 0.5,   0.9,     1,       1.41421,
                               2.2361, 3.1416, 4,      5.5,     6.001, 12,      27.1828, 90};
constexpr int64_t kRows = 3;
constexpr int64_t kColumns = 8;
static_assert(std::size(kNumbers) == kRows * kColumns);

// An activation that draws has the same draws every time.
constexpr double kSeed = 7;

EvaluationRequest RequestFor(const Activation& activation, const TensorView& input) {
  EvaluationRequest request{
      .activation = activation.spec->name, .inputs = {input}, .quantities = activation.quantities};
  for (const auto& parameter : activation.spec->parameters) {
    if (parameter.type != ParameterType::kSeed) continue;
    request.arguments.push_back({parameter.name, kSeed, {}});
  }
  return request;
}

// FNV-1a, by words.
uint64_t Mix(uint64_t digest, uint64_t word) {
  constexpr uint64_t kPrime = 0x100000001b3;
  return (digest ^ word) * kPrime;
}

uint64_t DigestOf(uint64_t digest, ElementType type, const std::vector<std::byte>& results) {
  for (size_t at = 0; at < results.size(); at += SizeOf(type)) {
    const double value = LoadElement(type, results.data() + at);
    digest = Mix(digest, std::isnan(value) ? 1 : std::bit_cast<uint64_t>(value));
  }
  return digest;
}

uint64_t Compute(Engine& engine, const Catalogue& catalogue, const Activation& activation,
                 ElementType type) {
  std::vector<std::byte> input(std::size(kNumbers) * SizeOf(type));
  for (size_t i = 0; i < std::size(kNumbers); ++i) {
    StoreElement(type, kNumbers[i], input.data() + i * SizeOf(type));
  }
  const TensorView view{type, {kRows, kColumns}, absl::MakeConstSpan(input)};
  absl::StatusOr<Evaluation> evaluation = Bind(catalogue, RequestFor(activation, view));
  if (!evaluation.ok()) return 0;
  std::vector<std::vector<std::byte>> results;
  Job job{*std::move(evaluation), {}};
  for (const OutputDescription& output : job.evaluation.outputs) results.emplace_back(output.bytes);
  for (std::vector<std::byte>& result : results) job.outputs.push_back(result.data());
  if (!engine.Run({&job, 1}, {}).ok()) return 0;
  uint64_t digest = 0xcbf29ce484222325;
  for (size_t i = 0; i < results.size(); ++i) {
    digest = DigestOf(digest, job.evaluation.outputs[i].type, results[i]);
  }
  return digest;
}

}  // namespace

std::vector<KnownAnswer> ComputeAnswers(const Catalogue& catalogue) {
  Engine engine({.threads = 1});
  std::vector<KnownAnswer> answers;
  for (const Activation& activation : catalogue.All()) {
    KnownAnswer& answer = answers.emplace_back(KnownAnswer{activation.spec->name, {}});
    for (size_t type = 0; type < kElementTypes; ++type) {
      answer.digests[type] = Compute(engine, catalogue, activation, static_cast<ElementType>(type));
    }
  }
  return answers;
}

absl::Status CompareAnswers(absl::Span<const KnownAnswer> answers,
                            absl::Span<const KnownAnswer> expected) {
  if (answers.size() != expected.size()) {
    return absl::InternalError("the table of known answers is of another catalogue");
  }
  for (size_t i = 0; i < answers.size(); ++i) {
    for (size_t type = 0; type < kElementTypes; ++type) {
      const uint64_t digest = answers[i].digests[type], wanted = expected[i].digests[type];
      if (answers[i].activation == expected[i].activation && digest == wanted) continue;
      return absl::InternalError(absl::StrCat(
          "a known answer is not met: the results of ", answers[i].activation, " in ",
          Name(static_cast<ElementType>(type)), " have the digest ",
          absl::Hex(digest, absl::kZeroPad16), ", not ", absl::Hex(wanted, absl::kZeroPad16)));
    }
  }
  return absl::OkStatus();
}

absl::Status CheckKnownAnswers(const Catalogue& catalogue) {
  return CompareAnswers(ComputeAnswers(catalogue), kKnownAnswers);
}

}  // namespace rectifier
