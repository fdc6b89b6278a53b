#include "core/field_error.h"

#include <utility>

#include "absl/strings/cord.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace rectifier {
namespace {

// Where the parts of a violation ride on a status.
constexpr char kPath[] = "rectifier/field";
constexpr char kDescription[] = "rectifier/description";
constexpr char kReason[] = "rectifier/reason";
constexpr char kElement[] = "rectifier/element";

}  // namespace

absl::Status FieldError(FieldViolation violation, absl::StatusCode code) {
  absl::Status status(code, absl::StrCat(violation.path, ": ", violation.description));
  status.SetPayload(kPath, absl::Cord(std::move(violation.path)));
  status.SetPayload(kDescription, absl::Cord(std::move(violation.description)));
  status.SetPayload(kReason, absl::Cord(std::move(violation.reason)));
  if (violation.element) status.SetPayload(kElement, absl::Cord(absl::StrCat(*violation.element)));
  return status;
}

std::optional<FieldViolation> GetFieldViolation(const absl::Status& status) {
  const auto path = status.GetPayload(kPath);
  const auto description = status.GetPayload(kDescription);
  const auto reason = status.GetPayload(kReason);
  if (!path || !description || !reason) return std::nullopt;
  FieldViolation violation{std::string(*path), std::string(*description), std::string(*reason)};
  int64_t index = 0;
  const auto element = status.GetPayload(kElement);
  if (element && absl::SimpleAtoi(std::string(*element), &index)) violation.element = index;
  return violation;
}

absl::Status PrefixField(absl::string_view prefix, const absl::Status& status) {
  std::optional<FieldViolation> violation = GetFieldViolation(status);
  if (!violation) return status;
  violation->path = absl::StrCat(prefix, violation->path);
  return FieldError(*std::move(violation), status.code());
}

}  // namespace rectifier
