#include "core/catalogue.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
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
  EXPECT_THAT(Catalogue::Best().Find("gleu").status().ToString(), HasSubstr("\"gelu\""));
  EXPECT_THAT(Catalogue::Best().Find("rleu").status().ToString(), HasSubstr("\"relu\""));
}

TEST(CatalogueTest, FindIsNotHeldUpByAHostileName) {
  EXPECT_FALSE(Catalogue::Best().Find(std::string(1 << 20, 'g')).ok());
  EXPECT_FALSE(Catalogue::Best().Find("").ok());
}

bool AreNamesOf(const Spec& spec, const Names& names) {
  return std::all_of(names.begin(), names.end(), [&spec](absl::string_view name) {
    return name == spec.name ||
           std::find(spec.aliases.begin(), spec.aliases.end(), name) != spec.aliases.end();
  });
}

// A module before the name is any: only what follows the last dot is looked up.
TEST(CatalogueTest, FindsNamesBehindTheirModules) {
  const Catalogue& catalogue = Catalogue::Best();
  for (const auto& [name, meant] : std::vector<std::pair<const char*, const char*>>{
           {"torch.nn.ReLU", "relu"},
           {"nn.relu", "relu"},
           {"tf.nn.relu", "relu"},
           {"jax.nn.relu", "relu"},
           {"F.relu", "relu"},
           {"torch.nn.functional.hardtanh", "hard_tanh"},
           {"keras.activations.relu", "relu"},
           {"keras.layers.LeakyReLU", "leaky_relu"},
           {"torch.clamp", "clip"},
           {"jnp.clip", "clip"},
           {"tf.clip_by_value", "clip"}}) {
    const auto found = catalogue.Find(name);
    ASSERT_TRUE(found.ok()) << name << ": " << found.status();
    EXPECT_EQ((*found)->spec->name, meant) << name;
  }
  EXPECT_FALSE(catalogue.Find("relu.").ok());
  EXPECT_THAT(catalogue.Find("torch.nn.RelLU").status().ToString(), HasSubstr("\"relu\""));
}

TEST(CatalogueTest, FindPointsToWhatOthersCallByAnotherName) {
  EXPECT_THAT(Catalogue::Best().Find("mul_and_silu").status().ToString(),
              HasSubstr("it is \"swiglu\" with gate=second"));
}

TEST(CatalogueTest, OtherNamesAreNoNamesOfTheCatalogue) {
  const Catalogue& catalogue = Catalogue::Best();
  for (const Activation& activation : catalogue.All()) {
    for (const OtherName& other : activation.spec->other_names) {
      EXPECT_FALSE(catalogue.Find(other.name).ok()) << other.name;
    }
  }
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
      EXPECT_TRUE(preset.framework.empty() || IsFramework(preset.framework)) << preset.framework;
      const auto parameter =
          std::find_if(spec.parameters.begin(), spec.parameters.end(),
                       [&](const Parameter& p) { return p.name == preset.parameter; });
      ASSERT_NE(parameter, spec.parameters.end()) << preset.parameter;
      const Setting& value = preset.value;
      if (value.kind == Setting::Kind::kNumber) {
        EXPECT_TRUE(parameter->range.Contains(value.number));
      }
      if (value.kind == Setting::Kind::kWord) {
        const bool is_known = std::find(parameter->words.begin(), parameter->words.end(),
                                        value.word) != parameter->words.end();
        EXPECT_TRUE(is_known ||
                    (parameter->type == ParameterType::kAxes && value.word == kAllAxesWord))
            << value.word;
      }
      EXPECT_TRUE(!preset.framework.empty() || !preset.names.empty()) << "else it is the default";
      EXPECT_TRUE(AreNamesOf(spec, preset.names));
    }
    EXPECT_TRUE(AreNamesOf(spec, spec.exact_names));
  }
}

// Where a derivative has two limits at a kink, its value there is a convention.
TEST(CatalogueTest, SaysWhatSecondDerivativesAreAtAKink) {
  for (const char* name : {"abs", "relu_squared", "sparse_plus", "elu", "elu_tensorflow", "celu",
                           "selu", "selu_tensorflow", "pelu", "xielu", "isrlu", "softsign",
                           "hard_swish", "gelu_clipped", "softplus"}) {
    const std::string conventions((*Catalogue::Best().Find(name))->spec->conventions);
    EXPECT_THAT(conventions, ::testing::ContainsRegex("second|derivatives are 0|others are 0"))
        << name;
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
    std::set<std::string> conditions;
    for (const Variant& named : spec.variants) {
      SCOPED_TRACE(absl::StrCat(spec.name, ", ", named.framework));
      EXPECT_TRUE(IsFramework(named.framework));
      EXPECT_TRUE(AreNamesOf(spec, named.names));
      EXPECT_TRUE(
          conditions.insert(absl::StrCat(named.framework, " ", absl::StrJoin(named.names, " ")))
              .second)
          << "twice";
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
  std::set<ElementwiseKernel> kernels;
  for (const std::string& target : Catalogue::Targets()) {
    const Activation* const relu = *(*Catalogue::ForTarget(target))->Find("relu");
    EXPECT_TRUE(kernels.insert(std::get<ElementwiseKernels>(relu->kernels).uniform[0]).second)
        << target;
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
  EXPECT_EQ(NearestName("abc", {"ab", "acb"}), "acb");
}

}  // namespace
}  // namespace rectifier
