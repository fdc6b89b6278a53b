#include "server/wire/describe.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/accuracy.h"
#include "server/wire/proto_enums.h"

namespace rectifier {
namespace {

using ::testing::ElementsAre;
using ::testing::IsSupersetOf;

TEST(DescribeTest, CatalogueIsDescribedWholeAndInOrder) {
  const absl::Span<const Activation> all = Catalogue::Best().All();
  const v1::ListActivationsResponse response = DescribeCatalogue(Catalogue::Best());
  ASSERT_EQ(response.activations_size(), static_cast<int>(all.size()));
  for (size_t i = 0; i < all.size(); ++i) {
    const v1::ActivationDescription& described = response.activations(static_cast<int>(i));
    EXPECT_EQ(described.name(), all[i].spec->name);
    EXPECT_EQ(described.parameters_size(), static_cast<int>(all[i].spec->parameters.size()));
    EXPECT_NE(described.kind(), v1::ACTIVATION_KIND_UNSPECIFIED);
    EXPECT_FALSE(described.formula().empty()) << described.name();
    EXPECT_FALSE(described.summary().empty()) << described.name();
    EXPECT_THAT(described.quantities(), IsSupersetOf({v1::QUANTITY_VALUE})) << described.name();
    EXPECT_EQ(described.accuracies_size(), 4 * described.quantities_size());
  }
}

TEST(DescribeTest, ParametersSayWhatTheyTake) {
  const v1::ListActivationsResponse response = DescribeCatalogue(Catalogue::Best());
  const auto find = [&response](const std::string& activation, const std::string& parameter) {
    for (const auto& described : response.activations()) {
      if (described.name() != activation) continue;
      for (const auto& candidate : described.parameters()) {
        if (candidate.name() == parameter) return candidate;
      }
    }
    ADD_FAILURE() << activation << " has no parameter " << parameter;
    return v1::ParameterDescription();
  };
  const v1::ParameterDescription beta = find("softplus", "beta");
  EXPECT_EQ(beta.type(), v1::PARAMETER_TYPE_NUMBER);
  EXPECT_EQ(beta.default_number(), 1);
  EXPECT_EQ(beta.range(), "[1e-100, 1e+100]");
  EXPECT_TRUE(beta.learnable());
  EXPECT_EQ(beta.shape(), v1::PARAMETER_SHAPE_INPUT);
  const v1::ParameterDescription axis = find("softmax", "axis");
  EXPECT_EQ(axis.type(), v1::PARAMETER_TYPE_AXES);
  EXPECT_EQ(axis.default_number(), -1);
  EXPECT_EQ(axis.shape(), v1::PARAMETER_SHAPE_LIST);
  EXPECT_EQ(find("softmax", "temperature").shape(), v1::PARAMETER_SHAPE_ROWS);
  EXPECT_EQ(find("softmax", "bias").shape(), v1::PARAMETER_SHAPE_INPUT);
  EXPECT_EQ(find("maxout", "pieces").shape(), v1::PARAMETER_SHAPE_SCALAR);
  const v1::ParameterDescription gate = find("glu", "gate");
  EXPECT_EQ(gate.type(), v1::PARAMETER_TYPE_WORD);
  EXPECT_THAT(gate.words(), ::testing::Contains(gate.default_word()));
  EXPECT_TRUE(gate.range().empty());
  EXPECT_EQ(gate.shape(), v1::PARAMETER_SHAPE_SCALAR);
  const v1::ParameterDescription mask = find("softmax", "mask");
  EXPECT_EQ(mask.type(), v1::PARAMETER_TYPE_MASK);
  EXPECT_TRUE(mask.range().empty());
  EXPECT_FALSE(mask.learnable());
  EXPECT_EQ(mask.shape(), v1::PARAMETER_SHAPE_INPUT);
}

TEST(DescribeTest, EveryBoundSaysHowItIsKnown) {
  const absl::Span<const Activation> all = Catalogue::Best().All();
  const v1::ListActivationsResponse response = DescribeCatalogue(Catalogue::Best());
  for (size_t i = 0; i < all.size(); ++i) {
    for (const v1::Accuracy& accuracy : response.activations(static_cast<int>(i)).accuracies()) {
      const ErrorBound bound = ErrorBoundOf(*all[i].spec, *FromProto(accuracy.quantity()),
                                            *FromProto(accuracy.element_type()));
      EXPECT_EQ(accuracy.max_ulp(), bound.max_ulp) << all[i].spec->name;
      EXPECT_NE(accuracy.evidence(), v1::ACCURACY_EVIDENCE_UNSPECIFIED) << all[i].spec->name;
      EXPECT_EQ(accuracy.evidence() == v1::ACCURACY_EVIDENCE_EXHAUSTIVE,
                bound.evidence == Evidence::kExhaustive)
          << all[i].spec->name;
      EXPECT_EQ(accuracy.has_correctly_rounded(), bound.correctly_rounded.has_value());
    }
  }
}

TEST(DescribeTest, PresetsGiveADefaultOrNameAnotherActivation) {
  const v1::ListActivationsResponse response = DescribeCatalogue(Catalogue::Best());
  bool found = false;
  for (const v1::ActivationDescription& described : response.activations()) {
    for (const v1::Preset& preset : described.presets()) {
      EXPECT_NE(preset.parameter().empty(), preset.activation().empty()) << described.name();
      found = found || (described.name() == "gelu" && preset.framework() == "jax" &&
                        preset.activation() == "gelu_tanh");
    }
  }
  EXPECT_TRUE(found);
}

TEST(DescribeTest, PresetsSayWhichNamesTheyHoldFor) {
  const v1::ListActivationsResponse response = DescribeCatalogue(Catalogue::Best());
  bool slope = false, axis = false, exact = false, other = false;
  for (const v1::ActivationDescription& described : response.activations()) {
    for (const v1::Preset& preset : described.presets()) {
      slope = slope || (described.name() == "leaky_relu" && preset.framework() == "keras" &&
                        preset.number() == 0.3 && preset.names_size() == 1 &&
                        preset.names(0) == "LeakyReLU");
      axis = axis || (described.name() == "prelu" && preset.framework() == "pytorch" &&
                      preset.parameter() == "weight" && preset.tensor_axis() == 1);
    }
    exact = exact || (described.name() == "gelu" && described.exact_names_size() == 2);
    other = other || (described.name() == "swiglu" && described.other_names_size() == 1 &&
                      described.other_names(0).arguments() == "gate=second");
  }
  EXPECT_TRUE(slope);
  EXPECT_TRUE(axis);
  EXPECT_TRUE(exact);
  EXPECT_TRUE(other);
}

TEST(DescribeTest, ServerInfoCarriesEveryLimit) {
  const Limits limits = {.max_message_bytes = 1,
                         .max_elements = 2,
                         .max_values = 17,
                         .max_tensors = 3,
                         .max_evaluations = 4,
                         .max_arguments = 5,
                         .max_rank = 6,
                         .max_inflight_bytes = 7,
                         .max_inflight_bytes_per_connection = 14,
                         .max_inflight_calls = 8,
                         .max_inflight_calls_per_connection = 15,
                         .max_streams = 12,
                         .max_streams_per_connection = 16,
                         .max_buffer_bytes = 10,
                         .max_buffer_bytes_per_connection = 11,
                         .max_buffer_connections = 13};
  const v1::GetServerInfoResponse info = DescribeServer({.version = "1.2.3",
                                                         .cpu_target = "AVX2",
                                                         .threads = 9,
                                                         .transports = {"tcp", "unix"},
                                                         .buffers_socket = "/run/s.sock.buffers"},
                                                        limits);
  EXPECT_EQ(info.version(), "1.2.3");
  EXPECT_EQ(info.cpu_target(), "AVX2");
  EXPECT_EQ(info.threads(), 9u);
  EXPECT_THAT(info.transports(), ElementsAre("tcp", "unix"));
  EXPECT_EQ(info.limits().max_message_bytes(), 1u);
  EXPECT_EQ(info.limits().max_elements(), 2u);
  EXPECT_EQ(info.limits().max_tensors(), 3u);
  EXPECT_EQ(info.limits().max_evaluations(), 4u);
  EXPECT_EQ(info.limits().max_arguments(), 5u);
  EXPECT_EQ(info.limits().max_rank(), 6u);
  EXPECT_EQ(info.limits().max_inflight_bytes(), 7u);
  EXPECT_EQ(info.limits().max_inflight_calls(), 8u);
  EXPECT_EQ(info.limits().max_buffer_bytes(), 10u);
  EXPECT_EQ(info.limits().max_buffer_bytes_per_connection(), 11u);
  EXPECT_EQ(info.limits().max_streams(), 12u);
  EXPECT_EQ(info.limits().max_buffer_connections(), 13u);
  EXPECT_EQ(info.limits().max_inflight_bytes_per_connection(), 14u);
  EXPECT_EQ(info.limits().max_inflight_calls_per_connection(), 15u);
  EXPECT_EQ(info.limits().max_streams_per_connection(), 16u);
  EXPECT_EQ(info.limits().max_values(), 17u);
  // One that is not given a value above would be its default here, so that none can be forgotten.
  EXPECT_EQ(v1::Limits::descriptor()->field_count(), 16);
  EXPECT_EQ(info.buffers_socket(), "/run/s.sock.buffers");
}

TEST(ProtoEnumsTest, EveryElementTypeAndQuantityGoesThereAndBack) {
  for (const ElementType type : kAllElementTypes) EXPECT_EQ(FromProto(ToProto(type)), type);
  for (const Quantity quantity : kAllQuantities) {
    EXPECT_EQ(FromProto(ToProto(quantity)), quantity);
  }
  EXPECT_EQ(FromProto(v1::ELEMENT_TYPE_UNSPECIFIED), std::nullopt);
  EXPECT_EQ(FromProto(static_cast<v1::Quantity>(77)), std::nullopt);
}

}  // namespace
}  // namespace rectifier
