#include "server/http/peer_certificate.h"

#include <arpa/inet.h>
#include <openssl/x509v3.h>

#include <memory>

namespace rectifier::http {
namespace {

template <auto kFree>
struct Free {
  template <class T>
  void operator()(T* object) const {
    kFree(object);
  }
};

std::string Text(const ASN1_STRING* text) {
  return std::string(reinterpret_cast<const char*>(ASN1_STRING_get0_data(text)),
                     static_cast<size_t>(ASN1_STRING_length(text)));
}

// Empty where the address is none.
std::string Address(const ASN1_OCTET_STRING* octets) {
  char text[INET6_ADDRSTRLEN];
  const int bytes = ASN1_STRING_length(octets);
  const int family = bytes == 4 ? AF_INET : bytes == 16 ? AF_INET6 : AF_UNSPEC;
  if (family == AF_UNSPEC) return "";
  inet_ntop(family, ASN1_STRING_get0_data(octets), text, sizeof(text));
  return text;
}

std::string NameOf(const GENERAL_NAME& name) {
  switch (name.type) {
    case GEN_DNS:
      return Text(name.d.dNSName);
    case GEN_URI:
      return Text(name.d.uniformResourceIdentifier);
    case GEN_EMAIL:
      return Text(name.d.rfc822Name);
    case GEN_IPADD:
      return Address(name.d.iPAddress);
    default:
      return "";
  }
}

}  // namespace

std::vector<std::string> PeerCertificateNames(const SSL* connection) {
  std::vector<std::string> names;
  const std::unique_ptr<X509, Free<X509_free>> certificate(SSL_get1_peer_certificate(connection));
  if (certificate == nullptr) return names;
  const std::unique_ptr<GENERAL_NAMES, Free<GENERAL_NAMES_free>> alternatives(
      static_cast<GENERAL_NAMES*>(
          X509_get_ext_d2i(certificate.get(), NID_subject_alt_name, nullptr, nullptr)));
  for (int i = 0; alternatives != nullptr && i < sk_GENERAL_NAME_num(alternatives.get()); ++i) {
    const std::string name = NameOf(*sk_GENERAL_NAME_value(alternatives.get(), i));
    if (!name.empty()) names.push_back(name);
  }
  const X509_NAME* const subject = X509_get_subject_name(certificate.get());
  const int common = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
  if (common >= 0) {
    names.push_back(Text(X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, common))));
  }
  return names;
}

}  // namespace rectifier::http
