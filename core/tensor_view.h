// Tensors in the caller's memory.
//
//   const std::vector<float> x = {-1, 0, 1, -2, 0, 2};
//   rectifier::TensorView view = rectifier::TensorView::Of(x, {2, 3});
#ifndef RECTIFIER_CORE_TENSOR_VIEW_H_
#define RECTIFIER_CORE_TENSOR_VIEW_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <type_traits>
#include <utility>

#include "absl/container/inlined_vector.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "core/element_type.h"
#include "core/payload.h"

namespace rectifier {

// The size of each dimension, outermost first. Rank 0 has one element.
using Shape = absl::InlinedVector<int64_t, 6>;

// The number of elements of `shape`, or nullopt where it overflows int64 or a dimension is < 0.
std::optional<int64_t> ElementCount(absl::Span<const int64_t> shape);

// A dense, row-major, little-endian tensor, which need not be aligned.
struct TensorView {
  ElementType type = ElementType::kFloat64;
  Shape shape;
  Payload data;

  // A view over a vector, an array or a span of elements, which must outlive it. Bind checks that
  // their number fits `shape`.
  template <class Elements>
  static TensorView Of(const Elements& elements, Shape shape) {
    const std::span flat(elements);
    using T = typename decltype(flat)::value_type;
    return {ElementTypeOf<T>(), std::move(shape), std::as_bytes(flat)};
  }

  // The same with rank 1.
  template <class Elements>
  static TensorView Of(const Elements& elements) {
    return Of(elements, {static_cast<int64_t>(std::size(elements))});
  }
};

// Memory for one result: a vector, an array or a span of elements, which must outlive this.
struct OutputView {
  ElementType type = ElementType::kFloat64;
  absl::Span<std::byte> data;

  template <class Elements>
  requires Element<std::remove_reference_t<decltype(*std::data(std::declval<Elements&>()))>>
  OutputView(Elements&& elements)  // NOLINT: implicit, so that {value, gradient} is a list of them
      : type(TensorView::Of(elements).type),
        data(reinterpret_cast<std::byte*>(std::data(elements)),
             std::size(elements) * SizeOf(type)) {}
};

// Checks that `tensor` has as many bytes as its shape takes. Errors: INVALID_ARGUMENT with a
// FieldViolation (core/field_error.h) about `path`.
absl::Status CheckPayload(absl::string_view path, const TensorView& tensor);

}  // namespace rectifier

#endif  // RECTIFIER_CORE_TENSOR_VIEW_H_
