#include "server/security/tls_credentials.h"

#include <utility>

#include "grpc/grpc.h"
#include "grpcpp/version_info.h"

// The base class of later versions of gRPC holds credentials of its own, which here are none.
#if GRPC_CPP_VERSION_MAJOR == 1 && GRPC_CPP_VERSION_MINOR <= 51
#define RECTIFIER_NO_CREDENTIALS
#else
#define RECTIFIER_NO_CREDENTIALS nullptr
#endif

namespace rectifier {

TlsCredentials::TlsCredentials(TlsMaterial material)
    : grpc::ServerCredentials(RECTIFIER_NO_CREDENTIALS),
      asks_clients_(!material.client_ca.empty()),
      material_(std::move(material)) {}

void TlsCredentials::Replace(TlsMaterial material) {
  const absl::MutexLock lock(&mutex_);
  material_ = std::move(material);
  ++generation_;
}

TlsMaterial TlsCredentials::material() const {
  const absl::MutexLock lock(&mutex_);
  return material_;
}

uint64_t TlsCredentials::generation() const {
  const absl::MutexLock lock(&mutex_);
  return generation_;
}

void TlsCredentials::SetAuthMetadataProcessor(
    const std::shared_ptr<grpc::AuthMetadataProcessor>& /*processor*/) {}  // access.h does it

int TlsCredentials::AddPortToServer(const std::string& address, grpc_server* server) {
  Place* place;
  {
    const absl::MutexLock lock(&mutex_);
    place = &places_.emplace_back(Place{.owner = this});
  }
  const auto request = asks_clients_ ? GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY
                                     : GRPC_SSL_DONT_REQUEST_CLIENT_CERTIFICATE;
  grpc_server_credentials* credentials = grpc_ssl_server_credentials_create_with_options(
      // cppcheck-suppress danglingTemporaryLifetime; the place is in the list
      grpc_ssl_server_credentials_create_options_using_config_fetcher(request, Fetch, place));
  const int port = grpc_server_add_http2_port(server, address.c_str(), credentials);
  grpc_server_credentials_release(credentials);
  return port;
}

grpc_ssl_certificate_config_reload_status TlsCredentials::Fetch(
    void* place, grpc_ssl_server_certificate_config** config) {
  auto* const asking = static_cast<Place*>(place);
  TlsCredentials& owner = *asking->owner;
  const absl::MutexLock lock(&owner.mutex_);
  if (asking->generation == owner.generation_) return GRPC_SSL_CERTIFICATE_CONFIG_RELOAD_UNCHANGED;
  asking->generation = owner.generation_;
  const grpc_ssl_pem_key_cert_pair pair = {owner.material_.key.c_str(),
                                           owner.material_.certificate.c_str()};
  // gRPC wants authorities also where it asks clients for nothing.
  const std::string& authorities =
      owner.asks_clients_ ? owner.material_.client_ca : owner.material_.certificate;
  *config = grpc_ssl_server_certificate_config_create(authorities.c_str(), &pair, 1);
  return GRPC_SSL_CERTIFICATE_CONFIG_RELOAD_NEW;
}

}  // namespace rectifier
