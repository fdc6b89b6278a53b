#include "core/accuracy.h"

#include "core/accuracy_table.h"
#include "core/catalogue.h"
#include "gtest/gtest.h"

namespace rectifier {
namespace {

TEST(AccuracyTest, EveryRowOfTheTableIsAboutSomethingThatIsOffered) {
  for (const AccuracyRow& row : kAccuracyTable) {
    SCOPED_TRACE(std::string(row.activation));
    const auto activation = Catalogue::Best().Find(row.activation);
    ASSERT_TRUE(activation.ok());
    EXPECT_EQ((*activation)->spec->name, row.activation);
    EXPECT_TRUE((*activation)->quantities.Has(row.quantity));
    EXPECT_NE(row.bound.evidence, Evidence::kStated);
    EXPECT_GE(row.bound.max_ulp, 0);
  }
}

TEST(AccuracyTest, TheTableIsAskedFirst) {
  for (const AccuracyRow& row : kAccuracyTable) {
    const Spec& spec = *(*Catalogue::Best().Find(row.activation))->spec;
    const ErrorBound bound = ErrorBoundOf(spec, row.quantity, row.type);
    EXPECT_EQ(bound.max_ulp, row.bound.max_ulp);
    EXPECT_EQ(bound.evidence, row.bound.evidence);
    EXPECT_EQ(bound.correctly_rounded, row.bound.correctly_rounded);
  }
}

TEST(AccuracyTest, WithoutARowTheSpecIsBelieved) {
  const Spec spec = {.name = "no such activation",
                     .accuracy = {.value = {.f64 = 1, .f32 = 2, .f16 = 3, .bf16 = 4},
                                  .gradient = {.f64 = 5},
                                  .second_derivative = {.f32 = 6},
                                  .parameter_gradient = {.bf16 = 7}}};
  EXPECT_EQ(MaxUlp(spec, Quantity::kValue, ElementType::kFloat64), 1);
  EXPECT_EQ(MaxUlp(spec, Quantity::kValue, ElementType::kFloat32), 2);
  EXPECT_EQ(MaxUlp(spec, Quantity::kValue, ElementType::kFloat16), 3);
  EXPECT_EQ(MaxUlp(spec, Quantity::kValue, ElementType::kBFloat16), 4);
  EXPECT_EQ(MaxUlp(spec, Quantity::kGradient, ElementType::kFloat64), 5);
  EXPECT_EQ(MaxUlp(spec, Quantity::kSecondDerivative, ElementType::kFloat32), 6);
  EXPECT_EQ(MaxUlp(spec, Quantity::kParameterGradient, ElementType::kBFloat16), 7);
  const ErrorBound bound = ErrorBoundOf(spec, Quantity::kGradient, ElementType::kFloat16);
  EXPECT_EQ(bound.evidence, Evidence::kStated);
  EXPECT_FALSE(bound.correctly_rounded.has_value());
}

}  // namespace
}  // namespace rectifier
