// Where in a request a value stands, as errors name it: tensors[2].values[0], arguments["beta"].
// The parts lie on the stack of whoever reads the request, so that they cost nothing until there
// is an error.
#ifndef RECTIFIER_SERVER_HTTP_FIELD_PATH_H_
#define RECTIFIER_SERVER_HTTP_FIELD_PATH_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "core/field_error.h"

namespace rectifier::http {

class FieldPath {
 public:
  enum class Kind { kField, kKey };

  FieldPath() = default;
  FieldPath(const FieldPath* parent, absl::string_view name, Kind kind = Kind::kField)
      : parent_(parent), name_(name), is_key_(kind == Kind::kKey) {}
  FieldPath(const FieldPath* parent, int64_t index) : parent_(parent), index_(index) {}

  std::string Text() const {
    const std::string before = parent_ == nullptr ? "" : parent_->Text();
    if (index_ >= 0) return absl::StrCat(before, "[", index_, "]");
    if (is_key_) return absl::StrCat(before, "[\"", name_, "\"]");
    return before.empty() ? std::string(name_) : absl::StrCat(before, ".", name_);
  }

  absl::Status Error(absl::string_view description,
                     absl::string_view reason = "INVALID_JSON") const {
    const std::string path = Text();
    return FieldError({.path = path.empty() ? "request" : path,
                       .description = std::string(description),
                       .reason = std::string(reason)});
  }

 private:
  const FieldPath* const parent_ = nullptr;
  const absl::string_view name_;
  const bool is_key_ = false;
  const int64_t index_ = -1;
};

}  // namespace rectifier::http

#endif  // RECTIFIER_SERVER_HTTP_FIELD_PATH_H_
