// Where server and client meet when nobody says where: one rule for both, beside the API.
#ifndef RECTIFIER_PROTO_DEFAULT_TARGET_H_
#define RECTIFIER_PROTO_DEFAULT_TARGET_H_

#include <string>

namespace rectifier {

// The gRPC target of the default unix socket, the first of these that this process can enter:
//   1. unix:/run/rectifier/rectifierd.sock: a service of the host or a volume shared by containers,
//      where the directory /run/rectifier exists;
//   2. unix:$XDG_RUNTIME_DIR/rectifierd.sock: a user's own server;
//   3. unix:/tmp/rectifierd-UID.sock.
// Whether a socket is there plays no part. `root` stands in for "/" of case 1 in tests.
std::string DefaultUnixTarget(const std::string& root = "");

}  // namespace rectifier

#endif  // RECTIFIER_PROTO_DEFAULT_TARGET_H_
