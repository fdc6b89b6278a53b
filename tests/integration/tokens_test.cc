// Bearer tokens of the real server, from a file that changes while it runs.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/evp.h>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "tests/integration/health_watch.h"
#include "tests/integration/reflection_client.h"
#include "tests/integration/wait_for_series.h"
#include "tests/support/command.h"
#include "tests/support/evaluate.h"
#include "tests/support/raw_call.h"
#include "tests/support/rectifierd_process.h"
#include "tests/support/temporary_directory.h"

namespace rectifier::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr char kAlice[] = "alice-0123456789abcdef";
constexpr char kBatch[] = "batch-0123456789abcdef";
constexpr char kNext[] = "next--0123456789abcdef";
constexpr char kReloaded[] =
    "rectifier_credential_reloads_total{credential=\"tokens\",result=\"ok\"}";

std::string Hashed(absl::string_view token) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  EVP_Digest(token.data(), token.size(), digest, &size, EVP_sha256(), nullptr);
  return absl::StrCat("sha256:", absl::BytesToHexString(absl::string_view(
                                     reinterpret_cast<const char*>(digest), size)));
}

// An Evaluate with these values of `authorization`.
Outcome EvaluateWith(const std::string& target, const std::vector<std::string>& authorizations,
                     const v1::EvaluateRequest& request = Ones("relu", 3)) {
  grpc::ClientContext context;
  context.set_deadline(absl::ToChronoTime(absl::Now() + absl::Minutes(1)));
  for (const std::string& value : authorizations) context.AddMetadata("authorization", value);
  Outcome outcome;
  outcome.status = v1::ActivationService::NewStub(Connect(target))
                       ->Evaluate(&context, request, &outcome.response);
  outcome.details = DetailsOf(outcome.status);
  return outcome;
}

std::string Bearer(const std::string& token) { return "Bearer " + token; }

class TokensTest : public ::testing::Test {
 protected:
  const TemporaryDirectory directory_;
  const std::string file_ =
      directory_.Write("tokens", absl::StrCat("# who may call\nalice ", Hashed(kAlice),
                                              "\nbatch plain:", kBatch, " max_bytes=8KiB\n"));
  const std::string flag_ = "--tokens_file=" + file_;
};

TEST_F(TokensTest, CallsNeedATokenOnEveryAddress) {
  RectifierdProcess server({flag_, "--slow_call=0s"});
  for (const std::string& target : {server.unix_target(), server.tcp_target()}) {
    EXPECT_TRUE(EvaluateWith(target, {Bearer(kAlice)}).status.ok());
    EXPECT_TRUE(EvaluateWith(target, {absl::StrCat("bearer ", kBatch)}).status.ok());
    const Outcome missing = EvaluateWith(target, {});
    EXPECT_EQ(missing.status.error_code(), grpc::StatusCode::UNAUTHENTICATED);
    EXPECT_EQ(missing.details.reason, "TOKEN_MISSING");
    for (const std::string& wrong :
         {Bearer("wrong-0123456789abcdef"), Bearer(""), std::string("Bearer"), std::string(kAlice),
          absl::StrCat("Basic ", kAlice), Bearer(std::string(kAlice) + "x")}) {
      const Outcome refused = EvaluateWith(target, {wrong});
      EXPECT_EQ(refused.status.error_code(), grpc::StatusCode::UNAUTHENTICATED) << wrong;
      EXPECT_EQ(refused.details.reason, "TOKEN_UNKNOWN") << wrong;
    }
    EXPECT_EQ(EvaluateWith(target, {Bearer(kAlice), Bearer(kAlice)}).status.error_code(),
              grpc::StatusCode::UNAUTHENTICATED);
  }
  EXPECT_EQ(server.WaitForEvent("call slow")["caller"], "alice");
  EXPECT_TRUE(WaitForSeries(server, "rectifier_caller_calls_total{caller=\"alice\"}", 2));
  EXPECT_TRUE(WaitForSeries(server, "rectifier_denied_total{reason=\"token_missing\"}", 2));
  const nlohmann::json line = server.WaitForEvent("audit");
  EXPECT_EQ(line["action"], "call denied");
  EXPECT_EQ(line["method"], "Evaluate");
  EXPECT_THAT(server.log(), Not(HasSubstr("0123456789abcdef")));
}

TEST_F(TokensTest, EveryMethodButHealthNeedsAToken) {
  const RectifierdProcess server({flag_});
  const auto channel = Connect(server.unix_target());
  for (const char* method : {"ListActivations", "GetServerInfo", "Evaluate"}) {
    const RawReply reply =
        CallRaw(channel, absl::StrCat("/rectifier.v1.ActivationService/", method), "");
    EXPECT_EQ(reply.status.error_code(), grpc::StatusCode::UNAUTHENTICATED) << method;
  }
  EXPECT_EQ(
      RawStream(channel, "/rectifier.v1.ActivationService/EvaluateStream").Finish().error_code(),
      grpc::StatusCode::UNAUTHENTICATED);
  EXPECT_THAT(ReflectionClient(channel, "v1").ListServices(), IsEmpty());
  EXPECT_EQ(CallRaw(channel, "/grpc.channelz.v1.Channelz/GetServers", "").status.error_code(),
            grpc::StatusCode::UNIMPLEMENTED);
  EXPECT_TRUE(CheckHealth(channel, "rectifier.v1.ActivationService").is_serving);
  EXPECT_EQ(RunCommand({RectifierdProcess::Path(), "--probe=" + server.unix_target()}).exit_code,
            0);
}

TEST_F(TokensTest, UnixSocketsAreExemptWhereAFlagSaysSo) {
  const RectifierdProcess server({flag_, "--tokens_required=tcp"});
  EXPECT_TRUE(EvaluateWith(server.unix_target(), {}).status.ok());
  EXPECT_EQ(EvaluateWith(server.tcp_target(), {}).status.error_code(),
            grpc::StatusCode::UNAUTHENTICATED);
  EXPECT_TRUE(EvaluateWith(server.tcp_target(), {Bearer(kAlice)}).status.ok());
}

TEST_F(TokensTest, AFileThatChangesIsReadAgain) {
  const RectifierdProcess server({flag_});
  const auto code = [&](const char* token) {
    return EvaluateWith(server.unix_target(), {Bearer(token)}).status.error_code();
  };
  directory_.Write("tokens", absl::StrCat("alice ", Hashed(kAlice), "\nalice ", Hashed(kNext)));
  EXPECT_TRUE(WaitForSeries(server, kReloaded, 1));
  EXPECT_EQ(code(kAlice), grpc::StatusCode::OK);  // both at once, while callers change over
  EXPECT_EQ(code(kNext), grpc::StatusCode::OK);
  EXPECT_EQ(code(kBatch), grpc::StatusCode::UNAUTHENTICATED);
  directory_.Write("tokens", absl::StrCat("alice ", Hashed(kNext)));
  EXPECT_TRUE(WaitForSeries(server, kReloaded, 2));
  EXPECT_EQ(code(kAlice), grpc::StatusCode::UNAUTHENTICATED);
  EXPECT_EQ(code(kNext), grpc::StatusCode::OK);
}

TEST_F(TokensTest, ABadFileKeepsTheTokensThatWork) {
  RectifierdProcess server({flag_});
  directory_.Write("tokens", absl::StrCat("alice ", Hashed(kNext), "\nbatch ", kBatch, "\n"));
  EXPECT_TRUE(WaitForSeries(
      server, "rectifier_credential_reloads_total{credential=\"tokens\",result=\"failed\"}", 1));
  EXPECT_TRUE(EvaluateWith(server.unix_target(), {Bearer(kAlice)}).status.ok());
  const nlohmann::json line = server.WaitForEvent("audit");
  EXPECT_THAT(line["message"].get<std::string>(), HasSubstr(file_ + ":2: "));
  EXPECT_THAT(server.log(), Not(HasSubstr(kBatch)));
}

TEST_F(TokensTest, QuotasBoundWhatANameHasInProgress) {
  const RectifierdProcess server({flag_});
  const Outcome refused = EvaluateWith(server.unix_target(), {Bearer(kBatch)}, Ones("relu", 1024));
  EXPECT_EQ(refused.status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(refused.details.reason, "CALLER_HAS_TOO_MANY_BYTES");
  EXPECT_TRUE(refused.details.retry_delay.has_value());
  EXPECT_TRUE(EvaluateWith(server.unix_target(), {Bearer(kAlice)}, Ones("relu", 1024)).status.ok());
  EXPECT_TRUE(EvaluateWith(server.unix_target(), {Bearer(kBatch)}).status.ok());
  EXPECT_TRUE(WaitForSeries(server, "rectifier_rejected_total{reason=\"caller_bytes\"}", 1));
}

TEST_F(TokensTest, ABadFileEndsItAsWrongFlagsDo) {
  directory_.Write("tokens", "alice hunter2\n");
  const CommandResult result = RunCommand({RectifierdProcess::Path(), flag_});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.err, HasSubstr("--tokens_file: " + file_ + ":1: "));
  EXPECT_THAT(result.err, Not(HasSubstr("hunter2")));
  EXPECT_EQ(RunCommand({RectifierdProcess::Path(), "--tokens_required=some"}).exit_code, 2);
}

}  // namespace
}  // namespace rectifier::testing
