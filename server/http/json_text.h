// Values as JSON's text. Numbers have the fewest digits that tell them from all others; those that
// JSON has no word for are the strings "NaN", "Infinity" and "-Infinity", as in protobuf's JSON.
#ifndef RECTIFIER_SERVER_HTTP_JSON_TEXT_H_
#define RECTIFIER_SERVER_HTTP_JSON_TEXT_H_

#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace rectifier::http {

void AppendJson(absl::string_view text, std::string* json);
void AppendJson(double number, std::string* json);
void AppendJson(float number, std::string* json);

// A number's text, or one of the strings above, to the nearest double (float). Nothing where it is
// neither, or beyond the largest.
std::optional<double> ParseDouble(absl::string_view text);
std::optional<float> ParseFloat(absl::string_view text);

}  // namespace rectifier::http

#endif  // RECTIFIER_SERVER_HTTP_JSON_TEXT_H_
