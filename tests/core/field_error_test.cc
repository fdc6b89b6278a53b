#include "core/field_error.h"

#include "gtest/gtest.h"

namespace rectifier {
namespace {

TEST(FieldErrorTest, CarriesItsParts) {
  const absl::Status status = FieldError({"a.b", "is wrong", "WRONG"});
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(status.message(), "a.b: is wrong");
  const auto violation = GetFieldViolation(status);
  ASSERT_TRUE(violation.has_value());
  EXPECT_EQ(violation->path, "a.b");
  EXPECT_EQ(violation->description, "is wrong");
  EXPECT_EQ(violation->reason, "WRONG");
}

TEST(FieldErrorTest, PrefixFieldExtendsThePathAndTheMessage) {
  const absl::Status status =
      PrefixField("evaluations[2].", FieldError({"a", "is wrong", "WRONG"}));
  EXPECT_EQ(status.message(), "evaluations[2].a: is wrong");
  EXPECT_EQ(GetFieldViolation(status)->path, "evaluations[2].a");
  EXPECT_EQ(GetFieldViolation(status)->reason, "WRONG");
}

TEST(FieldErrorTest, KeepsItsCodeAndTheElementUnderAPrefix) {
  const absl::Status status =
      PrefixField("a.", FieldError({"b", "is gone", "GONE", 17}, absl::StatusCode::kNotFound));
  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(GetFieldViolation(status)->path, "a.b");
  EXPECT_EQ(GetFieldViolation(status)->element, 17);
}

TEST(FieldErrorTest, OtherStatusesPassUnchanged) {
  EXPECT_EQ(PrefixField("x.", absl::OkStatus()), absl::OkStatus());
  EXPECT_EQ(PrefixField("x.", absl::CancelledError("gone")), absl::CancelledError("gone"));
  EXPECT_FALSE(GetFieldViolation(absl::InvalidArgumentError("plain")).has_value());
}

}  // namespace
}  // namespace rectifier
