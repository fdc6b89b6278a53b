// TLS and mutual TLS of the real server, with certificates that are exchanged while it runs.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <filesystem>

#include "tests/integration/health_watch.h"
#include "tests/integration/wait_for_series.h"
#include "tests/support/certificates.h"
#include "tests/support/command.h"
#include "tests/support/evaluate.h"
#include "tests/support/raw_call.h"
#include "tests/support/rectifierd_process.h"
#include "tests/support/temporary_directory.h"

namespace rectifier::testing {
namespace {

using ::testing::HasSubstr;

constexpr char kHere[] = "DNS:localhost,IP:127.0.0.1";

// The files that a server is started with, in a folder of their own.
class TlsTest : public ::testing::Test {
 protected:
  // Puts the files of `identity` in the place of those that the server watches, one after the
  // other.
  void Install(const Identity& identity) const {
    std::filesystem::rename(identity.certificate, certificate_);
    std::filesystem::rename(identity.key, key_);
  }

  std::vector<std::string> Flags(const std::vector<std::string>& more = {}) const {
    std::vector<std::string> flags = {"--tls_certificate=" + certificate_, "--tls_key=" + key_};
    flags.insert(flags.end(), more.begin(), more.end());
    return flags;
  }

  std::string ClientCa() const { return "--tls_client_ca=" + clients_.certificate(); }

  CommandResult Probe(const RectifierdProcess& server, const std::vector<std::string>& flags) {
    std::vector<std::string> words = {RectifierdProcess::Path(), "--probe=" + server.tcp_target()};
    words.insert(words.end(), flags.begin(), flags.end());
    return RunCommand(words);
  }

  const TemporaryDirectory directory_;
  const CertificateAuthority authority_{directory_, "authority"};
  const CertificateAuthority clients_{directory_, "clients"};
  const std::string certificate_ = directory_.File("server.crt");
  const std::string key_ = directory_.File("server.key");
};

TEST_F(TlsTest, TcpSpeaksTlsAloneAndUnixStaysPlain) {
  Install(authority_.Issue("server", kHere));
  const RectifierdProcess server(Flags());
  const auto secure = ConnectByTls(server.tcp_target(), authority_.certificate());
  EXPECT_TRUE(Evaluate(secure, Ones("relu", 3)).status.ok());
  EXPECT_TRUE(Evaluate(Connect(server.unix_target()), Ones("relu", 3)).status.ok());
  EXPECT_EQ(Evaluate(Connect(server.tcp_target()), Ones("relu", 3)).status.error_code(),
            grpc::StatusCode::UNAVAILABLE);
  const auto distrustful = ConnectByTls(server.tcp_target(), clients_.certificate());
  EXPECT_EQ(Evaluate(distrustful, Ones("relu", 3)).status.error_code(),
            grpc::StatusCode::UNAVAILABLE);
}

TEST_F(TlsTest, OldVersionsAreRefused) {
  Install(authority_.Issue("server", kHere));
  const RectifierdProcess server(Flags());
  const auto connect = [&](const std::string& version) {
    return RunCommand({"/usr/bin/env", "openssl", "s_client", "-connect", server.tcp_target(),
                       version, "-cipher", "ALL:@SECLEVEL=0", "-alpn", "h2"})
        .out;
  };
  EXPECT_THAT(connect("-tls1_1"), HasSubstr("no peer certificate available"));
  EXPECT_THAT(connect("-tls1_2"), HasSubstr("CN = server"));
}

TEST_F(TlsTest, ClientsNeedACertificateOfTheirAuthority) {
  Install(authority_.Issue("server", kHere));
  const RectifierdProcess server(Flags({ClientCa()}));
  const auto code = [&](const Identity& client) {
    const auto channel = ConnectByTls(server.tcp_target(), authority_.certificate(), client);
    return Evaluate(channel, Ones("relu", 3)).status.error_code();
  };
  EXPECT_EQ(code(clients_.Issue("alice", "DNS:alice")), grpc::StatusCode::OK);
  EXPECT_EQ(code({}), grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(code(authority_.Issue("mallory", "DNS:alice")), grpc::StatusCode::UNAVAILABLE);
}

TEST_F(TlsTest, ClientsNeedANameThatIsListed) {
  Install(authority_.Issue("server", kHere));
  RectifierdProcess server(
      Flags({ClientCa(), "--tls_allowed_names=bob.example,spiffe://example/carol,dave"}));
  const auto evaluate = [&](const Identity& client) {
    const auto channel = ConnectByTls(server.tcp_target(), authority_.certificate(), client);
    return Evaluate(channel, Ones("relu", 3));
  };
  EXPECT_TRUE(evaluate(clients_.Issue("bob", "DNS:x,DNS:bob.example")).status.ok());
  EXPECT_TRUE(evaluate(clients_.Issue("carol", "URI:spiffe://example/carol")).status.ok());
  EXPECT_TRUE(evaluate(clients_.Issue("dave", "DNS:y")).status.ok());
  const Outcome refused = evaluate(clients_.Issue("mallory", "DNS:mallory.example"));
  EXPECT_EQ(refused.status.error_code(), grpc::StatusCode::PERMISSION_DENIED);
  EXPECT_EQ(refused.details.reason, "CERTIFICATE_NAME_NOT_ALLOWED");
  EXPECT_THAT(refused.status.error_message(), HasSubstr("mallory.example"));
  EXPECT_EQ(server.WaitForEvent("audit")["reason"], "certificate_name");
  EXPECT_TRUE(Evaluate(Connect(server.unix_target()), Ones("relu", 3)).status.ok());
  EXPECT_TRUE(WaitForSeries(server, "rectifier_caller_calls_total{caller=\"bob.example\"}", 1));
  EXPECT_TRUE(WaitForSeries(server, "rectifier_denied_total{reason=\"certificate_name\"}", 1));
}

TEST_F(TlsTest, ANewCertificateIsTakenWithoutLosingAConnection) {
  Install(authority_.Issue("server", kHere));
  const RectifierdProcess server(Flags());
  const auto before = ConnectByTls(server.tcp_target(), authority_.certificate());
  HealthWatch watch(before, kReadinessName);
  EXPECT_EQ(watch.Next(), true);
  const CertificateAuthority successor(directory_, "successor");
  Install(successor.Issue("server", kHere));
  EXPECT_TRUE(WaitForSeries(
      server, "rectifier_credential_reloads_total{credential=\"tls\",result=\"ok\"}", 1));
  const auto after = ConnectByTls(server.tcp_target(), successor.certificate());
  EXPECT_TRUE(Evaluate(after, Ones("relu", 3)).status.ok());
  EXPECT_TRUE(Evaluate(before, Ones("relu", 3)).status.ok());
  const auto late = ConnectByTls(server.tcp_target(), authority_.certificate());
  EXPECT_EQ(Evaluate(late, Ones("relu", 3)).status.error_code(), grpc::StatusCode::UNAVAILABLE);
  server.Signal(SIGTERM);
  EXPECT_EQ(watch.Next(), false);  // the stream of before lives to the end
}

TEST_F(TlsTest, ABadFileKeepsTheCertificateThatWorks) {
  Install(authority_.Issue("server", kHere));
  RectifierdProcess server(Flags());
  const std::string failed =
      "rectifier_credential_reloads_total{credential=\"tls\",result=\"failed\"}";
  directory_.Write("server.crt", "-----BEGIN CERTIFICATE-----\nnonsense\n");
  EXPECT_TRUE(WaitForSeries(server, failed, 1));
  const auto channel = ConnectByTls(server.tcp_target(), authority_.certificate());
  EXPECT_TRUE(Evaluate(channel, Ones("relu", 3)).status.ok());
  const nlohmann::json line = server.WaitForEvent("audit");
  EXPECT_EQ(line["action"], "reload failed");
  EXPECT_THAT(line["message"].get<std::string>(), HasSubstr(certificate_));
  std::filesystem::remove(certificate_);
  EXPECT_TRUE(WaitForSeries(server, failed, 2));
  Install(authority_.Issue("server", kHere));
  EXPECT_TRUE(WaitForSeries(
      server, "rectifier_credential_reloads_total{credential=\"tls\",result=\"ok\"}", 1));
}

TEST_F(TlsTest, FilesThatDoNotFitEndItAsWrongFlagsDo) {
  Install(authority_.Issue("server", kHere));
  const Identity other = authority_.Issue("other", kHere);
  const std::string junk = directory_.Write("junk", "junk");
  const std::string certificate = "--tls_certificate=" + certificate_;
  const std::string key = "--tls_key=" + key_;
  const struct {
    std::vector<std::string> flags;
    std::string said;
  } cases[] = {
      {{certificate},
       "--tls_certificate: \"" + certificate_ + "\" given; --tls_key is needed, too"},
      {{key}, "--tls_key: \"" + key_ + "\" given; --tls_certificate is needed, too"},
      {{certificate, "--tls_key=/none"}, "--tls_key: \"/none\" given; No such file or directory"},
      {{certificate, "--tls_key=" + junk}, "it holds no private key"},
      {{"--tls_certificate=" + junk, key}, "it holds no certificate"},
      {{certificate, "--tls_key=" + other.key}, "it is not the key of the certificate"},
      {{certificate, key, "--tls_client_ca=" + junk}, "--tls_client_ca: \"" + junk + "\" given"},
      {{certificate, key, "--tls_allowed_names=a"}, "--tls_client_ca is needed, too"},
      {{ClientCa()}, "--tls_certificate is needed, too"},
  };
  for (const auto& [flags, said] : cases) {
    std::vector<std::string> words = {RectifierdProcess::Path()};
    words.insert(words.end(), flags.begin(), flags.end());
    const CommandResult result = RunCommand(words);
    EXPECT_EQ(result.exit_code, 2);
    EXPECT_THAT(result.err, HasSubstr(said));
  }
}

TEST_F(TlsTest, ProbeSpeaksTls) {
  Install(authority_.Issue("server", "DNS:rectifier.example"));
  const RectifierdProcess server(Flags({ClientCa()}));
  const Identity client = clients_.Issue("probe", "DNS:probe");
  const std::vector<std::string> known = {"--tls_ca=" + authority_.certificate(),
                                          "--tls_certificate=" + client.certificate,
                                          "--tls_key=" + client.key};
  std::vector<std::string> named = known;
  named.push_back("--tls_server_name=rectifier.example");
  const CommandResult good = Probe(server, named);
  EXPECT_EQ(good.exit_code, 0) << good.err;
  EXPECT_EQ(Probe(server, known).exit_code, 1);  // the certificate is not for 127.0.0.1
  EXPECT_EQ(Probe(server, {}).exit_code, 1);
  EXPECT_EQ(Probe(server, {"--tls_ca=/none"}).exit_code, 2);
}

TEST_F(TlsTest, HealthIsAskedInPlainTextAtAnAddressOfItsOwn) {
  Install(authority_.Issue("server", kHere));
  RectifierdProcess server(Flags({ClientCa(), "--health_listen=127.0.0.1:0", "--drain_delay=1h"}));
  const std::string address = server.WaitForEvent("serving")["health"];
  const auto channel = Connect(address);
  EXPECT_TRUE(CheckHealth(channel, kReadinessName).is_serving);
  HealthWatch watch(channel, kReadinessName);
  EXPECT_EQ(watch.Next(), true);
  EXPECT_EQ(Evaluate(channel, Ones("relu", 3)).status.error_code(),
            grpc::StatusCode::UNIMPLEMENTED);
  for (const char* method :
       {"/grpc.channelz.v1.Channelz/GetServers", "/rectifier.v1.ActivationService/GetServerInfo",
        "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo"}) {
    EXPECT_EQ(CallRaw(channel, method, "").status.error_code(), grpc::StatusCode::UNIMPLEMENTED)
        << method;
  }
  EXPECT_EQ(
      RunCommand({RectifierdProcess::Path(), "--probe", "--health_listen=" + address}).exit_code,
      0);
  server.Signal(SIGTERM);
  EXPECT_EQ(watch.Next(), false);
}

}  // namespace
}  // namespace rectifier::testing
