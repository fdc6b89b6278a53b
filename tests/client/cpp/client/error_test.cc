#include "client/cpp/client/error.h"

#include <gmock/gmock.h>
#include <grpcpp/support/status.h>
#include <gtest/gtest.h>

#include <string>

#include "rectifier/v1/status.pb.h"

namespace rectifier::client {
namespace {

using ::testing::IsEmpty;

void AddDetail(v1::Status& status, const std::string& name,
               const google::protobuf::Message& detail) {
  google::protobuf::Any& any = *status.add_details();
  any.set_type_url("type.googleapis.com/google.rpc." + name);
  any.set_value(detail.SerializeAsString());
}

// A status as the server sends it.
grpc::Status RichStatus() {
  v1::BadRequest bad_request;
  v1::BadRequest::FieldViolation& violation = *bad_request.add_field_violations();
  violation.set_field("evaluations[0].inputs");
  violation.set_description("none given");
  v1::ErrorInfo info;
  info.set_reason("WRONG_INPUT_COUNT");
  v1::RetryInfo retry;
  retry.mutable_retry_delay()->set_seconds(1);
  retry.mutable_retry_delay()->set_nanos(500'000'000);
  v1::Status status;
  AddDetail(status, "BadRequest", bad_request);
  AddDetail(status, "ErrorInfo", info);
  AddDetail(status, "RetryInfo", retry);
  return grpc::Status(grpc::StatusCode::INVALID_ARGUMENT, "bad", status.SerializeAsString());
}

TEST(ErrorTest, KeepsCodeMessageAndDetails) {
  const absl::Status status = FromGrpc(RichStatus());
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(status.message(), "bad");
  ASSERT_EQ(GetFieldViolations(status).size(), 1);
  EXPECT_EQ(GetFieldViolations(status)[0].field, "evaluations[0].inputs");
  EXPECT_EQ(GetFieldViolations(status)[0].description, "none given");
  EXPECT_EQ(GetReason(status), "WRONG_INPUT_COUNT");
  EXPECT_EQ(GetRetryDelay(status), absl::Milliseconds(1500));
}

TEST(ErrorTest, HasNoDetailsWhereTheServerSentNone) {
  const absl::Status status = FromGrpc(grpc::Status(grpc::StatusCode::UNAVAILABLE, "gone"));
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(GetFieldViolations(status), IsEmpty());
  EXPECT_EQ(GetReason(status), "");
  EXPECT_FALSE(GetRetryDelay(status).has_value());
}

TEST(ErrorTest, SurvivesDetailsThatAreNoMessage) {
  const absl::Status status =
      FromGrpc(grpc::Status(grpc::StatusCode::INTERNAL, "odd", "\xff\xff\xff"));
  EXPECT_EQ(status.code(), absl::StatusCode::kInternal);
  EXPECT_EQ(GetReason(status), "");
}

TEST(ErrorTest, IsOkWhereGrpcIs) { EXPECT_TRUE(FromGrpc(grpc::Status::OK).ok()); }

}  // namespace
}  // namespace rectifier::client
