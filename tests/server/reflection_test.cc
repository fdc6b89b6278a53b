#include "server/reflection.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "google/protobuf/descriptor.pb.h"
#include "google/protobuf/text_format.h"
#include "grpcpp/support/status.h"

namespace rectifier {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Question = grpc::reflection::v1::ServerReflectionRequest;
using Response = grpc::reflection::v1::ServerReflectionResponse;

Response Ask(const std::string& text) {
  Question question;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &question)) << text;
  const Reflection reflection({"a.Service", "b.Service"});
  return reflection.Answer(question);
}

// The names of the files in an answer.
std::vector<std::string> FilesOf(const Response& response) {
  std::vector<std::string> names;
  for (const std::string& bytes : response.file_descriptor_response().file_descriptor_proto()) {
    google::protobuf::FileDescriptorProto file;
    EXPECT_TRUE(file.ParseFromString(bytes));
    names.push_back(file.name());
  }
  return names;
}

TEST(ReflectionTest, ListsTheServicesItWasGiven) {
  const Response response = Ask("list_services: ''");
  ASSERT_EQ(response.list_services_response().service_size(), 2);
  EXPECT_EQ(response.list_services_response().service(0).name(), "a.Service");
  EXPECT_EQ(response.list_services_response().service(1).name(), "b.Service");
}

TEST(ReflectionTest, AnswersBesideTheQuestion) {
  const Response response = Ask("host: 'here' list_services: '*'");
  EXPECT_EQ(response.valid_host(), "here");
  EXPECT_EQ(response.original_request().list_services(), "*");
}

TEST(ReflectionTest, GivesAFileWithItsImportsAndItselfFirst) {
  const auto files = ElementsAre("google/rpc/status.proto", "google/protobuf/any.proto");
  EXPECT_THAT(FilesOf(Ask("file_by_filename: 'google/rpc/status.proto'")), files);
  EXPECT_THAT(FilesOf(Ask("file_containing_symbol: 'google.rpc.Status'")), files);
}

TEST(ReflectionTest, FindsSymbolsOfEveryKind) {
  for (const char* symbol :
       {"rectifier.v1.ActivationService", "rectifier.v1.ActivationService.Evaluate",
        "rectifier.v1.Tensor", "rectifier.v1.Tensor.shape", "rectifier.v1.ElementType",
        "rectifier.v1.ELEMENT_TYPE_FLOAT32"}) {
    EXPECT_EQ(FilesOf(Ask(std::string("file_containing_symbol: '") + symbol + "'")).front(),
              "rectifier/v1/activation.proto")
        << symbol;
  }
}

TEST(ReflectionTest, KnowsTheDetailsOfErrorsByTheirOwnNames) {
  for (const char* name : {"BadRequest", "ErrorInfo", "RetryInfo"}) {
    EXPECT_EQ(FilesOf(Ask(std::string("file_containing_symbol: 'google.rpc.") + name + "'")),
              (std::vector<std::string>{"google/rpc/error_details.proto",
                                        "google/protobuf/duration.proto"}));
  }
}

TEST(ReflectionTest, KnowsExtensions) {
  const Response none = Ask("all_extension_numbers_of_type: 'rectifier.v1.Tensor'");
  EXPECT_EQ(none.all_extension_numbers_response().base_type_name(), "rectifier.v1.Tensor");
  EXPECT_THAT(none.all_extension_numbers_response().extension_number(), IsEmpty());
}

TEST(ReflectionTest, NamesWhatThereIsNot) {
  const struct {
    const char* question;
    const char* message;
  } cases[] = {
      {"file_by_filename: 'no.proto'", "this server knows no file \"no.proto\""},
      {"file_containing_symbol: 'no.Such'", "this server knows no symbol \"no.Such\""},
      {"file_containing_extension { containing_type: 'rectifier.v1.Tensor' extension_number: 7 }",
       "this server knows no extension 7 of \"rectifier.v1.Tensor\""},
      {"file_containing_extension { containing_type: 'no.Such' extension_number: 1 }",
       "this server knows no extension 1 of \"no.Such\""},
      {"all_extension_numbers_of_type: 'no.Such'", "this server knows no message \"no.Such\""},
  };
  for (const auto& [question, message] : cases) {
    const Response response = Ask(question);
    EXPECT_EQ(response.error_response().error_code(), grpc::StatusCode::NOT_FOUND);
    EXPECT_EQ(response.error_response().error_message(), message);
  }
  EXPECT_EQ(Ask("").error_response().error_code(), grpc::StatusCode::INVALID_ARGUMENT);
}

}  // namespace
}  // namespace rectifier
