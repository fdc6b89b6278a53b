// Where a call comes from. One that was made for a caller of HTTP comes by a connection within the
// process, and says whom it is for in metadata that nobody outside can make.
#ifndef RECTIFIER_SERVER_TELEMETRY_ORIGIN_H_
#define RECTIFIER_SERVER_TELEMETRY_ORIGIN_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "grpcpp/client_context.h"
#include "grpcpp/server_context.h"
#include "server/telemetry/transport.h"

namespace rectifier {

struct Peer {
  std::string name;  // as gRPC has it: "unix:", "ipv4:127.0.0.1:41234"
  Transport transport = Transport::kTcp;
};

struct Origin {
  Peer peer;
  bool is_unix = false;                             // whoever may open the socket's file has called
  std::vector<std::string> certificate_names = {};  // which the peer has shown to be theirs
};

// These are thread-safe. Of a call that has been cancelled gRPC knows no peer any more, so that
// whoever needs the name later keeps it.
Peer PeerOf(const grpc::ServerContextBase& context);
Origin OriginOf(const grpc::ServerContextBase& context);

// Makes OriginOf say `origin` of a call that this process makes to itself.
void SetOrigin(const Origin& origin, grpc::ClientContext* context);

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_TELEMETRY_ORIGIN_H_
