// One message of a SOCK_SEQPACKET socket, with the file descriptor that came with it.
#ifndef RECTIFIER_CLIENT_CPP_SHARED_MEMORY_PACKET_H_
#define RECTIFIER_CLIENT_CPP_SHARED_MEMORY_PACKET_H_

#include <sys/types.h>

#include "absl/types/span.h"

namespace rectifier::client {

struct Packet {
  ssize_t size = -1;    // -1: errno says why there is none; 0: the peer has hung up
  int descriptor = -1;  // the receiver's to close; -1 where none came
};

// Receives into `room`. What does not fit is lost.
Packet ReceivePacket(int socket, absl::Span<char> room);

}  // namespace rectifier::client

#endif  // RECTIFIER_CLIENT_CPP_SHARED_MEMORY_PACKET_H_
