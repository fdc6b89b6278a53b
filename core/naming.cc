#include "core/naming.h"

#include <algorithm>

namespace rectifier {
namespace {

bool Has(const Names& names, absl::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// The preset that fits best and sets a tensor's axis, or does not; null where none fits.
const Preset* FindPreset(const Spec& spec, absl::string_view name, absl::string_view framework,
                         absl::string_view parameter, bool is_axis) {
  const Preset* best = nullptr;
  int best_fit = 0;
  for (const Preset& preset : spec.presets) {
    if (preset.parameter != parameter) continue;
    if ((preset.value.kind == Setting::Kind::kTensorAxis) != is_axis) continue;
    const int fit = FitOf(preset.framework, preset.names, framework, name);
    if (fit > best_fit) {
      best = &preset;
      best_fit = fit;
    }
  }
  return best;
}

// Arguments of other libraries that say what is said here by another name, or by none.
struct Hint {
  absl::string_view argument;
  absl::string_view activation;  // of the hint; empty: of any
  absl::string_view text;
};
constexpr Hint kHints[] = {
    {"approximate", "gelu",
     "leave it out for the exact function; the tanh approximation is the activation \"gelu_tanh\""},
    {"approximate", "geglu", "its gelu is the exact function"},
    {"inplace", "",
     "leave it out; a destination in a shared buffer that is the input's own region "
     "is computed in place"},
    {"training", "rrelu", "leave it out for evaluation; for training give a seed"},
    {"max_value", "relu", "the ReLU with these parameters is the activation \"relu_general\""},
    {"negative_slope", "relu", "the ReLU with these parameters is the activation \"relu_general\""},
    {"threshold", "relu", "the ReLU with these parameters is the activation \"relu_general\""},
    {"dtype", "", "results have the input's element type"},
    {"num_parameters", "prelu", "a weight for each channel is a tensor: the argument \"weight\""},
    {"init", "prelu", "the slope itself is the argument \"weight\""},
    {"shared_axes", "prelu", "a weight that is shared along axes has the size 1 there"},
    {"tau", "gumbel_softmax", "it is called \"temperature\""},
};

}  // namespace

const Variant* FindVariant(const Spec& spec, absl::string_view name, absl::string_view framework) {
  const Variant* best = nullptr;
  int best_fit = 0;
  for (const Variant& variant : spec.variants) {
    if (variant.names.empty() && Has(spec.exact_names, name)) continue;
    const int fit = FitOf(variant.framework, variant.names, framework, name);
    if (fit > best_fit) {
      best = &variant;
      best_fit = fit;
    }
  }
  return best;
}

Setting DefaultOf(const Spec& spec, absl::string_view name, absl::string_view framework,
                  absl::string_view parameter) {
  if (const Preset* const preset = FindPreset(spec, name, framework, parameter, false)) {
    return preset->value;
  }
  const Parameter& declared =
      *std::find_if(spec.parameters.begin(), spec.parameters.end(),
                    [parameter](const Parameter& p) { return p.name == parameter; });
  Setting setting = declared.default_value;
  if (declared.type == ParameterType::kWord) {
    setting.kind = Setting::Kind::kWord;
    setting.word = declared.words[0];
  }
  return setting;
}

std::optional<int> TensorAxisOf(const Spec& spec, absl::string_view name,
                                absl::string_view framework, absl::string_view parameter) {
  const Preset* const preset = FindPreset(spec, name, framework, parameter, true);
  if (preset == nullptr) return std::nullopt;
  return static_cast<int>(preset->value.number);
}

std::string HintOn(const Spec& spec, absl::string_view argument) {
  for (const Hint& hint : kHints) {
    if (hint.argument == argument && (hint.activation.empty() || hint.activation == spec.name)) {
      return std::string(hint.text);
    }
  }
  return "";
}

}  // namespace rectifier
