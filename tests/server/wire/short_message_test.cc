#include "server/wire/short_message.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/support/evaluate.h"
#include "tests/support/raw_call.h"

namespace rectifier {
namespace {

using testing::RequestFromText;
using testing::ToByteBuffer;

absl::Span<const std::byte> Bytes(const std::string& text) {
  return {reinterpret_cast<const std::byte*>(text.data()), text.size()};
}

std::string Serialized(const std::string& text) {
  return RequestFromText(text).SerializeAsString();
}

// A message that has been decoded from its own memory.
struct Decoded {
  explicit Decoded(const std::string& text) : message(Bytes(Serialized(text))) {
    static const auto* const buffers = new SharedBuffers(Limits(), BufferGauges());
    absl::StatusOr<DecodedRequest> decoded = DecodeRequest(message.bytes(), Limits(), *buffers);
    EXPECT_TRUE(decoded.ok()) << decoded.status();
    request = *std::move(decoded);
    message.LetPayloadsDiffer(request);
  }
  bool Repeats(const std::string& text) const { return message.Repeats(Bytes(Serialized(text))); }

  ShortMessage message;
  DecodedRequest request;
};

constexpr char kRelu[] = "evaluations { inputs: 0 activation { name: 'relu' } } ";
constexpr char kFour[] = "tensors { element_type: ELEMENT_TYPE_BOOL shape: 4 data: 'abcd' } ";

TEST(ShortMessageTest, IsRepeatedByOtherPayloadsAlone) {
  const std::string type = "element_type: ELEMENT_TYPE_FLOAT32 ";
  const Decoded decoded(kRelu + ("tensors { shape: 1 " + type + "data: 'abcd' }"));
  EXPECT_TRUE(decoded.Repeats(kRelu + ("tensors { shape: 1 " + type + "data: 'abcd' }")));
  EXPECT_TRUE(decoded.Repeats(kRelu + ("tensors { shape: 1 " + type + "data: 'wxyz' }")));
  EXPECT_FALSE(decoded.Repeats(kRelu + ("tensors { shape: 2 " + type + "data: 'abcd' }")));
  EXPECT_FALSE(decoded.Repeats(kRelu + ("tensors { shape: 1 " + type + "data: 'abcde' }")));
  EXPECT_FALSE(decoded.Repeats(kRelu + ("tensors { shape: 1 " + type + "data: 'abc' }")));
  EXPECT_FALSE(
      decoded.Repeats("evaluations { inputs: 0 activation { name: 'relv' } }"
                      "tensors { shape: 1 " +
                      type + "data: 'abcd' }"));
  EXPECT_FALSE(decoded.Repeats(""));
}

TEST(ShortMessageTest, ShowsWhatItTakesOver) {
  const std::string head = std::string(kRelu) + "tensors { element_type: ELEMENT_TYPE_FLOAT32 ";
  Decoded decoded(head + "shape: 1 data: 'abcd' }");
  decoded.message.TakeOver(Bytes(Serialized(head + "shape: 1 data: 'wxyz' }")));
  std::byte room[4];
  decoded.request.evaluations[0].inputs[0].data.CopyTo(0, 4, room);
  EXPECT_EQ(std::string(reinterpret_cast<const char*>(room), 4), "wxyz");
}

// What is decided by an argument's elements is decided once.
TEST(ShortMessageTest, IsNotRepeatedByOtherArguments) {
  const auto prelu = [](const std::string& x, const std::string& weight) {
    return "evaluations { inputs: 0 upstream: 0 activation { name: 'prelu' arguments { key: "
           "'weight' value { tensor: 1 } } } } tensors { element_type: ELEMENT_TYPE_FLOAT32 "
           "shape: 1 data: '" +
           x + "' } tensors { element_type: ELEMENT_TYPE_FLOAT32 shape: 1 data: '" + weight + "' }";
  };
  const Decoded decoded(prelu("abcd", "efgh"));
  EXPECT_TRUE(decoded.Repeats(prelu("ABCD", "efgh")));
  EXPECT_FALSE(decoded.Repeats(prelu("abcd", "EFGH")));
}

TEST(ShortMessageTest, IsNotRepeatedByAnotherTensorThatIsInputAndArgument) {
  const auto prelu = [](const std::string& x) {
    return "evaluations { inputs: 0 activation { name: 'prelu' arguments { key: 'weight' value { "
           "tensor: 0 } } } } tensors { element_type: ELEMENT_TYPE_FLOAT32 shape: 1 data: '" +
           x + "' }";
  };
  const Decoded decoded(prelu("abcd"));
  EXPECT_TRUE(decoded.Repeats(prelu("abcd")));
  EXPECT_FALSE(decoded.Repeats(prelu("ABCD")));
}

TEST(ShortMessageTest, IsNotRepeatedByOtherValuesOrUnusedTensors) {
  const Decoded values(std::string(kRelu) + "tensors { shape: 2 values: [1, 2] }");
  EXPECT_TRUE(values.Repeats(std::string(kRelu) + "tensors { shape: 2 values: [1, 2] }"));
  EXPECT_FALSE(values.Repeats(std::string(kRelu) + "tensors { shape: 2 values: [1, 3] }"));
  const std::string x = "tensors { shape: 1 values: 1 } ";
  const Decoded unused(kRelu + x + kFour);
  EXPECT_FALSE(unused.Repeats(kRelu + x +
                              "tensors { element_type: ELEMENT_TYPE_BOOL shape: 4 data: 'abce' }"));
}

TEST(ShortMessageTest, PutsAMessageInOnePiece) {
  const grpc::Slice slices[] = {grpc::Slice("ab"), grpc::Slice("c")};
  const grpc::Slice whole = InOnePiece(grpc::ByteBuffer(slices, 2));
  EXPECT_EQ(std::string(whole.begin(), whole.end()), "abc");
  EXPECT_EQ(InOnePiece(ToByteBuffer("")).size(), 0u);
}

}  // namespace
}  // namespace rectifier
