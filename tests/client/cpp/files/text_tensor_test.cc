#include "client/cpp/files/text_tensor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <utility>
#include <vector>

namespace rectifier::client {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(ParseTextTest, NumbersOnOneLineAreAVector) {
  for (const char* text : {"1 2 -3.5", "1,2,-3.5\n", " 1\t2 ,  -3.5 \r\n\n", "1\n2\n-3.5\n"}) {
    const auto tensor = ParseText(text);
    ASSERT_TRUE(tensor.ok()) << tensor.status() << text;
    EXPECT_THAT(tensor->shape(), ElementsAre(3)) << text;
    EXPECT_THAT(tensor->ToDoubles(), ElementsAre(1, 2, -3.5));
    EXPECT_EQ(tensor->type(), ElementType::kFloat64);
  }
}

TEST(ParseTextTest, LinesOfSeveralNumbersAreRows) {
  for (const char* text : {"1,2,3\n4,5,6\n", "1 2 3\n\n4 5 6"}) {
    const auto tensor = ParseText(text);
    ASSERT_TRUE(tensor.ok()) << tensor.status();
    EXPECT_THAT(tensor->shape(), ElementsAre(2, 3));
    EXPECT_THAT(tensor->ToDoubles(), ElementsAre(1, 2, 3, 4, 5, 6));
  }
}

TEST(ParseTextTest, TakesNumbersThatAreNone) {
  const auto tensor = ParseText("nan inf -inf 1e-320 -0");
  ASSERT_TRUE(tensor.ok()) << tensor.status();
  EXPECT_TRUE(std::isnan((*tensor)[0]));
  EXPECT_EQ((*tensor)[1], HUGE_VAL);
  EXPECT_EQ((*tensor)[2], -HUGE_VAL);
  EXPECT_EQ((*tensor)[3], 1e-320);
  EXPECT_TRUE(std::signbit((*tensor)[4]));
}

TEST(ParseTextTest, NamesTheLineAtFault) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"x,y\n1,2\n", "line 1: 'x' is not a number"},
      {"1,2\n3\n", "line 2: rows are of one length; it is 1, and those before are 2"},
      {"1,,2", "line 1: a number is missing beside a comma"},
      {"1,2,\n", "line 1: a number is missing beside a comma"},
      {",1", "line 1: a number is missing beside a comma"},
      {"1;2", "line 1: '1;2' is not a number"},
      {std::string(100, 'a'), "line 1: 'aaaaaaaaaaaaaaaaaaaaaaaa...' is not a number"},
      {"", "there is no number in it"},
      {"\n \n", "there is no number in it"}};
  for (const auto& [text, message] : cases) {
    EXPECT_THAT(std::string(ParseText(text).status().message()), HasSubstr(message)) << text;
  }
}

TEST(FormatTextTest, ReadsBackTheSame) {
  for (const auto& [shape, text] :
       std::vector<std::pair<Shape, std::string>>{{{}, "0.1\n"},
                                                  {{1}, "0.1\n"},
                                                  {{3}, "0.1\n-0\n5e-324\n"},
                                                  {{2, 2}, "0.1,-0\n1,nan\n"}}) {
    std::vector<double> elements = {0.1, -0.0, 5e-324};
    if (shape.size() == 2) elements = {0.1, -0.0, 1, std::nan("")};
    elements.resize(*ElementCount(shape));
    const auto formatted = FormatText(*Tensor::FromVector(elements, shape));
    ASSERT_TRUE(formatted.ok()) << formatted.status();
    EXPECT_EQ(*formatted, text);
    EXPECT_EQ(ParseText(*formatted)->size(), *ElementCount(shape));
  }
}

TEST(FormatTextTest, IsAsShortAsTheTypeAllows) {
  EXPECT_EQ(*FormatText(Tensor::FromVector<float>({0.1f, 2})), "0.1\n2\n");
}

TEST(FormatTextTest, RefusesMoreThanTwoDimensions) {
  const auto text = FormatText(*Tensor::FromVector<float>({1}, {1, 1, 1}));
  EXPECT_THAT(std::string(text.status().message()), HasSubstr("[1, 1, 1]"));
}

TEST(LooksLikeTextTest, RefusesControlCharacters) {
  EXPECT_TRUE(LooksLikeText("1, 2\t3\r\n"));
  EXPECT_FALSE(LooksLikeText(std::string("\0\0\0", 3)));
  EXPECT_FALSE(LooksLikeText("PK\x03\x04"));
}

}  // namespace
}  // namespace rectifier::client
