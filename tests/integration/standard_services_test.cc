// Services of gRPC itself on the same port: reflection and channelz. (Health: health_test.cc.)
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "grpcpp/client_context.h"
#include "grpcpp/completion_queue.h"
#include "grpcpp/generic/generic_stub.h"
#include "tests/support/evaluate.h"
#include "tests/support/raw_call.h"
#include "tests/support/rectifierd_process.h"

namespace rectifier::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

// One question on a reflection stream.
std::string AskReflection(const std::shared_ptr<grpc::Channel>& channel,
                          const std::string& question) {
  grpc::GenericStub stub(channel);
  grpc::ClientContext context;
  grpc::CompletionQueue queue;
  void* tag;
  bool ok;
  const auto stream = stub.PrepareCall(
      &context, "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo", &queue);
  stream->StartCall(nullptr);
  queue.Next(&tag, &ok);
  stream->WriteLast(ToByteBuffer(question), grpc::WriteOptions(), nullptr);
  queue.Next(&tag, &ok);
  grpc::ByteBuffer answer;
  stream->Read(&answer, nullptr);
  queue.Next(&tag, &ok);
  grpc::Status status;
  stream->Finish(&status, nullptr);
  queue.Next(&tag, &ok);
  return ToString(answer);
}

TEST(ReflectionTest, ListsTheServicesAndDescribesOurs) {
  RectifierdProcess server;
  const auto channel = Connect(server.tcp_target());
  const std::string list_services = std::string("\x3a\x01*");  // field 7, a string
  EXPECT_THAT(AskReflection(channel, list_services),
              AllOf(HasSubstr("rectifier.v1.ActivationService"), HasSubstr("grpc.health.v1.Health"),
                    HasSubstr("grpc.channelz.v1.Channelz")));
  const std::string symbol = "rectifier.v1.ActivationService";
  const std::string file_containing_symbol =
      std::string("\x22") + static_cast<char>(symbol.size()) + symbol;  // field 4, a string
  EXPECT_THAT(AskReflection(channel, file_containing_symbol),
              AllOf(HasSubstr("EvaluateRequest"), HasSubstr("ListActivations")));
}

TEST(ChannelzTest, ListsTheServer) {
  RectifierdProcess server;
  const RawReply reply =
      CallRaw(Connect(server.unix_target()), "/grpc.channelz.v1.Channelz/GetServers", "");
  EXPECT_TRUE(reply.status.ok()) << reply.status.error_message();
  EXPECT_FALSE(reply.bytes.empty());
}

}  // namespace
}  // namespace rectifier::testing
