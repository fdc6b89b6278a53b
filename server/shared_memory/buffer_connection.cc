#include "server/shared_memory/buffer_connection.h"

#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <utility>

#include "absl/strings/str_format.h"

namespace rectifier {
namespace {

// 0, or the errno that says why the message was not sent.
int SendMessage(int socket, const v1::BufferResponse& response, const FileDescriptor& descriptor) {
  std::string bytes = response.SerializeAsString();
  iovec part{bytes.data(), bytes.size()};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))] = {};
  if (descriptor.is_open()) {
    message.msg_control = control;
    message.msg_controllen = sizeof(control);
    cmsghdr* const header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof(int));
    const int value = descriptor.get();
    std::memcpy(CMSG_DATA(header), &value, sizeof(value));
  }
  return sendmsg(socket, &message, MSG_DONTWAIT | MSG_NOSIGNAL) < 0 ? errno : 0;
}

absl::Status Malformed(const std::string& why) { return absl::InvalidArgumentError(why); }

}  // namespace

BufferConnection::BufferConnection(FileDescriptor socket, BufferConnectionId id,
                                   SharedBuffers& buffers)
    : socket_(std::move(socket)), id_(id), buffers_(buffers) {}

bool BufferConnection::Serve() {
  char packet[kMaxBufferRequestBytes];
  iovec part{packet, sizeof(packet)};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  // There is no room for descriptors: the kernel drops those that a caller sends.
  const ssize_t size = recvmsg(socket_.get(), &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
  if (size < 0) return errno == EAGAIN || errno == EINTR;
  if (size == 0) return false;  // hung up, or an empty packet, which looks the same
  return Send(AnswerTo(absl::string_view(packet, static_cast<size_t>(size)), message.msg_flags));
}

void BufferConnection::Refuse(const FileDescriptor& socket, const absl::Status& why) {
  SendMessage(socket.get(), Error(why).response, FileDescriptor());
}

BufferConnection::Answer BufferConnection::AnswerTo(absl::string_view packet, int flags) {
  if ((flags & MSG_TRUNC) != 0) {
    return Error(
        Malformed(absl::StrFormat("the message is larger than %d bytes", kMaxBufferRequestBytes)));
  }
  if ((flags & MSG_CTRUNC) != 0) {
    return Error(Malformed("the message carries file descriptors; none is taken"));
  }
  v1::BufferRequest request;
  if (!request.ParseFromArray(packet.data(), static_cast<int>(packet.size()))) {
    return Error(Malformed("the message is not a rectifier.v1.BufferRequest"));
  }
  switch (request.request_case()) {
    case v1::BufferRequest::kAllocate:
      return Allocate(request.allocate());
    case v1::BufferRequest::kRelease:
      return Release(request.release());
    case v1::BufferRequest::REQUEST_NOT_SET:
      break;
  }
  return Error(Malformed("request: none given; must be allocate or release"));
}

BufferConnection::Answer BufferConnection::Allocate(const v1::AllocateBuffer& request) {
  absl::StatusOr<AllocatedBuffer> buffer = buffers_.Allocate(id_, request.bytes());
  if (!buffer.ok()) return Error(buffer.status());
  Answer answer;
  answer.response.set_token(buffer->token);
  answer.response.set_bytes(buffer->bytes);
  answer.descriptor = std::move(buffer->descriptor);
  return answer;
}

BufferConnection::Answer BufferConnection::Release(const v1::ReleaseBuffer& request) {
  if (absl::Status status = buffers_.Release(id_, request.token()); !status.ok()) {
    return Error(status);
  }
  Answer answer;
  answer.response.set_message("released");  // an empty packet would look like hanging up
  return answer;
}

bool BufferConnection::Send(Answer answer) {
  int error = SendMessage(socket_.get(), answer.response, answer.descriptor);
  if (error == ETOOMANYREFS) {  // too many descriptors on their way to callers that read none
    buffers_.Release(id_, answer.response.token()).IgnoreError();
    answer =
        Error(absl::ResourceExhaustedError("allocate: the server cannot pass descriptors now"));
    error = SendMessage(socket_.get(), answer.response, answer.descriptor);
  }
  return error == 0;
}

BufferConnection::Answer BufferConnection::Error(const absl::Status& status) {
  Answer answer;
  answer.response.set_code(static_cast<int>(status.code()));
  answer.response.set_message(std::string(status.message()));
  return answer;
}

}  // namespace rectifier
