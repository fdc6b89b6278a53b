#include "client/cpp/shared_memory/shared_buffer.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "client/cpp/shared_memory/buffer_connection.h"

namespace rectifier::client {

struct SharedBuffer::State {
  State(std::shared_ptr<BufferConnection> its_connection, BufferConnection::Allocated allocated,
        size_t bytes)
      : connection(std::move(its_connection)),
        buffer(std::move(allocated)),
        bytes(buffer.mapping->bytes().first(bytes)) {}
  ~State() { connection->Release(buffer.token).IgnoreError(); }  // else the connection does it
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  const std::shared_ptr<BufferConnection> connection;
  const BufferConnection::Allocated buffer;
  const absl::Span<std::byte> bytes;
};

absl::Span<std::byte> SharedBuffer::bytes() const { return state_->bytes; }

const std::string& SharedBuffer::token() const { return state_->buffer.token; }

absl::StatusOr<BufferRegion> SharedBuffer::Region(size_t offset, size_t length) const {
  const size_t size = bytes().size();
  if (offset > size || length > size - offset) {
    return absl::InvalidArgumentError(absl::StrCat("offset ", offset, " and length ", length,
                                                   " given; the buffer has ", size, " bytes"));
  }
  return BufferRegion{token(), offset, bytes().subspan(offset, length), state_};
}

SharedBuffers::SharedBuffers(std::shared_ptr<BufferConnection> connection)
    : connection_(std::move(connection)) {}

absl::StatusOr<SharedBuffers> SharedBuffers::Connect(const std::string& path) {
  absl::StatusOr<std::unique_ptr<BufferConnection>> connection = BufferConnection::Open(path);
  if (!connection.ok()) return connection.status();
  return SharedBuffers(*std::move(connection));
}

absl::StatusOr<SharedBuffer> SharedBuffers::Allocate(size_t bytes) {
  absl::StatusOr<BufferConnection::Allocated> allocated = connection_->Allocate(bytes);
  if (!allocated.ok()) return allocated.status();
  return SharedBuffer(
      std::make_shared<const SharedBuffer::State>(connection_, *std::move(allocated), bytes));
}

absl::StatusOr<Tensor> SharedBuffers::Copy(const Tensor& tensor) {
  const absl::Span<const std::byte> from = tensor.bytes();
  const absl::StatusOr<SharedBuffer> buffer = Allocate(std::max<size_t>(from.size(), 1));
  if (!buffer.ok()) return buffer.status();
  const absl::StatusOr<BufferRegion> region = buffer->Region(0, from.size());
  if (!region.ok()) return region.status();
  std::copy(from.begin(), from.end(), region->bytes.begin());
  return Tensor::InRegion(tensor.type(), tensor.shape(), *region);
}

}  // namespace rectifier::client
