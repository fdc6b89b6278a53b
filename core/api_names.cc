#include "core/api_names.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "core/evaluation.h"

namespace rectifier {

std::string ApiName(ElementType type) {
  return absl::StrCat("ELEMENT_TYPE_", absl::AsciiStrToUpper(Name(type)));
}

std::string ApiName(Quantity quantity) {
  return absl::StrCat("QUANTITY_", absl::AsciiStrToUpper(Name(quantity)));
}

}  // namespace rectifier
