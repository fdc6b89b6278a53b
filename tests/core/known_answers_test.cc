#include "core/known_answers.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace rectifier {
namespace {

using ::testing::HasSubstr;

TEST(KnownAnswersTest, AreMetOnEveryTarget) {
  for (const std::string& target : Catalogue::Targets()) {
    const absl::Status status = CheckKnownAnswers(**Catalogue::ForTarget(target));
    EXPECT_TRUE(status.ok()) << target << ": " << status;
  }
}

TEST(KnownAnswersTest, CoverEveryActivationInEveryType) {
  for (const KnownAnswer& answer : ComputeAnswers(Catalogue::Best())) {
    EXPECT_THAT(answer.digests, ::testing::Each(::testing::Ne(0u))) << answer.activation;
  }
}

TEST(KnownAnswersTest, SayWhichOneIsNotMet) {
  const std::vector<KnownAnswer> expected = ComputeAnswers(Catalogue::Best());
  std::vector<KnownAnswer> answers = expected;
  answers[3].digests[1] ^= 1;
  const absl::Status status = CompareAnswers(answers, expected);
  EXPECT_EQ(status.code(), absl::StatusCode::kInternal);
  EXPECT_THAT(std::string(status.message()), HasSubstr(std::string(answers[3].activation)));
  EXPECT_FALSE(CompareAnswers({}, expected).ok());
}

}  // namespace
}  // namespace rectifier
