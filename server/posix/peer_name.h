// The name of a connection's peer, as gRPC tells it.
#ifndef RECTIFIER_SERVER_POSIX_PEER_NAME_H_
#define RECTIFIER_SERVER_POSIX_PEER_NAME_H_

#include <string>

#include "absl/strings/string_view.h"

namespace rectifier {

// "ipv4:127.0.0.1:41234" or "ipv6:[::1]:41234"; empty for all else, such as a unix socket, whose
// peers have no names.
std::string PeerName(int socket);

// What gRPC says in a URI, in which brackets are escaped, without that.
std::string PeerNameFromUri(absl::string_view uri);

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_POSIX_PEER_NAME_H_
