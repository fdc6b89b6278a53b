#include "tests/support/certificates.h"

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <vector>

#include "grpcpp/create_channel.h"
#include "grpcpp/security/credentials.h"
#include "tests/support/command.h"

namespace rectifier::testing {
namespace {

void RunOpenssl(std::vector<std::string> words) {
  words.insert(words.begin(), {"/usr/bin/env", "openssl"});
  const CommandResult result = RunCommand(words);
  if (result.exit_code == 0) return;
  std::fprintf(stderr, "openssl %s: %s\n", words[2].c_str(), result.err.c_str());
  std::abort();
}

// The arguments that both kinds of requests begin with: a new key of the kind that is quickest.
std::vector<std::string> Request(const Identity& identity, const std::string& name) {
  return {"req",    "-newkey", "ec",         "-pkeyopt", "ec_paramgen_curve:prime256v1",
          "-nodes", "-keyout", identity.key, "-subj",    "/CN=" + name};
}

}  // namespace

CertificateAuthority::CertificateAuthority(const TemporaryDirectory& directory,
                                           const std::string& name)
    : directory_(directory),
      name_(name),
      identity_{directory.File(name + ".crt"), directory.File(name + ".key")} {
  std::vector<std::string> words = Request(identity_, name);
  words.insert(words.end(), {"-x509", "-days", "2", "-out", identity_.certificate});
  RunOpenssl(words);
}

Identity CertificateAuthority::Issue(const std::string& name,
                                     const std::string& alternatives) const {
  const std::string stem = name_ + "-" + name;
  const Identity identity{directory_.File(stem + ".crt"), directory_.File(stem + ".key")};
  const std::string request = directory_.File(stem + ".csr");
  std::vector<std::string> words = Request(identity, name);
  words.insert(words.end(), {"-addext", "subjectAltName=" + alternatives, "-out", request});
  RunOpenssl(words);
  RunOpenssl({"x509", "-req", "-in", request, "-CA", identity_.certificate, "-CAkey", identity_.key,
              "-CAcreateserial", "-days", "2", "-copy_extensions", "copy", "-out",
              identity.certificate});
  return identity;
}

std::string ReadWhole(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::shared_ptr<grpc::Channel> ConnectByTls(const std::string& target, const std::string& ca,
                                            const Identity& client) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  grpc::SslCredentialsOptions options{.pem_root_certs = ReadWhole(ca)};
  if (!client.certificate.empty()) {
    options.pem_cert_chain = ReadWhole(client.certificate);
    options.pem_private_key = ReadWhole(client.key);
  }
  return grpc::CreateCustomChannel(target, grpc::SslCredentials(options), arguments);
}

}  // namespace rectifier::testing
