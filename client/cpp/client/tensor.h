// A typed, dense tensor: element type, shape, and row-major, little-endian bytes.
//
//   using rectifier::client::Tensor;
//   Tensor row = Tensor::FromVector<float>({-1, 0, 1});
//   absl::StatusOr<Tensor> matrix = Tensor::FromVector<double>({1, 2, 3, 4}, {2, 2});
//   Tensor half = row.As(rectifier::client::ElementType::kFloat16);
//   double last = half[2];
#ifndef RECTIFIER_CLIENT_CPP_CLIENT_TENSOR_H_
#define RECTIFIER_CLIENT_CPP_CLIENT_TENSOR_H_

#include <cassert>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "client/cpp/client/element_type.h"
#include "client/cpp/shared_memory/buffer_region.h"

namespace rectifier::client {

// The size of each dimension, outermost first. Rank 0 has one element.
using Shape = std::vector<int64_t>;

// The number of elements, or nullopt where it overflows int64 or a dimension is negative.
std::optional<int64_t> ElementCount(absl::Span<const int64_t> shape);

// "[2, 3]".
std::string ToString(absl::Span<const int64_t> shape);

// It is immutable, and copies share the bytes, so they are cheap. Thread-safe.
class Tensor {
 public:
  // A tensor of rank 1.
  template <class T>
  requires std::same_as<T, float> || std::same_as<T, double>
  static Tensor FromVector(std::vector<T> elements) {
    const Shape shape = {static_cast<int64_t>(elements.size())};
    return *FromVector(std::move(elements), shape);
  }

  // Errors: INVALID_ARGUMENT where the shape has another number of elements.
  template <class T>
  requires std::same_as<T, float> || std::same_as<T, double>
  static absl::StatusOr<Tensor> FromVector(std::vector<T> elements, const Shape& shape) {
    auto owner = std::make_shared<const std::vector<T>>(std::move(elements));
    const absl::Span<const std::byte> bytes = Bytes(std::span<const T>(*owner));
    return View(TypeOf<T>(), shape, bytes, std::move(owner));
  }

  // A copy of the elements. Errors: INVALID_ARGUMENT where the shape has another number of them.
  template <class T>
  requires std::same_as<T, float> || std::same_as<T, double>
  static absl::StatusOr<Tensor> FromSpan(std::span<const T> elements, const Shape& shape) {
    return FromVector(std::vector<T>(elements.begin(), elements.end()), shape);
  }

  // A tensor over elements of the caller, who keeps them as they are while it is in use: nothing is
  // copied. Errors: as FromSpan.
  template <class T>
  requires std::same_as<T, float> || std::same_as<T, double>
  static absl::StatusOr<Tensor> View(std::span<const T> elements, const Shape& shape) {
    return View(TypeOf<T>(), shape, Bytes(elements), nullptr);
  }

  // Elements of `type` as they lie in memory. Errors: as View.
  static absl::StatusOr<Tensor> FromBytes(ElementType type, Shape shape, std::string bytes);

  // A tensor over bytes that `owner` keeps alive; they need not be aligned.
  // Errors: INVALID_ARGUMENT where they are not as many as shape and type ask for.
  static absl::StatusOr<Tensor> View(ElementType type, Shape shape,
                                     absl::Span<const std::byte> bytes,
                                     std::shared_ptr<const void> owner);

  // A tensor in a shared buffer (shared_buffer.h), which is sent by reference: the server reads the
  // bytes as they are when it computes. Errors: as View.
  static absl::StatusOr<Tensor> InRegion(ElementType type, Shape shape, const BufferRegion& region);

  ElementType type() const { return type_; }
  const Shape& shape() const { return shape_; }
  int64_t size() const { return size_; }
  absl::Span<const std::byte> bytes() const { return bytes_; }

  // Where in a shared buffer the bytes lie; nullopt where they do not.
  std::optional<BufferRegion> region() const;

  // Element i in row-major order, 0 <= i < size().
  double operator[](int64_t i) const {
    return LoadElement(type_, bytes_.data() + i * SizeOf(type_));
  }

  // All elements in row-major order, without a copy. Requires: the tensor is of float32 (float) or
  // float64 (double), and its bytes are aligned, as those of results and vectors are.
  template <class T>
  requires std::same_as<T, float> || std::same_as<T, double> std::span<const T> span()
  const {
    assert(type_ == TypeOf<T>() && reinterpret_cast<uintptr_t>(bytes_.data()) % alignof(T) == 0);
    return {reinterpret_cast<const T*>(bytes_.data()), static_cast<size_t>(size_)};
  }

  // All elements in row-major order.
  std::vector<double> ToDoubles() const;

  // The same numbers, each rounded once to `type`; the tensor itself where it has that type.
  Tensor As(ElementType type) const;

  // The `count` elements from `first` on, with another shape. They share the bytes. Requires: they
  // lie within the tensor, and `shape` has `count` elements.
  Tensor Slice(int64_t first, Shape shape) const;

 private:
  Tensor() = default;

  template <class T>
  static constexpr ElementType TypeOf() {
    return std::same_as<T, float> ? ElementType::kFloat32 : ElementType::kFloat64;
  }

  template <class T>
  static absl::Span<const std::byte> Bytes(std::span<const T> elements) {
    return {reinterpret_cast<const std::byte*>(elements.data()), elements.size_bytes()};
  }

  ElementType type_ = ElementType::kFloat64;
  Shape shape_;
  int64_t size_ = 0;
  absl::Span<const std::byte> bytes_;
  std::shared_ptr<const void> owner_;
  std::shared_ptr<const BufferRegion> region_;  // that bytes_ lie in, if any
};

}  // namespace rectifier::client

#endif  // RECTIFIER_CLIENT_CPP_CLIENT_TENSOR_H_
