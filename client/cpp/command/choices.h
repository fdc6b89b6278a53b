// The words that options take: one list for parsing, help, shell completion and the man page.
#ifndef RECTIFIER_CLIENT_CPP_COMMAND_CHOICES_H_
#define RECTIFIER_CLIENT_CPP_COMMAND_CHOICES_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace rectifier::client {

struct Choice {
  absl::string_view name;
  std::vector<absl::string_view> aliases = {};  // which help does not list
};

// The words of an option's value, by its placeholder in the help: "TYPE" is float16, bfloat16, ...
// They are empty where the value is free.
absl::Span<const Choice> ChoicesOf(absl::string_view placeholder);

// The index of the choice that `given` names: by its name, an alias, or the beginning of one name
// alone. Anything else is thrown as a CLI::ValidationError that names `option` and all choices.
size_t Choose(const std::string& option, const std::string& given,
              absl::Span<const Choice> choices);

// "float16, bfloat16, float32, float64".
std::string JoinChoices(absl::string_view placeholder);

}  // namespace rectifier::client

#endif  // RECTIFIER_CLIENT_CPP_COMMAND_CHOICES_H_
