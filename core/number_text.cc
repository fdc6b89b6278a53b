#include "core/number_text.h"

#include <charconv>

#include "absl/strings/str_cat.h"

namespace rectifier {

std::string NumberText(double number) {
  char text[32];  // no double takes more than 24
  const std::to_chars_result end = std::to_chars(text, text + sizeof(text), number);
  return std::string(text, end.ptr);
}

std::string IntervalText(const Range& range) {
  const std::string interval = absl::StrCat(range.low_open ? "(" : "[", NumberText(range.low), ", ",
                                            NumberText(range.high), range.high_open ? ")" : "]");
  if (range.least_size == 0) return interval;
  return absl::StrCat(interval, " and not between ", NumberText(-range.least_size), " and ",
                      NumberText(range.least_size));
}

}  // namespace rectifier
