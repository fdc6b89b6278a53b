#include "server/status.h"

#include <gtest/gtest.h>

#include <string>

#include "absl/strings/match.h"
#include "core/field_error.h"
#include "rectifier/v1/status.pb.h"
#include "tests/support/evaluate.h"

namespace rectifier {
namespace {

using testing::DetailsOf;
using testing::ErrorDetails;

TEST(StatusTest, FieldErrorBecomesBadRequestAndErrorInfo) {
  const grpc::Status status = ToGrpcStatus(
      FieldError({.path = "tensors[0].data", .description = "too short", .reason = "SHORT"}));
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(status.error_message(), "tensors[0].data: too short");
  const ErrorDetails details = DetailsOf(status);
  EXPECT_EQ(details.field, "tensors[0].data");
  EXPECT_EQ(details.description, "too short");
  EXPECT_EQ(details.reason, "SHORT");
  EXPECT_EQ(details.domain, "rectifier.v1");
  EXPECT_FALSE(details.retry_delay.has_value());
}

TEST(StatusTest, RetryLaterCarriesItsDelay) {
  const absl::Duration delay = absl::Milliseconds(1500);
  const absl::Status error =
      RetryLater(absl::StatusCode::kResourceExhausted, "FULL", "no room", delay);
  EXPECT_EQ(RetryDelay(error), delay);
  const grpc::Status status = ToGrpcStatus(error);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(DetailsOf(status).reason, "FULL");
  EXPECT_EQ(DetailsOf(status).retry_delay, delay);
}

TEST(StatusTest, DefectsBecomeInternalAndTellNothing) {
  for (const absl::Status& defect :
       {absl::InternalError("at 0x7fff"), absl::UnknownError("/root/key"),
        absl::FailedPreconditionError("b")}) {
    const grpc::Status status = ToGrpcStatus(defect);
    EXPECT_EQ(status.error_code(), grpc::StatusCode::INTERNAL);
    EXPECT_EQ(status.error_message(), "a defect of the server, which has logged it");
    EXPECT_EQ(DetailsOf(status).reason, "INTERNAL");
  }
}

TEST(StatusTest, WhatIsNotFoundKeepsItsReason) {
  const grpc::Status status =
      ToGrpcStatus(ErrorWithReason(absl::StatusCode::kNotFound, "UNKNOWN_SHARED_BUFFER", "gone"));
  EXPECT_EQ(status.error_code(), grpc::StatusCode::NOT_FOUND);
  EXPECT_EQ(DetailsOf(status).reason, "UNKNOWN_SHARED_BUFFER");
}

TEST(StatusTest, AFieldMayBeNotFound) {
  const grpc::Status status = ToGrpcStatus(PrefixField(
      "tensors[3].", FieldError({"region.token", "names no buffer", "UNKNOWN_SHARED_BUFFER"},
                                absl::StatusCode::kNotFound)));
  EXPECT_EQ(status.error_code(), grpc::StatusCode::NOT_FOUND);
  EXPECT_EQ(DetailsOf(status).field, "tensors[3].region.token");
  EXPECT_EQ(DetailsOf(status).reason, "UNKNOWN_SHARED_BUFFER");
}

TEST(StatusTest, TheElementAtFaultIsMetadataOfTheReason) {
  const grpc::Status status = ToGrpcStatus(FieldError({"x", "is wrong", "WRONG", 17}));
  v1::Status rich;
  ASSERT_TRUE(rich.ParseFromString(status.error_details()));
  for (const auto& detail : rich.details()) {
    v1::ErrorInfo info;
    if (!absl::EndsWith(detail.type_url(), "google.rpc.ErrorInfo")) continue;
    ASSERT_TRUE(info.ParseFromString(detail.value()));
    EXPECT_EQ(info.metadata().at("element"), "17");
  }
}

TEST(StatusTest, StoppedCallsKeepTheirCode) {
  EXPECT_EQ(ToGrpcStatus(absl::CancelledError("c")).error_code(), grpc::StatusCode::CANCELLED);
  EXPECT_EQ(ToGrpcStatus(absl::DeadlineExceededError("d")).error_code(),
            grpc::StatusCode::DEADLINE_EXCEEDED);
  EXPECT_FALSE(RetryDelay(absl::CancelledError("c")).has_value());
  EXPECT_TRUE(ToGrpcStatus(absl::OkStatus()).ok());
}

TEST(StatusTest, CodeNamesAreThoseOfDashboards) {
  EXPECT_EQ(CodeName(grpc::StatusCode::OK), "OK");
  EXPECT_EQ(CodeName(grpc::StatusCode::CANCELLED), "Canceled");
  EXPECT_EQ(CodeName(grpc::StatusCode::INVALID_ARGUMENT), "InvalidArgument");
  EXPECT_EQ(CodeName(grpc::StatusCode::UNAUTHENTICATED), "Unauthenticated");
}

}  // namespace
}  // namespace rectifier
