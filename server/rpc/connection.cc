#include "server/rpc/connection.h"

#include <cstring>
#include <memory>

#include "absl/base/const_init.h"
#include "absl/synchronization/mutex.h"
#include "grpcpp/security/auth_context.h"

namespace rectifier {
namespace {

constexpr char kProperty[] = "rectifier_connection";

}  // namespace

// gRPC's object for what is known of a peer belongs to the connection, and its properties are no
// secret of gRPC's alone; so a number is left there, with the connection's first call.
uint64_t ConnectionOf(const grpc::ServerContextBase& context) {
  static absl::Mutex mutex(absl::kConstInit);
  static uint64_t last = 0;
  const std::shared_ptr<const grpc::AuthContext> peer = context.auth_context();
  if (peer == nullptr) return 0;
  const absl::MutexLock lock(&mutex);
  uint64_t number = 0;
  for (auto property = peer->begin(); property != peer->end(); ++property) {
    const auto [name, value] = *property;
    if (name != kProperty || value.size() != sizeof(number)) continue;
    std::memcpy(&number, value.data(), sizeof(number));
    return number;
  }
  number = ++last;
  // The context is const because it is shared; here the mutex guards it.
  std::const_pointer_cast<grpc::AuthContext>(peer)->AddProperty(
      kProperty, grpc::string_ref(reinterpret_cast<const char*>(&number), sizeof(number)));
  return number;
}

}  // namespace rectifier
