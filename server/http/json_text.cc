#include "server/http/json_text.h"

#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <limits>

namespace rectifier::http {
namespace {

constexpr char kNaN[] = "NaN", kInfinity[] = "Infinity", kMinusInfinity[] = "-Infinity";

template <class Number>
void AppendNumber(Number number, std::string* json) {
  if (!std::isfinite(number)) {
    const char* const word = std::isnan(number) ? kNaN : number > 0 ? kInfinity : kMinusInfinity;
    *json += '"';
    *json += word;
    *json += '"';
    return;
  }
  if (number == 0 && std::signbit(number)) {  // readers take "-0" for a whole number
    *json += "-0.0";
    return;
  }
  char text[32];
  const auto end = std::to_chars(text, text + sizeof(text), number).ptr;
  json->append(text, static_cast<size_t>(end - text));
}

// std::from_chars says the same of what is too large and of what is too small, which is zero or
// nearly so.
template <class Number>
std::optional<Number> WithoutRange(const std::string& text) {
  const Number number = sizeof(Number) == sizeof(float)
                            ? static_cast<Number>(std::strtof(text.c_str(), nullptr))
                            : static_cast<Number>(std::strtod(text.c_str(), nullptr));
  if (std::isinf(number)) return std::nullopt;
  return number;
}

template <class Number>
std::optional<Number> Parse(absl::string_view text) {
  Number number;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool is_whole = end == text.data() + text.size();
  if (error == std::errc() && is_whole && std::isfinite(number)) return number;
  if (error == std::errc::result_out_of_range && is_whole) {
    return WithoutRange<Number>(std::string(text));
  }
  if (text == kNaN) return std::numeric_limits<Number>::quiet_NaN();
  if (text == kInfinity) return std::numeric_limits<Number>::infinity();
  if (text == kMinusInfinity) return -std::numeric_limits<Number>::infinity();
  return std::nullopt;
}

}  // namespace

void AppendJson(absl::string_view text, std::string* json) {
  *json += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      *json += '\\';
      *json += c;
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
      char escape[8];
      std::snprintf(escape, sizeof(escape), "\\u%04x", static_cast<unsigned>(c));
      *json += escape;
    } else {
      *json += c;
    }
  }
  *json += '"';
}

void AppendJson(double number, std::string* json) { AppendNumber(number, json); }
void AppendJson(float number, std::string* json) { AppendNumber(number, json); }

std::optional<double> ParseDouble(absl::string_view text) { return Parse<double>(text); }
std::optional<float> ParseFloat(absl::string_view text) { return Parse<float>(text); }

}  // namespace rectifier::http
