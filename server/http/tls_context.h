// What Asio's handshakes take of the server's certificates.
#ifndef RECTIFIER_SERVER_HTTP_TLS_CONTEXT_H_
#define RECTIFIER_SERVER_HTTP_TLS_CONTEXT_H_

#include <boost/asio/ssl/context.hpp>
#include <cstdint>
#include <memory>
#include <utility>

#include "server/security/tls_credentials.h"

namespace rectifier::http {

// Belongs to one thread.
class TlsContext {
 public:
  explicit TlsContext(std::shared_ptr<TlsCredentials> credentials)
      : credentials_(std::move(credentials)) {}

  // That of the credentials' present material. What cannot be used, which has been checked before,
  // leaves the one before in use.
  std::shared_ptr<boost::asio::ssl::context> Current();

 private:
  const std::shared_ptr<TlsCredentials> credentials_;
  uint64_t generation_ = 0;
  std::shared_ptr<boost::asio::ssl::context> context_;
};

}  // namespace rectifier::http

#endif  // RECTIFIER_SERVER_HTTP_TLS_CONTEXT_H_
