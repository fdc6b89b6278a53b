// The command against a server that speaks TLS and asks for a token.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/certificates.h"
#include "tests/support/command.h"
#include "tests/support/rectifierd_process.h"
#include "tests/support/temporary_directory.h"

namespace rectifier::client {
namespace {

using rectifier::testing::CertificateAuthority;
using rectifier::testing::CommandResult;
using rectifier::testing::Identity;
using rectifier::testing::RectifierdProcess;
using rectifier::testing::TemporaryDirectory;
using ::testing::HasSubstr;

constexpr char kToken[] = "0123456789abcdef";

class CommandSecurityTest : public ::testing::Test {
 protected:
  // Runs `rectifier info` with options, and with variables of the environment before it.
  CommandResult Info(const std::vector<std::string>& options,
                     const std::vector<std::string>& variables = {}) const {
    std::vector<std::string> words = {"/usr/bin/env"};
    words.insert(words.end(), variables.begin(), variables.end());
    words.insert(words.end(), {RECTIFIER_COMMAND_PATH, "info", "--target", server_.tcp_target()});
    words.insert(words.end(), options.begin(), options.end());
    return rectifier::testing::RunCommand(words);
  }

  void ExpectError(const CommandResult& result, int exit_code, const std::string& said) const {
    EXPECT_EQ(result.exit_code, exit_code);
    EXPECT_THAT(result.err, HasSubstr(said));
  }

  const TemporaryDirectory directory_;
  const CertificateAuthority authority_{directory_, "authority"};
  const Identity identity_ = authority_.Issue("server", "DNS:localhost,IP:127.0.0.1");
  const std::string token_ = directory_.Write("token", kToken);
  const RectifierdProcess server_{
      {"--tls_certificate=" + identity_.certificate, "--tls_key=" + identity_.key,
       "--tokens_file=" + directory_.Write("tokens", std::string("alice plain:") + kToken)}};
};

TEST_F(CommandSecurityTest, SpeaksTlsAndSendsAToken) {
  const CommandResult by_options =
      Info({"--tls_ca", authority_.certificate(), "--token_file", token_});
  EXPECT_EQ(by_options.exit_code, 0) << by_options.err;
  const std::string ca = "RECTIFIER_TLS_CA=" + authority_.certificate();
  const CommandResult by_environment = Info({}, {ca, std::string("RECTIFIER_TOKEN=") + kToken});
  EXPECT_EQ(by_environment.exit_code, 0) << by_environment.err;
  // A file that is named wins over a token.
  EXPECT_EQ(Info({"--token_file", token_}, {ca, "RECTIFIER_TOKEN=wrong"}).exit_code, 0);
}

TEST_F(CommandSecurityTest, SaysWhatIsMissing) {
  ExpectError(Info({}), 4, "--tls_ca turns TLS on");
  ExpectError(Info({"--tls_ca", authority_.certificate()}), 7, "--token_file or RECTIFIER_TOKEN");
  ExpectError(Info({"--tls_ca", "/none"}), 3, "tls_ca: /none: No such file");
  ExpectError(Info({"--tls_ca", authority_.certificate(), "--token_file", "/none"}), 3,
              "token_file: /none: No such file");
}

TEST_F(CommandSecurityTest, SaysWhyAServerIsNotTrusted) {
  const CertificateAuthority other(directory_, "other");
  ExpectError(Info({"--tls_ca", other.certificate()}), 4, "is not trusted; --tls_ca names");
  ExpectError(Info({"--tls_ca", authority_.certificate(), "--tls_server_name", "elsewhere"}), 4,
              "is for another name; --tls_server_name says");
}

}  // namespace
}  // namespace rectifier::client
