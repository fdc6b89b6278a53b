#include "client/cpp/files/npy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace rectifier::client {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

absl::Span<const std::byte> Bytes(const std::string& text) {
  return absl::MakeConstSpan(reinterpret_cast<const std::byte*>(text.data()), text.size());
}

// A file of that version around `dictionary`, with `data` behind.
std::string NpyFile(absl::string_view dictionary, absl::string_view data = "", int version = 1) {
  const auto length = static_cast<uint32_t>(dictionary.size());
  return absl::StrCat(
      "\x93NUMPY", std::string({static_cast<char>(version), '\0'}),
      absl::string_view(reinterpret_cast<const char*>(&length), version == 1 ? 2 : 4), dictionary,
      data);
}

std::string Header(absl::string_view descriptor, absl::string_view shape) {
  return absl::StrCat("{'descr': '", descriptor, "', 'fortran_order': False, 'shape': ", shape,
                      ", }");
}

absl::StatusOr<Tensor> Parse(const std::string& file) {
  const auto owner = std::make_shared<const std::string>(file);
  return ParseNpy(Bytes(*owner), owner);
}

TEST(NpyTest, EveryTypeAndShapeSurvivesARoundTrip) {
  std::vector<ElementType> types(std::begin(kAllElementTypes), std::end(kAllElementTypes));
  types.push_back(ElementType::kBool);
  for (ElementType type : types) {
    for (const Shape& shape : {Shape{}, Shape{0}, Shape{3}, Shape{2, 3}, Shape{1, 0, 2}}) {
      const int64_t count = *ElementCount(shape);
      const std::string file =
          FormatNpyHeader(type, shape) + std::string(count * SizeOf(type), '\x3c');
      const auto tensor = Parse(file);
      ASSERT_TRUE(tensor.ok()) << tensor.status();
      EXPECT_EQ(tensor->type(), type);
      EXPECT_EQ(tensor->shape(), shape);
    }
  }
}

TEST(NpyTest, WritesAHeaderThatNumPyWrites) {
  const std::string header = FormatNpyHeader(ElementType::kFloat32, {3});
  EXPECT_EQ(header.size() % 64, 0);
  EXPECT_EQ(header.substr(0, 8), std::string("\x93NUMPY\x01\x00", 8));
  EXPECT_THAT(header, HasSubstr("{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }"));
  EXPECT_EQ(header.back(), '\n');
}

TEST(NpyTest, ReadsAllVersions) {
  for (int version : {1, 2, 3}) {
    const auto tensor = Parse(NpyFile(Header("<f4", "(1,)"), std::string(4, '\0'), version));
    ASSERT_TRUE(tensor.ok()) << tensor.status();
    EXPECT_THAT(tensor->shape(), ElementsAre(1));
  }
}

TEST(NpyTest, ReadsKeysInAnyOrderAndPythonTwoNumbers) {
  const auto tensor = Parse(NpyFile(
      R"( {"shape": (2L, 1L), "fortran_order": False, "descr": "<f2"}  )", std::string(4, '\0')));
  ASSERT_TRUE(tensor.ok()) << tensor.status();
  EXPECT_THAT(tensor->shape(), ElementsAre(2, 1));
}

TEST(NpyTest, ReadsVoidOfTwoBytesAsBFloat16) {
  for (absl::string_view descriptor : {"<V2", "|V2"}) {
    const auto tensor = Parse(NpyFile(Header(descriptor, "(1,)"), "\x80\x3f"));
    ASSERT_TRUE(tensor.ok()) << tensor.status();
    EXPECT_EQ(tensor->type(), ElementType::kBFloat16);
    EXPECT_EQ((*tensor)[0], 1);
  }
}

struct BadFile {
  std::string name;
  std::string file;
  std::string message;
};

class MalformedNpyTest : public ::testing::TestWithParam<BadFile> {};

TEST_P(MalformedNpyTest, IsRefusedWithAClearMessage) {
  const auto tensor = Parse(GetParam().file);
  EXPECT_EQ(tensor.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(tensor.status().message(), HasSubstr(GetParam().message));
}

INSTANTIATE_TEST_SUITE_P(
    NpyTest, MalformedNpyTest,
    ::testing::Values(
        BadFile{"Empty", "", "not a .npy file"},
        BadFile{"OtherFormat", "PK\x03\x04 a zip file", "not a .npy file"},
        BadFile{"MagicOnly", "\x93NUMPY", "cut short"},
        BadFile{"VersionFour", NpyFile(Header("<f4", "()"), "", 4), "version 4"},
        BadFile{"NoLength", std::string("\x93NUMPY\x01\0\x10", 9), "cut short"},
        BadFile{"HeaderCutShort", NpyFile(Header("<f4", "()")).substr(0, 30), "cut short"},
        BadFile{"HugeHeader", std::string("\x93NUMPY\x02\0\xff\xff\xff\x7f{", 13), "claims"},
        BadFile{"NoDictionary", NpyFile("hello"), "dictionary"},
        BadFile{"UnclosedDictionary", NpyFile("{'descr': '<f4'"), "',' or '}'"},
        BadFile{"UnclosedString", NpyFile("{'descr: 1}"), "key in quotes"},
        BadFile{"UnknownKey", NpyFile("{'colour': 1}"), "'colour'"},
        BadFile{"RepeatedKey", NpyFile("{'descr': '<f4', 'descr': '<f4'}"), "repeated key"},
        BadFile{"TextBehind", NpyFile(Header("<f4", "()") + "x"), "after the dictionary"},
        BadFile{"NoShape", NpyFile("{'descr': '<f4', 'fortran_order': False}"), "'shape'"},
        BadFile{"NoDescriptor", NpyFile("{'shape': (), 'fortran_order': False}"), "'descr'"},
        BadFile{"NoOrder", NpyFile("{'shape': (), 'descr': '<f4'}"), "'fortran_order'"},
        BadFile{"OddOrder", NpyFile("{'fortran_order': 0}"), "neither True nor False"},
        BadFile{"NegativeShape", NpyFile(Header("<f4", "(-1,)")), "whole numbers"},
        BadFile{"ShapeOfWords", NpyFile(Header("<f4", "(a,)")), "whole numbers"},
        BadFile{"UnclosedShape", NpyFile("{'shape': (1"), "'shape'"},
        BadFile{"ShapeOver64Bits", NpyFile(Header("<f4", "(99999999999999999999,)")), "2^63"},
        BadFile{"HugeShape", NpyFile(Header("<f8", "(4611686018427387904, 4)")), "too large"},
        BadFile{"HugeBytes", NpyFile(Header("<f8", "(4611686018427387904,)")), "do not hold"},
        BadFile{"DataCutShort", NpyFile(Header("<f4", "(2,)"), "1234567"), "7 bytes do not hold"},
        BadFile{"DataTooLong", NpyFile(Header("<f4", "(1,)"), "12345678"), "8 bytes do not hold"},
        BadFile{"Integers", NpyFile(Header("<i4", "(1,)"), "1234"), "'<i4'"},
        BadFile{"BigEndian", NpyFile(Header(">f4", "(1,)"), "1234"), "astype('<f4')"},
        BadFile{"Structured", NpyFile("{'descr': [('a', '<f4')]}"), "structured"},
        BadFile{"FortranOrder",
                NpyFile("{'descr': '<f4', 'fortran_order': True, 'shape': (1, 1)}", "1234"),
                "ascontiguousarray"},
        BadFile{"ControlCharacters", NpyFile(Header("\x1b[31m", "()")), "\\x1b"}),
    [](const auto& info) { return info.param.name; });

TEST(NpyTest, EveryPrefixOfAFileIsRefused) {
  const std::string file = NpyFile(Header("<f4", "(2, 1)"), "12345678");
  for (size_t size = 0; size < file.size(); ++size) {
    EXPECT_FALSE(Parse(file.substr(0, size)).ok()) << size;
  }
}

}  // namespace
}  // namespace rectifier::client
