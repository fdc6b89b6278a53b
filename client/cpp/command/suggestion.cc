#include "client/cpp/command/suggestion.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace rectifier::client {

size_t EditDistance(absl::string_view a, absl::string_view b) {
  // distances[i][j]: between the first i letters of `a` and the first j of `b`.
  std::vector<std::vector<size_t>> distances(a.size() + 1, std::vector<size_t>(b.size() + 1));
  for (size_t i = 0; i <= a.size(); ++i) {
    for (size_t j = 0; j <= b.size(); ++j) {
      if (i == 0 || j == 0) {
        distances[i][j] = i + j;
        continue;
      }
      size_t& distance = distances[i][j];
      distance = distances[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      distance = std::min({distance, distances[i - 1][j] + 1, distances[i][j - 1] + 1});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        distance = std::min(distance, distances[i - 2][j - 2] + 1);
      }
    }
  }
  return distances[a.size()][b.size()];
}

std::string Suggest(absl::string_view given, const std::vector<std::string>& known) {
  const std::string* nearest = nullptr;
  // A word that shares less than two thirds of its letters is another word.
  size_t least = given.size() / 3;
  for (const std::string& word : known) {
    const bool is_beginning = given.size() > 2 && absl::StartsWith(word, given);
    const size_t distance = is_beginning ? 1 : EditDistance(given, word);
    if (distance > least || (nearest != nullptr && distance == least)) continue;
    nearest = &word;
    least = distance;
  }
  return nearest == nullptr ? "" : absl::StrCat("; did you mean '", *nearest, "'?");
}

}  // namespace rectifier::client
