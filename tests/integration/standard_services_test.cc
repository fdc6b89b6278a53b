// Standard services on the same port: reflection and channelz. (Health: health_test.cc.)
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <string>
#include <vector>

#include "google/protobuf/descriptor.h"
#include "tests/integration/http.h"
#include "tests/integration/reflection_client.h"
#include "tests/support/evaluate.h"
#include "tests/support/raw_call.h"
#include "tests/support/rectifierd_process.h"
#include "tests/support/temporary_directory.h"

namespace rectifier::testing {
namespace {

using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::IsSupersetOf;
using ::testing::Not;

class ReflectionVersionTest : public ::testing::TestWithParam<const char*> {};
INSTANTIATE_TEST_SUITE_P(All, ReflectionVersionTest, ::testing::Values("v1", "v1alpha"));

TEST_P(ReflectionVersionTest, ResolvesEveryServiceItLists) {
  RectifierdProcess server;
  ReflectionClient reflection(Connect(server.tcp_target()), GetParam());
  const std::vector<std::string> services = reflection.ListServices();
  EXPECT_THAT(services,
              IsSupersetOf({"rectifier.v1.ActivationService", "grpc.health.v1.Health",
                            "grpc.channelz.v1.Channelz", "grpc.reflection.v1.ServerReflection",
                            "grpc.reflection.v1alpha.ServerReflection"}));
  google::protobuf::DescriptorPool pool;
  for (const std::string& name : services) {
    EXPECT_TRUE(reflection.Describe(name, &pool)) << name;
    const google::protobuf::ServiceDescriptor* service = pool.FindServiceByName(name);
    ASSERT_NE(service, nullptr) << name;
    EXPECT_GT(service->method_count(), 0) << name;
  }
}

TEST_P(ReflectionVersionTest, ResolvesTheDetailsOfErrors) {
  RectifierdProcess server;
  ReflectionClient reflection(Connect(server.unix_target()), GetParam());
  google::protobuf::DescriptorPool pool;
  for (const char* name : {"google.rpc.Status", "google.rpc.BadRequest", "google.rpc.ErrorInfo",
                           "google.rpc.RetryInfo"}) {
    EXPECT_TRUE(reflection.Describe(name, &pool)) << name;
    EXPECT_NE(pool.FindMessageTypeByName(name), nullptr) << name;
  }
  EXPECT_FALSE(reflection.Describe("google.rpc.NoSuchDetail", &pool));
}

TEST_P(ReflectionVersionTest, IsNoUnknownMethodInTheMetrics) {
  RectifierdProcess server;
  ReflectionClient(Connect(server.tcp_target()), GetParam()).ListServices();
  EXPECT_EQ(SeriesValue(HttpGet(server.metrics_address(), "/metrics").body,
                        "grpc_server_handled_total{grpc_code=\"Unimplemented\",grpc_method="
                        "\"other\",grpc_service=\"other\",grpc_type=\"other\"}"),
            0);
}

TEST_P(ReflectionVersionTest, EndsACallThatAsksNothing) {
  RectifierdProcess server;
  const grpc::Status status =
      ReflectionClient(Connect(server.tcp_target()), GetParam()).SendBytes("\xff");
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
}

TEST_P(ReflectionVersionTest, NeitherHoldsTheEndUpNorIsALostCall) {
  RectifierdProcess server({"--drain_timeout=1h"});
  ReflectionClient reflection(Connect(server.unix_target()), GetParam());
  EXPECT_THAT(reflection.ListServices(), Each(Not(HasSubstr(" "))));
  server.Signal(SIGTERM);
  EXPECT_EQ(server.Wait(), 0) << server.log();
}

grpc::StatusCode AskChannelz(const RectifierdProcess& server) {
  return CallRaw(Connect(server.unix_target()), "/grpc.channelz.v1.Channelz/GetServers", "")
      .status.error_code();
}

TEST_P(ReflectionVersionTest, IsOffWhereOthersReachTheServerUnlessItIsAskedFor) {
  const std::string method =
      std::string("/grpc.reflection.") + GetParam() + ".ServerReflection/ServerReflectionInfo";
  const TemporaryDirectory directory;
  const RectifierdProcess open({"--listen=unix:" + directory.File("s.sock") + ",0.0.0.0:0"});
  EXPECT_EQ(CallRaw(Connect(open.unix_target()), method, "").status.error_code(),
            grpc::StatusCode::UNIMPLEMENTED);
  EXPECT_EQ(AskChannelz(open), grpc::StatusCode::UNIMPLEMENTED);
}

TEST(ChannelzTest, ListsTheServer) {
  RectifierdProcess server;
  const RawReply reply =
      CallRaw(Connect(server.unix_target()), "/grpc.channelz.v1.Channelz/GetServers", "");
  EXPECT_TRUE(reply.status.ok()) << reply.status.error_message();
  EXPECT_FALSE(reply.bytes.empty());
}

TEST(StandardServicesTest, AreSwitchedByFlags) {
  const TemporaryDirectory directory;
  const std::string wide = "--listen=unix:" + directory.File("s.sock") + ",0.0.0.0:0";
  const RectifierdProcess on({wide, "--reflection=on", "--channelz=on"});
  EXPECT_EQ(AskChannelz(on), grpc::StatusCode::OK);
  EXPECT_THAT(ReflectionClient(Connect(on.unix_target()), "v1").ListServices(),
              IsSupersetOf({"grpc.channelz.v1.Channelz"}));
  const RectifierdProcess off({"--channelz=off"});
  EXPECT_EQ(AskChannelz(off), grpc::StatusCode::UNIMPLEMENTED);
  EXPECT_THAT(ReflectionClient(Connect(off.unix_target()), "v1").ListServices(),
              Not(IsSupersetOf({"grpc.channelz.v1.Channelz"})));
}

}  // namespace
}  // namespace rectifier::testing
