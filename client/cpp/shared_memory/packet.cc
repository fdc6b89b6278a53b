#include "client/cpp/shared_memory/packet.h"

#include <sys/socket.h>

#include <cstring>

namespace rectifier::client {

Packet ReceivePacket(int socket, absl::Span<char> room) {
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))];
  iovec part{room.data(), room.size()};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = sizeof(control);
  Packet packet{.size = recvmsg(socket, &message, MSG_CMSG_CLOEXEC)};
  if (packet.size < 0) return packet;
  const cmsghdr* const header = CMSG_FIRSTHDR(&message);
  if (header != nullptr && header->cmsg_level == SOL_SOCKET && header->cmsg_type == SCM_RIGHTS) {
    std::memcpy(&packet.descriptor, CMSG_DATA(header), sizeof(packet.descriptor));
  }
  return packet;
}

}  // namespace rectifier::client
