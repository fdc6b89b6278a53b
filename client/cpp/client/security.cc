#include "client/cpp/client/security.h"

#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "client/cpp/client/channel_arguments.h"

namespace rectifier::client {
namespace {

using Credentials = std::shared_ptr<grpc::ChannelCredentials>;

constexpr char kSystem[] = "system";

absl::Status Wrong(const std::string& what, const std::string& problem) {
  return absl::InvalidArgumentError(absl::StrCat(what, ": ", problem));
}

absl::StatusOr<std::string> ReadFile(const char* what, const std::string& path) {
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  std::string content((std::istreambuf_iterator<char>(file)), {});
  if (file.is_open() && !file.bad() && !content.empty()) return content;
  const char* reason = errno != 0 ? std::strerror(errno) : "the file is empty";
  return Wrong(what, absl::StrCat(path, ": ", reason));
}

// gRPC would say of a file that holds something else only that a handshake failed.
absl::StatusOr<std::string> ReadPem(const char* what, const std::string& path,
                                    absl::string_view marker) {
  absl::StatusOr<std::string> content = ReadFile(what, path);
  if (content.ok() && !absl::StrContains(*content, marker)) {
    return Wrong(what, absl::StrCat(path, ": the file holds none in PEM"));
  }
  return content;
}

absl::StatusOr<Credentials> MakeCredentials(const Security& security) {
  if (security.tls_certificate.empty() != security.tls_key.empty()) {
    return Wrong("tls_certificate", "certificate and tls_key are needed together");
  }
  if (security.tls_ca.empty()) {
    if (security.tls_certificate.empty() && security.tls_server_name.empty()) {
      return grpc::InsecureChannelCredentials();
    }
    return Wrong("tls_ca", "it is needed for TLS; \"system\" stands for what the system trusts");
  }
  grpc::SslCredentialsOptions options;
  struct File {
    const char* what;
    const std::string& path;
    absl::string_view marker;
    std::string* content;
  };
  for (const File& file :
       {File{"tls_ca", security.tls_ca, "-----BEGIN CERT", &options.pem_root_certs},
        File{"tls_certificate", security.tls_certificate, "-----BEGIN CERT",
             &options.pem_cert_chain},
        File{"tls_key", security.tls_key, "PRIVATE KEY-----", &options.pem_private_key}}) {
    if (file.path.empty() || file.path == kSystem) continue;
    absl::StatusOr<std::string> content = ReadPem(file.what, file.path, file.marker);
    if (!content.ok()) return content.status();
    *file.content = *std::move(content);
  }
  return grpc::SslCredentials(options);
}

// Whether nobody between here and `target` can listen.
bool StaysHere(absl::string_view target) {
  absl::ConsumePrefix(&target, "dns:///");
  absl::ConsumePrefix(&target, "ipv4:");
  absl::ConsumePrefix(&target, "ipv6:");
  for (const char* here : {"unix:", "unix-abstract:"}) {
    if (absl::StartsWith(target, here)) return true;
  }
  if (absl::StrContains(target, ',')) return false;  // a list, of which others may be elsewhere
  for (const char* here : {"localhost:", "[::1]:"}) {
    if (absl::StartsWith(target, here)) return true;
  }
  const absl::string_view host = target.substr(0, target.find(':'));
  return absl::StartsWith(host, "127.") &&  // and no name that begins like that
         host.find_first_not_of("0123456789.") == absl::string_view::npos;
}

absl::StatusOr<std::string> ReadToken(const Security& security) {
  if (security.token_file.empty()) return security.token;
  if (!security.token.empty()) return Wrong("token_file", "a token is given as well");
  absl::StatusOr<std::string> content = ReadFile("token_file", security.token_file);
  if (!content.ok()) return content.status();
  return std::string(absl::StripAsciiWhitespace(*content));
}

absl::StatusOr<std::string> MakeAuthorization(const std::string& target, const Security& security) {
  const absl::StatusOr<std::string> token = ReadToken(security);
  if (!token.ok()) return token.status();
  const char* const what = security.token_file.empty() ? "token" : "token_file";
  if (token->empty()) {
    return security.token_file.empty() ? "" : absl::StatusOr<std::string>(Wrong(what, "no token"));
  }
  const bool is_plain = std::all_of(token->begin(), token->end(), [](unsigned char c) {
    return absl::ascii_isalnum(c) || std::strchr("-._~+/=", c) != nullptr;
  });
  if (!is_plain) return Wrong(what, "a token has letters, digits and -._~+/= alone");
  if (security.tls_ca.empty() && !StaysHere(target)) {
    return Wrong(what,
                 absl::StrCat("it would travel to ", target, " in the open; tls_ca turns TLS on"));
  }
  return absl::StrCat("Bearer ", *token);
}

}  // namespace

absl::StatusOr<SecureChannel> OpenChannel(const std::string& target, const Security& security,
                                          int attempts) {
  const absl::StatusOr<Credentials> credentials = MakeCredentials(security);
  if (!credentials.ok()) return credentials.status();
  const absl::StatusOr<std::string> authorization = MakeAuthorization(target, security);
  if (!authorization.ok()) return authorization.status();
  grpc::ChannelArguments arguments = MakeChannelArguments(target, attempts);
  if (!security.tls_server_name.empty()) {
    arguments.SetSslTargetNameOverride(security.tls_server_name);
  }
  return SecureChannel{.channel = grpc::CreateCustomChannel(target, *credentials, arguments),
                       .authorization = *authorization};
}

}  // namespace rectifier::client
