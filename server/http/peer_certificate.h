// The certificate that a client has shown.
#ifndef RECTIFIER_SERVER_HTTP_PEER_CERTIFICATE_H_
#define RECTIFIER_SERVER_HTTP_PEER_CERTIFICATE_H_

#include <openssl/ssl.h>

#include <string>
#include <vector>

namespace rectifier::http {

// Its subject alternative names and its common name, as gRPC tells them; none where there is no
// certificate.
std::vector<std::string> PeerCertificateNames(const SSL* connection);

}  // namespace rectifier::http

#endif  // RECTIFIER_SERVER_HTTP_PEER_CERTIFICATE_H_
