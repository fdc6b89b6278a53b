#include "tests/support/buffer_caller.h"

#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "client/cpp/shared_memory/packet.h"

namespace rectifier::testing {

BufferCaller::BufferCaller(const std::string& path)
    : socket_(socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0)) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, path.c_str(), sizeof(address.sun_path) - 1);
  if (connect(socket_.get(), reinterpret_cast<sockaddr*>(&address), sizeof(address)) != 0) {
    std::perror(path.c_str());
    std::abort();
  }
  const timeval minute{60, 0};
  setsockopt(socket_.get(), SOL_SOCKET, SO_RCVTIMEO, &minute, sizeof(minute));
}

bool BufferCaller::Send(const std::string& packet, int descriptor) {
  iovec part{const_cast<char*>(packet.data()), packet.size()};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))] = {};
  if (descriptor >= 0) {
    message.msg_control = control;
    message.msg_controllen = sizeof(control);
    cmsghdr* const header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof(int));
    std::memcpy(CMSG_DATA(header), &descriptor, sizeof(descriptor));
  }
  return sendmsg(socket_.get(), &message, MSG_NOSIGNAL | MSG_DONTWAIT) >= 0;
}

BufferReply BufferCaller::Receive() {
  char room[1 << 12];
  const client::Packet packet = client::ReceivePacket(socket_.get(), absl::MakeSpan(room));
  BufferReply reply;
  if (packet.size <= 0) return reply;
  reply.descriptor = FileDescriptor(packet.descriptor);
  if (!reply.response.emplace().ParseFromArray(room, static_cast<int>(packet.size))) {
    reply.response.reset();
  }
  return reply;
}

BufferReply BufferCaller::Allocate(uint64_t bytes) {
  Send(AllocateRequest(bytes));
  return Receive();
}

BufferReply BufferCaller::Release(const std::string& token) {
  Send(ReleaseRequest(token));
  return Receive();
}

std::string AllocateRequest(uint64_t bytes) {
  v1::BufferRequest request;
  request.mutable_allocate()->set_bytes(bytes);
  return request.SerializeAsString();
}

std::string ReleaseRequest(const std::string& token) {
  v1::BufferRequest request;
  request.mutable_release()->set_token(token);
  return request.SerializeAsString();
}

}  // namespace rectifier::testing
