// What a word that nobody knows was meant to be.
#ifndef RECTIFIER_CLIENT_CPP_COMMAND_SUGGESTION_H_
#define RECTIFIER_CLIENT_CPP_COMMAND_SUGGESTION_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace rectifier::client {

// How many letters are to be added, left out, replaced, or exchanged with their neighbour, to make
// one word of the other.
size_t EditDistance(absl::string_view a, absl::string_view b);

// "; did you mean 'gelu'?" with the nearest of the known words; "" where none is near.
std::string Suggest(absl::string_view given, const std::vector<std::string>& known);

}  // namespace rectifier::client

#endif  // RECTIFIER_CLIENT_CPP_COMMAND_SUGGESTION_H_
