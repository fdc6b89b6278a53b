#include "client/cpp/client/tensor.h"

#include <bit>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace rectifier::client {

static_assert(std::endian::native == std::endian::little, "tensors are little-endian in memory");

std::optional<int64_t> ElementCount(absl::Span<const int64_t> shape) {
  int64_t count = 1;
  bool overflow = false;
  bool empty = false;
  for (int64_t size : shape) {
    if (size < 0) return std::nullopt;
    empty |= size == 0;
    overflow |= __builtin_mul_overflow(count, size == 0 ? 1 : size, &count);
  }
  if (overflow) return std::nullopt;
  return empty ? 0 : count;
}

std::string ToString(absl::Span<const int64_t> shape) {
  return absl::StrCat("[", absl::StrJoin(shape, ", "), "]");
}

absl::StatusOr<Tensor> Tensor::FromBytes(ElementType type, Shape shape, std::string bytes) {
  auto owner = std::make_shared<const std::string>(std::move(bytes));
  const auto span =
      absl::MakeConstSpan(reinterpret_cast<const std::byte*>(owner->data()), owner->size());
  return View(type, std::move(shape), span, std::move(owner));
}

absl::StatusOr<Tensor> Tensor::View(ElementType type, Shape shape,
                                    absl::Span<const std::byte> bytes,
                                    std::shared_ptr<const void> owner) {
  const std::optional<int64_t> count = ElementCount(shape);
  if (!count.has_value()) {
    return absl::InvalidArgumentError(
        absl::StrCat("shape ", ToString(shape), " has a negative or too large number of elements"));
  }
  // It divides instead of multiplying, because the product may overflow.
  if (bytes.size() % SizeOf(type) != 0 ||
      bytes.size() / SizeOf(type) != static_cast<size_t>(*count)) {
    return absl::InvalidArgumentError(absl::StrCat(bytes.size(), " bytes do not hold ", *count,
                                                   " elements of ", Name(type), ", shape ",
                                                   ToString(shape)));
  }
  Tensor tensor;
  tensor.type_ = type;
  tensor.shape_ = std::move(shape);
  tensor.size_ = *count;
  tensor.bytes_ = bytes;
  tensor.owner_ = std::move(owner);
  return tensor;
}

absl::StatusOr<Tensor> Tensor::InRegion(ElementType type, Shape shape, const BufferRegion& region) {
  absl::StatusOr<Tensor> tensor = View(type, std::move(shape), region.bytes, region.owner);
  if (tensor.ok()) tensor->region_ = std::make_shared<const BufferRegion>(region);
  return tensor;
}

std::optional<BufferRegion> Tensor::region() const {
  if (region_ == nullptr) return std::nullopt;
  const size_t start = bytes_.data() - region_->bytes.data();
  return BufferRegion{region_->token, region_->offset + start,
                      region_->bytes.subspan(start, bytes_.size()), region_->owner};
}

std::vector<double> Tensor::ToDoubles() const {
  std::vector<double> elements(size_);
  for (int64_t i = 0; i < size_; ++i) elements[i] = (*this)[i];
  return elements;
}

Tensor Tensor::As(ElementType type) const {
  if (type == type_) return *this;
  std::string converted(size_ * SizeOf(type), '\0');
  auto* to = reinterpret_cast<std::byte*>(converted.data());
  for (int64_t i = 0; i < size_; ++i) StoreElement(type, (*this)[i], to + i * SizeOf(type));
  return *FromBytes(type, shape_, std::move(converted));
}

Tensor Tensor::Slice(int64_t first, Shape shape) const {
  const size_t size = SizeOf(type_);
  const auto bytes = bytes_.subspan(first * size, *ElementCount(shape) * size);
  Tensor slice = *View(type_, std::move(shape), bytes, owner_);
  slice.region_ = region_;
  return slice;
}

}  // namespace rectifier::client
