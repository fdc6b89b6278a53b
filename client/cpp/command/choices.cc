#include "client/cpp/command/choices.h"

#include <CLI/CLI.hpp>
#include <map>
#include <optional>

#include "absl/algorithm/container.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "client/cpp/command/suggestion.h"

namespace rectifier::client {
namespace {

using Choices = std::vector<Choice>;

const std::map<absl::string_view, Choices>& AllChoices() {
  static const auto* const choices = new std::map<absl::string_view, Choices>{
      {"TYPE",
       {{"float16", {"f16", "fp16", "half"}},
        {"bfloat16", {"bf16"}},
        {"float32", {"f32", "fp32", "float", "single"}},
        {"float64", {"f64", "fp64", "double"}}}},
      {"QUANTITY",
       {{"value"}, {"gradient"}, {"second_derivative"}, {"parameter_gradients"}, {"all"}}},
      {"FRAMEWORK", {{"pytorch"}, {"jax"}, {"keras"}, {"onnx"}, {"tensorflow"}}},
      {"KIND", {{"elementwise"}, {"rows"}, {"pairs"}}},
      {"WHEN", {{"auto"}, {"always"}, {"never"}}},
      {"SHELL", {{"bash"}, {"zsh"}, {"fish"}}}};
  return *choices;
}

std::vector<std::string> NamesOf(absl::Span<const Choice> choices) {
  std::vector<std::string> names;
  for (const Choice& choice : choices) names.emplace_back(choice.name);
  return names;
}

bool IsNamed(const Choice& choice, absl::string_view given) {
  return choice.name == given || absl::c_linear_search(choice.aliases, given);
}

// The one choice whose name begins so; nullopt where there are several or none.
std::optional<size_t> FindBeginning(absl::string_view given, absl::Span<const Choice> choices) {
  std::optional<size_t> found;
  for (size_t i = 0; i < choices.size(); ++i) {
    if (given.empty() || !absl::StartsWith(choices[i].name, given)) continue;
    if (found.has_value()) return std::nullopt;
    found = i;
  }
  return found;
}

}  // namespace

absl::Span<const Choice> ChoicesOf(absl::string_view placeholder) {
  const auto found = AllChoices().find(placeholder);
  return found == AllChoices().end() ? absl::Span<const Choice>() : found->second;
}

size_t Choose(const std::string& option, const std::string& given,
              absl::Span<const Choice> choices) {
  for (size_t i = 0; i < choices.size(); ++i) {
    if (IsNamed(choices[i], given)) return i;
  }
  if (const auto beginning = FindBeginning(given, choices)) return *beginning;
  const std::vector<std::string> names = NamesOf(choices);
  throw CLI::ValidationError(
      option, absl::StrCat("'", given, "' is not one of ", absl::StrJoin(names, ", "),
                           Suggest(given, names)));
}

std::string JoinChoices(absl::string_view placeholder) {
  return absl::StrJoin(NamesOf(ChoicesOf(placeholder)), ", ");
}

}  // namespace rectifier::client
