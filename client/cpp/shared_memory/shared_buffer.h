// Memory shared with a server on this machine, so that tensors are not copied.
//
//   absl::StatusOr<SharedBuffers> buffers = client.ConnectBuffers();
//   absl::StatusOr<SharedBuffer> buffer = buffers->Allocate(2 * bytes);
//   absl::StatusOr<BufferRegion> x = buffer->Region(0, bytes);
//   absl::StatusOr<BufferRegion> y = buffer->Region(bytes, bytes);
//   Fill(x->bytes);
//   absl::StatusOr<Result> result = client.Evaluate(
//       {.activation = "gelu",
//        .inputs = {*Tensor::InRegion(ElementType::kFloat32, shape, *x)},
//        .destinations = {{.region = *y}}});
//   Read(y->bytes);  // or result->value, a tensor over the same bytes
//
// A tensor in a region is only a view: write to its bytes while no call reads them, and a result's
// bytes are there when its call has returned OK.
#ifndef RECTIFIER_CLIENT_CPP_SHARED_MEMORY_SHARED_BUFFER_H_
#define RECTIFIER_CLIENT_CPP_SHARED_MEMORY_SHARED_BUFFER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "client/cpp/client/tensor.h"
#include "client/cpp/shared_memory/buffer_region.h"

namespace rectifier::client {

class BufferConnection;

// One buffer, which holds zeros at first. It can be moved, but not copied. It is released in the
// server when this object and the last region, tensor and result over it have gone.
class SharedBuffer {
 public:
  SharedBuffer(SharedBuffer&&) = default;
  SharedBuffer& operator=(SharedBuffer&&) = default;

  // They are as many as were asked for, and begin a page.
  absl::Span<std::byte> bytes() const;

  // What names it in requests; whoever knows it can use the buffer.
  const std::string& token() const;

  // Errors: INVALID_ARGUMENT where the region does not lie within the buffer.
  absl::StatusOr<BufferRegion> Region(size_t offset, size_t length) const;

 private:
  friend class SharedBuffers;
  struct State;
  explicit SharedBuffer(std::shared_ptr<const State> state) : state_(std::move(state)) {}

  std::shared_ptr<const State> state_;
};

// A connection to the buffers of one server. It is movable, and all methods may be called from many
// threads at once. It stays open for as long as a buffer of it is there.
class SharedBuffers {
 public:
  // `path` is GetServerInfoResponse.buffers_socket; Client::ConnectBuffers asks for it.
  // Errors: UNAVAILABLE where no server listens there.
  static absl::StatusOr<SharedBuffers> Connect(const std::string& path);

  // Errors: INVALID_ARGUMENT where no buffer may have as many bytes, or none are asked for;
  // RESOURCE_EXHAUSTED where a quota or the machine does not allow it now, or the server has too
  // many connections; UNAVAILABLE where it has gone.
  absl::StatusOr<SharedBuffer> Allocate(size_t bytes);

  // A copy of `tensor` in a buffer of its own, to be sent often. Errors: those of Allocate.
  absl::StatusOr<Tensor> Copy(const Tensor& tensor);

 private:
  explicit SharedBuffers(std::shared_ptr<BufferConnection> connection);

  std::shared_ptr<BufferConnection> connection_;
};

}  // namespace rectifier::client

#endif  // RECTIFIER_CLIENT_CPP_SHARED_MEMORY_SHARED_BUFFER_H_
