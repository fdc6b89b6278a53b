#include "core/interval_text.h"

#include "absl/strings/str_cat.h"

namespace rectifier {

std::string IntervalText(const Range& range) {
  return absl::StrCat(range.low_open ? "(" : "[", range.low, ", ", range.high,
                      range.high_open ? ")" : "]");
}

}  // namespace rectifier
