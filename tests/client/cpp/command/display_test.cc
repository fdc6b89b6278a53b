// What a person reads: numbers, tables, wrapped text, progress.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <sstream>
#include <string>
#include <vector>

#include "client/cpp/command/accuracy.h"
#include "client/cpp/command/eval_results.h"
#include "client/cpp/command/format.h"
#include "client/cpp/command/message_table.h"
#include "client/cpp/command/progress.h"
#include "client/cpp/command/table.h"
#include "client/cpp/command/terminal.h"
#include "client/cpp/files/text_tensor.h"

namespace rectifier::client {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr size_t kWide = 1000;

TEST(FormatTest, ElementsAreAsShortAsTheirTypeAllows) {
  EXPECT_EQ(FormatElement(ElementType::kFloat64, 0.1), "0.1");
  EXPECT_EQ(FormatElement(ElementType::kFloat32, 0.1f), "0.1");
  EXPECT_EQ(FormatElement(ElementType::kFloat16, 0.0999755859375), "0.1");
  EXPECT_EQ(FormatElement(ElementType::kFloat16, 2049.0 / 1024), "2.001");
  EXPECT_EQ(FormatElement(ElementType::kBFloat16, 0.100097656250), "0.1");
  EXPECT_EQ(FormatElement(ElementType::kBFloat16, -HUGE_VAL), "-inf");
  EXPECT_EQ(FormatElement(ElementType::kFloat16, -0.0), "-0");
}

TEST(FormatTest, ElementsReadBackTheSame) {
  for (int bits = 0; bits < 0x7c00; bits += 7) {
    const std::byte stored[] = {std::byte(bits & 0xff), std::byte(bits >> 8)};
    const double element = LoadElement(ElementType::kFloat16, stored);
    std::byte again[2];
    StoreElement(ElementType::kFloat16, std::stod(FormatElement(ElementType::kFloat16, element)),
                 again);
    ASSERT_EQ(LoadElement(ElementType::kFloat16, again), element);
  }
}

TEST(FormatTest, BytesHaveUnits) {
  EXPECT_EQ(FormatBytes(1000), "1000 B");
  EXPECT_EQ(FormatBytes(1536), "1.5 KiB");
  EXPECT_EQ(FormatBytes(uint64_t{256} << 20), "256 MiB");
}

TEST(TableTest, AlignsColumnsAndLeavesNoTrailingSpace) {
  Table table({{"NAME"}, {"VALUE", Align::kRight}, {"NOTE"}});
  table.AddRow({"a", "1", ""});
  table.AddRow({"longer", "-0.25", "x"});
  std::ostringstream out;
  table.Print(out, kWide);
  EXPECT_EQ(out.str(),
            "NAME    VALUE  NOTE\n"
            "a           1\n"
            "longer  -0.25  x\n");
}

TEST(TableTest, BreaksCellsThatWrapWhereItIsTooWide) {
  Table table({{.header = "NAME"}, {.header = "SUMMARY", .wraps = true}});
  table.AddRow({"relu", "The rectified linear unit"});
  std::ostringstream out;
  table.Print(out, 20);
  EXPECT_EQ(out.str(),
            "NAME  SUMMARY\n"
            "relu  The rectified\n"
            "      linear unit\n");
}

TEST(TableTest, PutsCellsBelowOneAnotherWhereTheyDoNotFitSideBySide) {
  Table table({{.header = "NAME"},
               {.header = "KIND"},
               {.header = "PARAMETERS", .wraps = true},
               {.header = "SUMMARY", .wraps = true}});
  table.AddRow({"relu", "elementwise", "", "The rectified linear unit"});
  table.AddRow({"elu", "elementwise", "alpha=1 beta=2", "The exponential linear unit"});
  std::ostringstream out;
  table.Print(out, 24);
  EXPECT_EQ(out.str(),
            "relu\n"
            "  KIND elementwise\n"
            "  SUMMARY The rectified\n"
            "  linear unit\n"
            "elu\n"
            "  KIND elementwise\n"
            "  PARAMETERS alpha=1\n"
            "  beta=2\n"
            "  SUMMARY The\n"
            "  exponential linear\n"
            "  unit\n");
}

TEST(ColorTest, IsWhereItIsAskedFor) {
  SetColor(Color::kAlways);
  EXPECT_EQ(Bold("x"), "\033[1mx\033[0m");
  SetColor(Color::kNever);
  EXPECT_EQ(Bold("x"), "x");
  SetColor(Color::kAuto);
  EXPECT_EQ(Bold(""), "");
}

// The table has whatever fields the server's version has, those of a message within behind its
// name.
TEST(FieldsOfTest, NamesEveryFieldWithItsValue) {
  v1::GetServerInfoResponse info;
  info.set_version("1.2.3");
  info.mutable_limits()->set_max_message_bytes(65536);
  info.mutable_limits()->set_max_buffer_bytes_per_connection(2048);
  info.add_transports("tcp");
  info.add_transports("unix");
  const auto fields = FieldsOf(info);
  using Field = std::pair<std::string, std::string>;
  EXPECT_THAT(fields, ::testing::IsSupersetOf(
                          {Field("version", "1.2.3"), Field("limits", ""),
                           Field("  max_message_bytes", "64 KiB"), Field("  max_streams", "0"),
                           Field("  max_buffer_bytes_per_connection", "2 KiB"),
                           Field("transports", "tcp, unix"), Field("buffers_socket", "none")}));
  EXPECT_EQ(fields.size(),
            info.GetDescriptor()->field_count() + info.limits().GetDescriptor()->field_count());
}

TEST(WrapTest, BreaksBetweenWordsAndIndents) {
  EXPECT_EQ(Wrap("one two three", 2, 9), "one two\n  three");
  EXPECT_EQ(Wrap("unbreakable", 2, 5), "unbreakable");
}

TEST(ProgressTest, ShowsHowMuchIsDoneAndLeft) {
  EXPECT_EQ(FormatProgress(50, 200, absl::Seconds(2)),
            "[#######-----------------------]  25 %  50 of 200 elements, 6 s left");
  EXPECT_THAT(FormatProgress(0, 0, absl::ZeroDuration()), HasSubstr("100 %"));
}

std::string Tables(const std::vector<NamedTensor>& tensors, size_t width = kWide) {
  std::ostringstream out;
  PrintTables(tensors, width, out);
  return out.str();
}

TEST(PrintTablesTest, PutsTensorsOfOneShapeSideBySide) {
  const Tensor x = Tensor::FromVector<float>({-1, 2});
  EXPECT_EQ(Tables({{"x", x},
                    {"value", Tensor::FromVector<float>({0, 2})},
                    {"total", *Tensor::FromVector<float>({2}, {})}}),
            "shape [2]\n"
            "INDEX   x  value\n"
            "    0  -1      0\n"
            "    1   2      2\n"
            "\n"
            "total = 2\n");
}

TEST(PrintTablesTest, ShowsTheIndexInEveryDimension) {
  EXPECT_THAT(Tables({{"x", *Tensor::FromVector<float>({5, 6, 7, 8}, {2, 2})}}),
              HasSubstr("[1, 0]  7\n"));
}

TEST(PrintTablesTest, CutsABigTensorToHeadAndTail) {
  std::vector<double> elements(1000);
  elements[999] = 7;
  const std::string text = Tables({{"x", Tensor::FromVector(std::move(elements))}});
  EXPECT_THAT(text, HasSubstr("   15    0\n  ...  ...\n  996    0\n"));
  EXPECT_THAT(text, HasSubstr("  999    7\n"));
  EXPECT_THAT(text, Not(HasSubstr("500")));
}

TEST(PrintTablesTest, RoundsNumbersWhereTheyDoNotFit) {
  const Tensor thirds = Tensor::FromVector<double>({1.0 / 3, -2.0 / 3});
  const std::vector<NamedTensor> tensors = {{"input", thirds}, {"value", thirds}};
  EXPECT_EQ(Tables(tensors, 29),
            "shape [2]\n"
            "INDEX       input       value\n"
            "    0   0.3333333   0.3333333\n"
            "    1  -0.6666667  -0.6666667\n"
            "(rounded to 7 digits to fit;\n--json and -o give all)\n");
}

TEST(PrintTablesTest, PutsColumnsBelowOneAnotherWhereTheyDoNotFit) {
  const Tensor third = Tensor::FromVector<double>({1.0 / 3});
  const std::string text = Tables({{"input", third}, {"second_derivative", third}}, 24);
  EXPECT_EQ(text,
            "shape [1]\n"
            "INDEX              input\n"
            "    0  0.333333333333333\n"
            "\n"
            "INDEX  second_derivative\n"
            "    0  0.333333333333333\n"
            "(rounded to 15 digits to\nfit; --json and -o give\nall)\n");
}

TEST(PrintTablesTest, SaysThatATensorIsEmpty) {
  EXPECT_THAT(Tables({{"x", Tensor::FromVector<float>({})}}), HasSubstr("shape [0]\n"));
}

// An activation with value, gradient and second derivative in one type, each with a note.
v1::ActivationDescription Described(v1::AccuracyEvidence evidence,
                                    const std::vector<std::string>& notes) {
  v1::ActivationDescription activation;
  activation.add_element_types(v1::ELEMENT_TYPE_FLOAT32);
  const v1::Quantity quantities[] = {v1::QUANTITY_VALUE, v1::QUANTITY_GRADIENT,
                                     v1::QUANTITY_SECOND_DERIVATIVE};
  for (size_t i = 0; i < notes.size(); ++i) {
    activation.add_quantities(quantities[i]);
    v1::Accuracy& accuracy = *activation.add_accuracies();
    accuracy.set_quantity(quantities[i]);
    accuracy.set_element_type(v1::ELEMENT_TYPE_FLOAT32);
    accuracy.set_max_ulp(0.501);
    accuracy.set_evidence(evidence);
    accuracy.set_note(notes[i]);
  }
  return activation;
}

std::string Accuracy(const v1::ActivationDescription& activation) {
  std::ostringstream out;
  PrintAccuracy(activation, out);
  return out.str();
}

TEST(PrintAccuracyTest, SaysEachNoteOnceAndWhatItIsAbout) {
  const std::string out = Accuracy(
      Described(v1::ACCURACY_EVIDENCE_STATED, {"It rounds.", "It cancels.", "It rounds."}));
  EXPECT_THAT(out, HasSubstr("value, second_derivative: It rounds.\n"));
  EXPECT_THAT(out, HasSubstr("\ngradient: It cancels.\n"));
  EXPECT_EQ(out.find("It rounds."), out.rfind("It rounds."));
  EXPECT_THAT(out, Not(HasSubstr("*")));
}

TEST(PrintAccuracyTest, MarksWhatHoldsForAllInputs) {
  const std::string out = Accuracy(Described(v1::ACCURACY_EVIDENCE_EXHAUSTIVE, {""}));
  EXPECT_THAT(out, HasSubstr("0.501*\n* the worst of all inputs"));
}

}  // namespace
}  // namespace rectifier::client
