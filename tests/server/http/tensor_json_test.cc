#include "server/http/tensor_json.h"

#include <cmath>
#include <cstdint>
#include <cstring>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/http/json_text.h"

namespace rectifier::http {
namespace {

using testing::HasSubstr;

std::string Read(const char* datatype, const std::string& json, size_t most = 100) {
  JsonReader reader(json);
  const FieldPath path(nullptr, "data");
  std::string raw;
  const absl::Status status = ReadElements(reader, *FindDatatype(datatype), path, most, &raw);
  return status.ok() ? raw : std::string(status.message());
}

std::string Write(const char* datatype, const std::string& raw) {
  std::string json;
  AppendElements(raw, *FindDatatype(datatype), &json);
  return json;
}

template <class Number>
std::string Raw(std::initializer_list<Number> numbers) {
  return std::string(reinterpret_cast<const char*>(numbers.begin()),
                     numbers.size() * sizeof(Number));
}

TEST(TensorJsonTest, ReadsEveryDatatypeThatJsonHas) {
  EXPECT_EQ(Read("FP64", "[1, [0.1, \"NaN\"]]").substr(0, 16), Raw({1.0, 0.1}));
  EXPECT_EQ(Read("FP32", "[0.1, -0, \"Infinity\"]"), Raw({0.1F, -0.0F, INFINITY}));
  EXPECT_EQ(Read("BOOL", "[true, false, 1, 0]"), std::string("\1\0\1\0", 4));
  EXPECT_EQ(Read("INT8", "[-128, 127]"), Raw<int8_t>({-128, 127}));
  EXPECT_EQ(Read("UINT8", "[255]"), Raw<uint8_t>({255}));
  EXPECT_EQ(Read("INT16", "[-32768]"), Raw<int16_t>({-32768}));
  EXPECT_EQ(Read("UINT16", "[65535]"), Raw<uint16_t>({65535}));
  EXPECT_EQ(Read("INT32", "[-2147483648]"), Raw<int32_t>({INT32_MIN}));
  EXPECT_EQ(Read("UINT32", "[4294967295]"), Raw<uint32_t>({UINT32_MAX}));
  EXPECT_EQ(Read("INT64", "[-9223372036854775808, 3.0]"), Raw<int64_t>({INT64_MIN, 3}));
  EXPECT_EQ(Read("UINT64", "[18446744073709551615]"), Raw<uint64_t>({UINT64_MAX}));
}

TEST(TensorJsonTest, NamesTheElementThatIsWrong) {
  EXPECT_THAT(Read("INT8", "[[1], [128]]"), HasSubstr("data[1]: 128 is no number of INT8"));
  EXPECT_THAT(Read("BOOL", "[2]"), HasSubstr("data[0]: it must be true, false, 0 or 1"));
  EXPECT_THAT(Read("FP32", "[1, {}]"), HasSubstr("data[1]: a number is expected at byte 4"));
  EXPECT_THAT(Read("FP32", "[3.5e38]"), HasSubstr("data[0]: it is no number of FP32"));
  EXPECT_THAT(Read("BF16", "[1]"), HasSubstr("BF16 has no form in JSON"));
  EXPECT_THAT(Read("FP64", "[1, 2, 3]", 2), HasSubstr("data: it has more than 2 numbers"));
  EXPECT_THAT(Read("FP64", "7"), HasSubstr("an array is expected"));
}

TEST(TensorJsonTest, WritesWhatReadsBack) {
  EXPECT_EQ(Write("FP64", Raw({0.1, -0.0, 1e300})), "[0.1,-0.0,1e+300]");
  EXPECT_EQ(Write("FP32", Raw({0.1F, NAN, -INFINITY})), "[0.1,\"NaN\",\"-Infinity\"]");
  EXPECT_EQ(Write("BOOL", std::string("\0\1", 2)), "[false,true]");
  EXPECT_EQ(Write("INT8", Raw<int8_t>({-1})), "[-1]");
  EXPECT_EQ(Write("UINT64", Raw<uint64_t>({UINT64_MAX})), "[18446744073709551615]");
  EXPECT_EQ(Write("BF16", Raw<uint16_t>({0x3F80, 0xFF80})), "[1,\"-Infinity\"]");
  EXPECT_EQ(Write("FP64", ""), "[]");
}

// All of them, against what their parts say.
TEST(TensorJsonTest, WritesEveryHalf) {
  for (uint32_t bits = 0; bits < 0x10000; ++bits) {
    const auto half = static_cast<uint16_t>(bits);
    const std::string json = Write("FP16", Raw({half}));
    std::string text = json.substr(1, json.size() - 2);
    if (text.front() == '"') text = text.substr(1, text.size() - 2);
    const auto number = ParseFloat(text);
    ASSERT_TRUE(number.has_value()) << json;
    const int exponent = (half >> 10) & 31, fraction = half & 0x3FF;
    const float size = exponent == 31 ? (fraction == 0 ? INFINITY : NAN)
                       : exponent == 0
                           ? std::ldexp(static_cast<float>(fraction), -24)
                           : std::ldexp(static_cast<float>(1024 + fraction), exponent - 25);
    const float expected = half >> 15 == 0 ? size : -size;
    if (std::isnan(expected)) {
      ASSERT_TRUE(std::isnan(*number)) << bits;
    } else {
      ASSERT_EQ(*number, expected) << bits;
      ASSERT_EQ(std::signbit(*number), std::signbit(expected)) << bits;
    }
  }
}

}  // namespace
}  // namespace rectifier::http
