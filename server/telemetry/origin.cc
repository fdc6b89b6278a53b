#include "server/telemetry/origin.h"

#include <openssl/crypto.h>
#include <sys/random.h>

#include <atomic>
#include <cstdlib>
#include <memory>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "grpc/grpc_security_constants.h"
#include "grpcpp/security/auth_context.h"

namespace rectifier {
namespace {

constexpr char kKey[] = "rectifier-origin-bin";
constexpr size_t kSecretBytes = 32;

// Known to this process alone, so that what begins with it was said by it.
const std::string& Secret() {
  static const std::string* const secret = [] {
    auto* const made = new std::string(kSecretBytes, '\0');
    if (getrandom(made->data(), made->size(), 0) != static_cast<ssize_t>(made->size())) {
      std::abort();  // which the kernel does not do for so few bytes
    }
    return made;
  }();
  return *secret;
}

// Whether SetOrigin has ever said anything. Without HTTP it has not, and no call pays for a look
// into its metadata.
std::atomic<bool> has_said = false;

// What SetOrigin has said after the secret; empty where it was not said.
absl::string_view SaidBySelf(const grpc::ServerContextBase& context) {
  if (!has_said.load(std::memory_order_relaxed)) return {};
  const auto& metadata = context.client_metadata();
  const auto entry = metadata.find(kKey);
  if (entry == metadata.end() || entry->second.size() < kSecretBytes) return {};
  const absl::string_view value(entry->second.data(), entry->second.size());
  if (CRYPTO_memcmp(value.data(), Secret().data(), kSecretBytes) != 0) return {};
  return value.substr(kSecretBytes);
}

std::vector<std::string> CertificateNames(const grpc::ServerContextBase& context) {
  std::vector<std::string> names;
  const std::shared_ptr<const grpc::AuthContext> peer = context.auth_context();
  if (peer == nullptr || !peer->IsPeerAuthenticated()) return names;
  for (const char* property : {GRPC_X509_SAN_PROPERTY_NAME, GRPC_X509_CN_PROPERTY_NAME}) {
    for (const grpc::string_ref& name : peer->FindPropertyValues(property)) {
      names.emplace_back(name.data(), name.size());
    }
  }
  return names;
}

bool IsUnix(absl::string_view peer) { return absl::StartsWith(peer, "unix"); }
bool IsTcp(absl::string_view peer) { return absl::StartsWith(peer, "ipv"); }

}  // namespace

// The connections within the process are unix sockets without a name.
Peer PeerOf(const grpc::ServerContextBase& context) {
  Peer peer{.name = context.peer()};
  if (IsTcp(peer.name)) return peer;
  const absl::string_view said = SaidBySelf(context);
  if (!said.empty()) {
    return {.name = std::string(said.substr(0, said.find('\0'))), .transport = Transport::kHttp};
  }
  if (IsUnix(peer.name)) peer.transport = Transport::kUnix;
  return peer;
}

Origin OriginOf(const grpc::ServerContextBase& context) {
  Origin origin{.peer = PeerOf(context), .certificate_names = CertificateNames(context)};
  origin.is_unix = IsUnix(origin.peer.name);
  if (origin.peer.transport != Transport::kHttp) return origin;
  const std::vector<std::string> parts = absl::StrSplit(SaidBySelf(context), '\0');
  origin.certificate_names.assign(parts.begin() + 1, parts.end());
  return origin;
}

void SetOrigin(const Origin& origin, grpc::ClientContext* context) {
  has_said.store(true, std::memory_order_relaxed);
  std::string value = absl::StrCat(Secret(), origin.peer.name);
  for (const std::string& name : origin.certificate_names) {
    // A name with the separator in it would be several.
    if (!absl::StrContains(name, '\0')) absl::StrAppend(&value, absl::string_view("\0", 1), name);
  }
  context->AddMetadata(kKey, value);
}

}  // namespace rectifier
