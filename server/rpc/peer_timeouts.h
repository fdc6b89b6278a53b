// How long a caller may keep the server waiting.
#ifndef RECTIFIER_SERVER_RPC_PEER_TIMEOUTS_H_
#define RECTIFIER_SERVER_RPC_PEER_TIMEOUTS_H_

#include "absl/time/time.h"

namespace rectifier {

struct PeerTimeouts {
  absl::Duration receive = absl::Seconds(60);  // until a message has arrived
  absl::Duration idle = absl::Minutes(10);     // until a stream's next message has
  absl::Duration send = absl::Seconds(60);     // until a reply is taken
};

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_RPC_PEER_TIMEOUTS_H_
