#include "client/cpp/files/text_tensor.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"

namespace rectifier::client {
namespace {

absl::Status InLine(int64_t line, absl::string_view problem) {
  return absl::InvalidArgumentError(absl::StrCat("line ", line, ": ", problem));
}

// Long words are cut, and what is not printable is escaped.
std::string Quoted(absl::string_view word) {
  constexpr size_t kMost = 24;
  const std::string escaped = absl::CHexEscape(word.substr(0, kMost));
  return absl::StrCat("'", escaped, word.size() > kMost ? "...'" : "'");
}

bool IsBlank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

// Takes the blanks, and at most one comma among them, off the front; whether there was a comma.
bool TakeSeparator(absl::string_view& rest) {
  bool has_comma = false;
  while (!rest.empty() && (IsBlank(rest.front()) || (rest.front() == ',' && !has_comma))) {
    has_comma |= rest.front() == ',';
    rest.remove_prefix(1);
  }
  return has_comma;
}

// Appends the numbers of one line.
absl::Status ParseLine(absl::string_view line, int64_t number, std::vector<double>& elements) {
  absl::string_view rest = absl::StripAsciiWhitespace(line);
  bool expects = !rest.empty();
  while (expects) {
    const auto end =
        std::find_if(rest.begin(), rest.end(), [](char c) { return IsBlank(c) || c == ','; });
    const absl::string_view word = rest.substr(0, end - rest.begin());
    if (word.empty()) return InLine(number, "a number is missing beside a comma");
    double element = 0;
    if (!absl::SimpleAtod(word, &element)) {
      return InLine(number, absl::StrCat(Quoted(word), " is not a number"));
    }
    elements.push_back(element);
    rest.remove_prefix(word.size());
    expects = TakeSeparator(rest) || !rest.empty();
  }
  return absl::OkStatus();
}

template <class Number>
std::string Shortest(Number number) {
  std::array<char, 32> buffer;
  const std::to_chars_result result =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), number);
  return std::string(buffer.data(), result.ptr);
}

}  // namespace

bool LooksLikeText(absl::string_view beginning) {
  return std::all_of(beginning.begin(), beginning.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return absl::ascii_isprint(byte) || IsBlank(c) || c == '\n';
  });
}

absl::StatusOr<Tensor> ParseText(absl::string_view text) {
  std::vector<double> elements;
  std::optional<int64_t> columns;
  int64_t rows = 0;
  int64_t number = 0;
  for (absl::string_view line : absl::StrSplit(text, '\n')) {
    const auto before = static_cast<int64_t>(elements.size());
    if (absl::Status status = ParseLine(line, ++number, elements); !status.ok()) return status;
    const int64_t count = static_cast<int64_t>(elements.size()) - before;
    if (count == 0) continue;
    if (columns.value_or(count) != count) {
      return InLine(number, absl::StrCat("rows are of one length; it is ", count,
                                         ", and those before are ", *columns));
    }
    columns = count;
    ++rows;
  }
  if (elements.empty()) return absl::InvalidArgumentError("there is no number in it");
  if (rows == 1 || *columns == 1) return Tensor::FromVector(std::move(elements));
  return Tensor::FromVector(std::move(elements), {rows, *columns});
}

absl::StatusOr<std::string> FormatText(const Tensor& tensor) {
  const Shape& shape = tensor.shape();
  if (shape.size() > 2) {
    return absl::InvalidArgumentError(
        absl::StrCat("text has at most two dimensions; the result has shape ", ToString(shape)));
  }
  const int64_t columns = shape.size() == 2 ? shape[1] : 1;
  std::string text;
  for (int64_t i = 0; i < tensor.size(); ++i) {
    absl::StrAppend(&text, FormatElement(tensor.type(), tensor[i]),
                    (i + 1) % columns == 0 ? "\n" : ",");
  }
  return text;
}

std::string FormatElement(ElementType type, double element) {
  if (type == ElementType::kFloat64) return Shortest(element);
  if (type == ElementType::kFloat32 || !std::isfinite(element)) {
    return Shortest(static_cast<float>(element));
  }
  constexpr int kEnoughDigits = 5;  // for float16; bfloat16 needs 4
  for (int digits = 1; digits < kEnoughDigits; ++digits) {
    std::string text = absl::StrFormat("%.*g", digits, element);
    std::array<std::byte, 2> stored;
    StoreElement(type, std::stod(text), stored.data());
    if (LoadElement(type, stored.data()) == element) return text;
  }
  return absl::StrFormat("%.*g", kEnoughDigits, element);
}

}  // namespace rectifier::client
