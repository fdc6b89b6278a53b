#include "server/http/tls_context.h"

#include "server/telemetry/logging.h"

namespace rectifier::http {
namespace {

namespace ssl = boost::asio::ssl;

// TLS 1.2 is the oldest version, as over gRPC. A session is not taken up again, so that each
// handshake asks for the certificate of the client.
std::shared_ptr<ssl::context> MakeContext(const TlsMaterial& material) {
  auto context = std::make_shared<ssl::context>(ssl::context::tls_server);
  context->use_certificate_chain(boost::asio::buffer(material.certificate));
  context->use_private_key(boost::asio::buffer(material.key), ssl::context::pem);
  SSL_CTX* const native = context->native_handle();
  SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION);
  SSL_CTX_set_session_cache_mode(native, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_num_tickets(native, 0);
  SSL_CTX_set_options(native, SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION);
  if (!material.client_ca.empty()) {
    context->add_certificate_authority(boost::asio::buffer(material.client_ca));
    context->set_verify_mode(ssl::verify_peer | ssl::verify_fail_if_no_peer_cert);
  }
  return context;
}

}  // namespace

std::shared_ptr<ssl::context> TlsContext::Current() {
  const uint64_t generation = credentials_->generation();
  if (generation == generation_) return context_;
  generation_ = generation;
  try {
    context_ = MakeContext(credentials_->material());
  } catch (const boost::system::system_error& error) {
    LogEvent(LogLevel::err, "http certificate not taken", {{"message", error.what()}});
  }
  return context_;
}

}  // namespace rectifier::http
