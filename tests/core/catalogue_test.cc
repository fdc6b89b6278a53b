#include "core/catalogue.h"

#include <algorithm>
#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "core/accuracy.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace rectifier {
namespace {

using ::testing::HasSubstr;

bool IsFramework(absl::string_view name) {
  return std::find(std::begin(kFrameworks), std::end(kFrameworks), name) != std::end(kFrameworks);
}

TEST(CatalogueTest, HasNoNameOrAliasTwice) {
  std::set<absl::string_view> names;
  for (const Activation& activation : Catalogue::Best().All()) {
    EXPECT_TRUE(names.insert(activation.spec->name).second) << activation.spec->name;
    for (absl::string_view alias : activation.spec->aliases) {
      EXPECT_TRUE(names.insert(alias).second) << alias << " of " << activation.spec->name;
    }
  }
}

TEST(CatalogueTest, FindsEveryNameAndAlias) {
  const Catalogue& catalogue = Catalogue::Best();
  for (const Activation& activation : catalogue.All()) {
    EXPECT_EQ(*catalogue.Find(activation.spec->name), &activation);
    for (absl::string_view alias : activation.spec->aliases) {
      EXPECT_EQ(*catalogue.Find(alias), &activation) << alias;
    }
  }
}

TEST(CatalogueTest, FindReturnsNotFoundForAnUnknownName) {
  const auto found = Catalogue::Best().Find("no such thing at all");
  EXPECT_EQ(found.status().code(), absl::StatusCode::kNotFound);
}

TEST(CatalogueTest, FindSuggestsTheNearestName) {
  for (const char* name : {"gelo", "GELUE", "gelus"}) {
    EXPECT_THAT(Catalogue::Best().Find(name).status().ToString(), HasSubstr("gelu")) << name;
  }
  EXPECT_THAT(Catalogue::Best().Find("soft_max").status().ToString(), HasSubstr("softmax"));
}

TEST(CatalogueTest, FindIsNotHeldUpByAHostileName) {
  EXPECT_FALSE(Catalogue::Best().Find(std::string(1 << 20, 'g')).ok());
  EXPECT_FALSE(Catalogue::Best().Find("").ok());
}

TEST(CatalogueTest, EverySpecIsComplete) {
  for (const Activation& activation : Catalogue::Best().All()) {
    const Spec& spec = *activation.spec;
    SCOPED_TRACE(std::string(spec.name));
    EXPECT_FALSE(spec.summary.empty());
    EXPECT_FALSE(spec.formula.empty());
    EXPECT_FALSE(spec.source.empty());
    EXPECT_FALSE(activation.family.empty());
    EXPECT_TRUE(activation.quantities.Has(Quantity::kValue));
    EXPECT_TRUE(activation.quantities.Has(Quantity::kGradient));
    for (const Parameter& parameter : spec.parameters) {
      SCOPED_TRACE(std::string(parameter.name));
      EXPECT_FALSE(parameter.summary.empty());
      EXPECT_EQ(parameter.type == ParameterType::kWord, !parameter.words.empty());
      if (parameter.type != ParameterType::kWord) {
        EXPECT_TRUE(parameter.range.Contains(parameter.default_value));
      }
    }
    for (const Preset& preset : spec.presets) {
      EXPECT_TRUE(IsFramework(preset.framework)) << preset.framework;
      const auto parameter =
          std::find_if(spec.parameters.begin(), spec.parameters.end(),
                       [&](const Parameter& p) { return p.name == preset.parameter; });
      ASSERT_NE(parameter, spec.parameters.end()) << preset.parameter;
      EXPECT_TRUE(parameter->range.Contains(preset.value));
    }
  }
}

const Parameter* FindParameter(const Spec& spec, absl::string_view name) {
  const auto found = std::find_if(spec.parameters.begin(), spec.parameters.end(),
                                  [name](const Parameter& p) { return p.name == name; });
  return found == spec.parameters.end() ? nullptr : found;
}

// Bind relies on this: a variant stands in for the activation named, whose presets hold for it.
TEST(CatalogueTest, AVariantCanStandInForItsActivation) {
  const Catalogue& catalogue = Catalogue::Best();
  for (const Activation& activation : catalogue.All()) {
    const Spec& spec = *activation.spec;
    std::set<absl::string_view> frameworks;
    for (const Variant& named : spec.variants) {
      SCOPED_TRACE(absl::StrCat(spec.name, ", ", named.framework));
      EXPECT_TRUE(IsFramework(named.framework));
      EXPECT_TRUE(frameworks.insert(named.framework).second) << "twice";
      const auto variant = catalogue.Find(named.activation);
      ASSERT_TRUE(variant.ok()) << named.activation;
      EXPECT_EQ((*variant)->spec->name, named.activation) << "by an alias";
      EXPECT_NE(*variant, &activation);
      EXPECT_EQ((*variant)->kind(), activation.kind());
      for (const Quantity quantity :
           {Quantity::kValue, Quantity::kGradient, Quantity::kSecondDerivative}) {
        EXPECT_EQ((*variant)->quantities.Has(quantity), activation.quantities.Has(quantity));
      }
      for (const Parameter& parameter : (*variant)->spec->parameters) {
        const Parameter* const original = FindParameter(spec, parameter.name);
        ASSERT_NE(original, nullptr) << parameter.name;
        EXPECT_EQ(parameter.type, original->type) << parameter.name;
        EXPECT_EQ(parameter.learnable, original->learnable) << parameter.name;
      }
    }
  }
}

TEST(CatalogueTest, ElementwiseActivationsOfferAGradientForEveryParameter) {
  for (const Activation& activation : Catalogue::Best().All()) {
    if (activation.kind() != Kind::kElementwise) continue;
    EXPECT_EQ(activation.quantities.Has(Quantity::kParameterGradient),
              !activation.spec->parameters.empty())
        << activation.spec->name;
    EXPECT_TRUE(activation.quantities.Has(Quantity::kSecondDerivative)) << activation.spec->name;
  }
}

TEST(CatalogueTest, EveryStatedF32BoundIsAtMostTwoUlp) {
  for (const Activation& activation : Catalogue::Best().All()) {
    const Spec& spec = *activation.spec;
    for (const Quantity quantity : kAllQuantities) {
      if (!activation.quantities.Has(quantity)) continue;
      EXPECT_LE(MaxUlp(spec, quantity, ElementType::kFloat32), 2) << spec.name;
      if (MaxUlp(spec, quantity, ElementType::kFloat64) > 2) {
        EXPECT_FALSE(spec.accuracy.note.empty()) << spec.name << " must say why";
      }
    }
  }
}

TEST(CatalogueTest, EveryTargetOfThisMachineHasTheWholeCatalogue) {
  ASSERT_FALSE(Catalogue::Targets().empty());
  for (const std::string& target : Catalogue::Targets()) {
    const auto catalogue = Catalogue::ForTarget(target);
    ASSERT_TRUE(catalogue.ok()) << catalogue.status();
    EXPECT_EQ((*catalogue)->target(), target);
    EXPECT_EQ((*catalogue)->All().size(), Catalogue::Best().All().size());
  }
}

// Kernels of different targets are different code: a forced target took effect.
TEST(CatalogueTest, TargetsHaveKernelsOfTheirOwn) {
  std::set<MapKernel> kernels;
  for (const std::string& target : Catalogue::Targets()) {
    const Activation* const relu = *(*Catalogue::ForTarget(target))->Find("relu");
    EXPECT_TRUE(kernels.insert(std::get<MapKernels>(relu->kernels).uniform[0]).second) << target;
  }
}

TEST(CatalogueTest, AnUnknownTargetIsRefusedWithThoseThereAre) {
  const auto catalogue = Catalogue::ForTarget("AVX9000");
  EXPECT_EQ(catalogue.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(catalogue.status().ToString(), HasSubstr(Catalogue::Targets().front()));
}

TEST(NearestNameTest, NothingIsNearToSomethingElse) {
  EXPECT_EQ(NearestName("beta", {"alpha", "b"}), "");
  EXPECT_EQ(NearestName("bta", {"alpha", "beta"}), "beta");
}

}  // namespace
}  // namespace rectifier
