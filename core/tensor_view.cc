#include "core/tensor_view.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "core/api_names.h"
#include "core/field_error.h"

namespace rectifier {

std::optional<int64_t> ElementCount(absl::Span<const int64_t> shape) {
  int64_t count = 1;
  bool empty = false;
  for (int64_t size : shape) {
    if (size < 0) return std::nullopt;
    empty = empty || size == 0;
    // Dimensions beside a 0 count as well: their product may be needed without it.
    if (size > 0 && __builtin_mul_overflow(count, size, &count)) return std::nullopt;
  }
  return empty ? 0 : count;
}

absl::Status CheckPayload(absl::string_view path, const TensorView& tensor) {
  const std::optional<int64_t> count = ElementCount(tensor.shape);
  const size_t size = SizeOf(tensor.type);
  if (count && static_cast<size_t>(*count) == tensor.data.size() / size &&
      tensor.data.size() % size == 0) {
    return absl::OkStatus();
  }
  return FieldError(
      {std::string(path),
       absl::StrCat(tensor.data.size(), " bytes of ", ApiName(tensor.type),
                    " do not fill the shape [", absl::StrJoin(tensor.shape, ", "), "]"),
       "PAYLOAD_LENGTH_MISMATCH"});
}

}  // namespace rectifier
