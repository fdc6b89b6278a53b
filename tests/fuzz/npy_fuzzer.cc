// Feeds the reader of .npy files with bytes that nobody meant. See README.md.
#include <cstddef>
#include <cstdint>
#include <memory>

#include "absl/types/span.h"
#include "client/cpp/files/npy.h"
#include "tests/fuzz/require.h"

namespace rectifier::client {
namespace {

absl::Span<const std::byte> Bytes(absl::string_view text) {
  return {reinterpret_cast<const std::byte*>(text.data()), text.size()};
}

// A header that was read is written, and is the same when it is read again.
void CheckHeader(const NpyHeader& header, size_t size) {
  Require(header.data_offset <= size, "elements do not begin behind the end");
  const auto again = ParseNpyHeader(Bytes(FormatNpyHeader(header.type, header.shape)));
  if (!again.ok()) {  // shapes that are too long for a header
    Require(header.shape.size() > 1000, "a header that was written is read");
    return;
  }
  Require(again->type == header.type && again->shape == header.shape, "a header stays the same");
}

void CheckArray(const Tensor& tensor, const NpyHeader& header, size_t size) {
  Require(header.FileBytes() == size, "a file is as long as its header says");
  Require(tensor.type() == header.type && tensor.shape() == header.shape, "type and shape");
  Require(tensor.bytes().size() == size - header.data_offset, "all elements");
  size_t sum = 0;  // a sanitizer sees each of them
  for (const std::byte element : tensor.bytes()) sum += static_cast<uint8_t>(element);
  Require(sum <= tensor.bytes().size() * UINT8_MAX, "bytes");
}

}  // namespace
}  // namespace rectifier::client

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using rectifier::Require;
  const absl::Span<const std::byte> file(reinterpret_cast<const std::byte*>(data), size);
  const auto header = rectifier::client::ParseNpyHeader(file);
  const auto tensor = rectifier::client::ParseNpy(file, nullptr);
  if (!header.ok()) {
    Require(absl::IsInvalidArgument(header.status()) && !header.status().message().empty(),
            "an error says what is wrong");
    Require(!tensor.ok(), "without a header there is no array");
    return 0;
  }
  rectifier::client::CheckHeader(*header, size);
  if (tensor.ok()) rectifier::client::CheckArray(*tensor, *header, size);
  return 0;
}
