#include "server/http/json_reader.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"

namespace rectifier::http {
namespace {

using testing::HasSubstr;

bool Accepts(const std::string& text) {
  JsonReader reader(text);
  return reader.Skip() && reader.Finish();
}

TEST(JsonReaderTest, TakesWhatTheGrammarTakes) {
  const std::vector<std::string> texts = {"{}",
                                          "[]",
                                          " [ 1 , 2 ] ",
                                          "[1,]",
                                          "[,1]",
                                          "[1 2]",
                                          "{\"a\":1,}",
                                          "{\"a\" 1}",
                                          "{a:1}",
                                          "{\"a\":1 \"b\":2}",
                                          "01",
                                          "-",
                                          "-0",
                                          "+1",
                                          "1.",
                                          ".5",
                                          "1e",
                                          "1e+",
                                          "1E-2",
                                          "0x1",
                                          "1.5e3",
                                          "NaN",
                                          "nul",
                                          "null",
                                          "nulll",
                                          "true",
                                          "tru",
                                          "\"",
                                          "\"\\\"\"",
                                          "\"\\x\"",
                                          "\"\\u12\"",
                                          "\"\\u0041\"",
                                          "\"\\ud83d\\ude00\"",
                                          "\"\\ud83d\"",
                                          "\"\\ude00\"",
                                          "\"\\ud83d\\u0041\"",
                                          "\"\x01\"",
                                          "\"\t\"",
                                          "\"\x7f\"",
                                          "\"\xc3\xa9\"",
                                          "\"\xc3\"",
                                          "\"\xc0\x80\"",
                                          "\"\xed\xa0\x80\"",
                                          "\"\xf4\x90\x80\x80\"",
                                          "\"\xf0\x9f\x98\x80\"",
                                          "",
                                          " ",
                                          "1 2",
                                          "]",
                                          "[[]",
                                          "{\"a\":{\"b\":[null,true,false,\"x\",-1.5e-7]}}",
                                          "\xef\xbb\xbf{}"};
  for (const std::string& text : texts) {
    // nlohmann's passes over a byte order mark, which RFC 8259 leaves to the reader.
    const bool expected = text.rfind('\xef', 0) != 0 && nlohmann::json::accept(text);
    EXPECT_EQ(Accepts(text), expected) << text;
  }
}

TEST(JsonReaderTest, GivesValuesInTheirOrder) {
  JsonReader reader(R"({"a": [1, -2.5e3], "b\n": "\u00e9", "c": true, "d": null})");
  absl::string_view text;
  bool truth = false;
  ASSERT_TRUE(reader.BeginObject());
  ASSERT_TRUE(reader.NextKey(&text));
  EXPECT_EQ(text, "a");
  ASSERT_TRUE(reader.BeginArray());
  ASSERT_TRUE(reader.NextElement() && reader.ReadNumber(&text));
  EXPECT_EQ(text, "1");
  ASSERT_TRUE(reader.NextElement() && reader.ReadNumber(&text));
  EXPECT_EQ(text, "-2.5e3");
  EXPECT_FALSE(reader.NextElement());
  ASSERT_TRUE(reader.NextKey(&text));
  EXPECT_EQ(text, "b\n");
  ASSERT_TRUE(reader.ReadString(&text));
  EXPECT_EQ(text, "\xc3\xa9");
  ASSERT_TRUE(reader.NextKey(&text) && reader.ReadBool(&truth));
  EXPECT_TRUE(truth);
  ASSERT_TRUE(reader.NextKey(&text) && reader.ReadNull());
  EXPECT_FALSE(reader.NextKey(&text));
  EXPECT_TRUE(reader.Finish());
}

TEST(JsonReaderTest, TellsWhereItIsWrong) {
  JsonReader reader("[1, 2");
  EXPECT_FALSE(reader.Skip());
  EXPECT_EQ(reader.error(), "',' or ']' is expected at byte 5 of the JSON");
}

TEST(JsonReaderTest, NestingHasABound) {
  const std::string deepest(JsonReader::kMaxDepth, '['), end(JsonReader::kMaxDepth, ']');
  EXPECT_TRUE(Accepts(deepest + end));
  const std::string too_deep = "[" + deepest;
  JsonReader reader(too_deep);
  EXPECT_FALSE(reader.Skip());
  EXPECT_THAT(reader.error(), HasSubstr("within one another"));
}

TEST(JsonReaderTest, NothingIsReadAfterAnError) {
  JsonReader reader("[x, 1]");
  absl::string_view text;
  ASSERT_TRUE(reader.BeginArray() && reader.NextElement());
  EXPECT_FALSE(reader.ReadNumber(&text));
  EXPECT_EQ(reader.Peek(), JsonReader::Kind::kNothing);
  EXPECT_FALSE(reader.NextElement());
  EXPECT_FALSE(reader.Finish());
}

}  // namespace
}  // namespace rectifier::http
