// One caller of shared buffers: a socket of whole messages, each answered by one.
#ifndef RECTIFIER_SERVER_SHARED_MEMORY_BUFFER_CONNECTION_H_
#define RECTIFIER_SERVER_SHARED_MEMORY_BUFFER_CONNECTION_H_

#include <cstddef>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "rectifier/v1/shared_buffer.pb.h"
#include "server/posix/file_descriptor.h"
#include "server/shared_memory/shared_buffers.h"

namespace rectifier {

// An honest request is far smaller.
inline constexpr size_t kMaxBufferRequestBytes = 1024;

// Not thread-safe. What the caller owns in `buffers` is not released with the object, because the
// owner of the connection says when a caller is gone.
class BufferConnection {
 public:
  // `socket` is of type SOCK_SEQPACKET.
  BufferConnection(FileDescriptor socket, BufferConnectionId id, SharedBuffers& buffers);

  // Reads one request, if there is one, and answers it, without waiting for either. False where the
  // caller has hung up, or does not take its answers, so that nothing more can be had from it.
  bool Serve();

  // Sends the answer that there is nothing for the caller here.
  static void Refuse(const FileDescriptor& socket, const absl::Status& why);

 private:
  struct Answer {
    v1::BufferResponse response;
    FileDescriptor descriptor;  // none: no descriptor is sent
  };

  Answer AnswerTo(absl::string_view packet, int flags);
  Answer Allocate(const v1::AllocateBuffer& request);
  Answer Release(const v1::ReleaseBuffer& request);
  bool Send(Answer answer);
  static Answer Error(const absl::Status& status);

  const FileDescriptor socket_;
  const BufferConnectionId id_;
  SharedBuffers& buffers_;
};

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_SHARED_MEMORY_BUFFER_CONNECTION_H_
