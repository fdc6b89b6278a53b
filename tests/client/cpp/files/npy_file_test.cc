#include "client/cpp/files/npy_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstring>
#include <fstream>
#include <thread>

#include "client/cpp/files/npy.h"
#include "tests/support/temporary_directory.h"

namespace rectifier::client {
namespace {

using rectifier::testing::TemporaryDirectory;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

bool Exists(const std::string& path) { return std::ifstream(path).good(); }

// A file with two float32: 1 and 2.
std::string OneAndTwo() {
  const float elements[] = {1, 2};
  return FormatNpyHeader(ElementType::kFloat32, {2}) +
         std::string(reinterpret_cast<const char*>(elements), sizeof(elements));
}

TEST(NpyInputTest, ReadsAFile) {
  const TemporaryDirectory directory;
  const auto input = NpyInput::Open(directory.Write("x.npy", OneAndTwo()));
  ASSERT_TRUE(input.ok()) << input.status();
  EXPECT_THAT(input->tensor().ToDoubles(), ElementsAre(1, 2));
}

TEST(NpyInputTest, KeepsItsElementsWhenPagesAreReleased) {
  const TemporaryDirectory directory;
  const auto input = NpyInput::Open(directory.Write("x.npy", OneAndTwo()));
  ASSERT_TRUE(input.ok()) << input.status();
  input->ReleasePages();
  EXPECT_THAT(input->tensor().ToDoubles(), ElementsAre(1, 2));
}

TEST(NpyInputTest, ReadsAPipeIntoMemory) {
  const TemporaryDirectory directory;
  const std::string path = directory.File("pipe");
  ASSERT_EQ(mkfifo(path.c_str(), 0600), 0);
  std::thread writer([&path] { std::ofstream(path) << OneAndTwo(); });
  const auto input = NpyInput::Open(path);
  writer.join();
  ASSERT_TRUE(input.ok()) << input.status();
  EXPECT_THAT(input->tensor().ToDoubles(), ElementsAre(1, 2));
}

TEST(NpyInputTest, NamesTheFileInEveryError) {
  const TemporaryDirectory directory;
  const auto missing = NpyInput::Open(directory.File("missing.npy"));
  EXPECT_EQ(missing.status().code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(missing.status().message(), HasSubstr("missing.npy"));
  const auto empty = NpyInput::Open(directory.Write("empty.npy", ""));
  EXPECT_EQ(empty.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(empty.status().message(), HasSubstr("empty.npy: not a .npy file"));
  EXPECT_THAT(NpyInput::Open(directory.path()).status().message(), HasSubstr(directory.path()));
}

TEST(NpyOutputTest, AppearsWhenCommitted) {
  const TemporaryDirectory directory;
  const std::string path = directory.File("y.npy");
  {
    auto output = NpyOutput::Create(path, ElementType::kFloat64, {2});
    ASSERT_TRUE(output.ok()) << output.status();
    const double elements[] = {3, 4};
    std::memcpy(output->data(), elements, sizeof(elements));
    EXPECT_FALSE(Exists(path));
    ASSERT_TRUE(output->Commit().ok());
  }
  const auto input = NpyInput::Open(path);
  ASSERT_TRUE(input.ok()) << input.status();
  EXPECT_THAT(input->tensor().ToDoubles(), ElementsAre(3, 4));
  EXPECT_FALSE(Exists(path + ".partial"));
}

TEST(NpyOutputTest, LeavesNothingWhenNotCommitted) {
  const TemporaryDirectory directory;
  const std::string path = directory.File("y.npy");
  {
    const auto output = NpyOutput::Create(path, ElementType::kFloat64, {2});
    ASSERT_TRUE(output.ok()) << output.status();
    EXPECT_TRUE(Exists(path + ".partial"));
  }
  EXPECT_FALSE(Exists(path));
  EXPECT_FALSE(Exists(path + ".partial"));
}

TEST(NpyOutputTest, KeepsWhatWasWrittenWhenPagesAreReleased) {
  const TemporaryDirectory directory;
  auto output = NpyOutput::Create(directory.File("y.npy"), ElementType::kFloat64, {1});
  ASSERT_TRUE(output.ok()) << output.status();
  const double element = 5;
  std::memcpy(output->data(), &element, sizeof(element));
  output->ReleasePages();
  EXPECT_EQ(output->tensor()[0], 5);
}

TEST(NpyOutputTest, NeedsNoFile) {
  auto output = NpyOutput::InMemory(ElementType::kFloat32, {3});
  ASSERT_TRUE(output.ok()) << output.status();
  output->ReleasePages();
  EXPECT_THAT(output->tensor().ToDoubles(), ElementsAre(0, 0, 0));
  EXPECT_TRUE(output->Commit().ok());
}

TEST(NpyOutputTest, FailsInADirectoryThatIsNotThere) {
  const auto output = NpyOutput::Create("/nowhere/y.npy", ElementType::kFloat32, {1});
  EXPECT_EQ(output.status().code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(output.status().message(), HasSubstr("/nowhere/y.npy"));
}

TEST(NpyOutputTest, FailsAtOnceWhereTheDiskHasNoRoom) {
  const TemporaryDirectory directory;
  const std::string path = directory.File("y.npy");
  const auto output = NpyOutput::Create(path, ElementType::kFloat64, {int64_t{1} << 58});
  EXPECT_FALSE(output.ok());
  EXPECT_FALSE(Exists(path + ".partial"));
}

}  // namespace
}  // namespace rectifier::client
