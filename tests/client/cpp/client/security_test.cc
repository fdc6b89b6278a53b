#include "client/cpp/client/security.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "client/cpp/client/client.h"
#include "client/cpp/client/error.h"
#include "client/cpp/client/evaluation_stream.h"
#include "tests/support/certificates.h"
#include "tests/support/rectifierd_process.h"
#include "tests/support/temporary_directory.h"

namespace rectifier::client {
namespace {

using rectifier::testing::CertificateAuthority;
using rectifier::testing::Identity;
using rectifier::testing::RectifierdProcess;
using rectifier::testing::TemporaryDirectory;
using ::testing::HasSubstr;

constexpr char kToken[] = "0123456789abcdef";

std::string ProblemOf(const Security& security, const std::string& target = "localhost:1") {
  return std::string(OpenChannel(target, security).status().message());
}

TEST(SecurityTest, NamesWhatIsAtFault) {
  const TemporaryDirectory directory;
  const std::string junk = directory.Write("junk", "junk");
  EXPECT_THAT(ProblemOf({.tls_ca = "/none"}), HasSubstr("tls_ca: /none: No such file"));
  EXPECT_THAT(ProblemOf({.tls_ca = junk}), HasSubstr("tls_ca: " + junk + ": the file holds none"));
  EXPECT_THAT(ProblemOf({.tls_certificate = junk}), HasSubstr("needed together"));
  EXPECT_THAT(ProblemOf({.tls_certificate = junk, .tls_key = junk}), HasSubstr("tls_ca: it is"));
  EXPECT_THAT(ProblemOf({.tls_server_name = "a"}), HasSubstr("tls_ca: it is needed"));
  EXPECT_THAT(ProblemOf({.token_file = "/none"}), HasSubstr("token_file: /none: No such file"));
  EXPECT_THAT(ProblemOf({.token_file = directory.Write("empty", "")}), HasSubstr("is empty"));
  EXPECT_THAT(ProblemOf({.token_file = directory.Write("blank", "\n")}), HasSubstr("no token"));
  EXPECT_THAT(ProblemOf({.token = "a b"}), HasSubstr("token: a token has letters"));
  EXPECT_THAT(ProblemOf({.token = "a", .token_file = junk}), HasSubstr("given as well"));
}

TEST(SecurityTest, SendsATokenWhereNobodyListensAlone) {
  const Security security{.token = kToken};
  for (const char* here : {"unix:/a", "localhost:1", "127.0.0.1:1", "[::1]:1", "dns:///localhost:1",
                           "ipv4:127.0.0.1:1"}) {
    EXPECT_EQ(ProblemOf(security, here), "") << here;
  }
  for (const char* there : {"example.org:1", "10.0.0.1:1", "dns:///example.org:1",
                            "127.example.org:1", "ipv4:127.0.0.1:1,10.0.0.1:1"}) {
    EXPECT_THAT(ProblemOf(security, there), HasSubstr("in the open")) << there;
    EXPECT_EQ(ProblemOf({.tls_ca = "system", .token = kToken}, there), "") << there;
  }
}

TEST(SecurityTest, ConnectsByTlsWithCertificateAndToken) {
  const TemporaryDirectory directory;
  const CertificateAuthority authority(directory, "authority");
  const Identity server = authority.Issue("server", "DNS:rectifier.example");
  const Identity self = authority.Issue("client", "DNS:client");
  const std::string tokens = directory.Write("tokens", std::string("alice plain:") + kToken + "\n");
  const RectifierdProcess process(
      {"--tls_certificate=" + server.certificate, "--tls_key=" + server.key,
       "--tls_client_ca=" + authority.certificate(), "--tokens_file=" + tokens});
  Security security{.tls_ca = authority.certificate(),
                    .tls_certificate = self.certificate,
                    .tls_key = self.key,
                    .tls_server_name = "rectifier.example",
                    .token_file = directory.Write("token", std::string(kToken) + "\n")};
  absl::StatusOr<Client> client = Client::Connect(process.tcp_target(), security);
  ASSERT_TRUE(client.ok()) << client.status();
  EXPECT_TRUE(client->GetServerInfo().ok());
  const auto stream =
      client->EvaluateStream({.activation = "relu", .type = ElementType::kFloat32, .shape = {0}});
  stream->WritesDone();
  while (stream->Read().has_value()) {
  }
  EXPECT_EQ(stream->Finish().code(), absl::StatusCode::kOk);

  security.token_file.clear();
  EXPECT_EQ(GetReason(Client::Connect(process.tcp_target(), security)->GetServerInfo().status()),
            "TOKEN_MISSING");
}

}  // namespace
}  // namespace rectifier::client
