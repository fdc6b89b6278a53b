// `rectifier eval` and rectifierd on a file that neither could hold in memory.
//
// What limits memory is RLIMIT_DATA, the private writable pages of a process: heap, stacks of
// threads, anonymous mappings. RLIMIT_AS would count the files as well, which are mapped and need
// no memory, and Linux heeds no RLIMIT_RSS. A sanitizer's shadow is terabytes of such pages, so
// that these tests are for builds without.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "client/cpp/files/npy.h"
#include "client/cpp/files/npy_file.h"
#include "tests/support/command.h"
#include "tests/support/evaluate.h"
#include "tests/support/rectifierd_process.h"
#include "tests/support/temporary_directory.h"

namespace rectifier::testing {
namespace {

using client::ElementType;
using client::NpyInput;
using ::testing::ContainerEq;
using ::testing::HasSubstr;

constexpr rlim_t kLimit = rlim_t{128} << 20;  // of each process
constexpr int64_t kElements = int64_t{1} << 27;
constexpr int64_t kFileBytes = kElements * int64_t{sizeof(float)};
static_assert(kFileBytes >= 4 * int64_t{kLimit});

// Elements that are not zero, by their index.
using Elements = std::map<int64_t, float>;

Elements SomeElements(unsigned seed) {
  std::mt19937_64 random(seed);
  Elements elements = {{0, 0.5f}, {kElements - 1, 1.5f}};
  while (elements.size() < 1000) {
    const auto value = static_cast<float>(elements.size() + 1);
    elements.emplace(static_cast<int64_t>(random() % kElements),
                     random() % 2 == 0 ? value : -value);
  }
  return elements;
}

// It takes little room on the disk, because a file has holes where nothing was written.
void WriteSparse(const std::string& path, const Elements& elements) {
  const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  const std::string header = client::FormatNpyHeader(ElementType::kFloat32, {kElements});
  const auto begin = static_cast<off_t>(header.size());
  ASSERT_EQ(pwrite(file, header.data(), header.size(), 0), begin);
  ASSERT_EQ(ftruncate(file, begin + kFileBytes), 0);
  for (const auto& [index, element] : elements) {
    const auto place = static_cast<off_t>(index * int64_t{sizeof(float)});
    ASSERT_EQ(pwrite(file, &element, sizeof(float), begin + place), ssize_t{sizeof(float)});
  }
  close(file);
}

Elements ElementsOf(const NpyInput& file) {
  Elements elements;
  const auto* const data = reinterpret_cast<const float*>(file.tensor().bytes().data());
  for (int64_t i = 0; i < file.tensor().size(); ++i) {
    if (data[i] != 0) elements.emplace(i, data[i]);
  }
  return elements;
}

Elements Relu(const Elements& elements) {
  Elements positive;
  for (const auto& [index, element] : elements) {
    if (element > 0) positive.emplace(index, element);
  }
  return positive;
}

// Runs in a shell that sets the limit first; `redirection` is the shell's.
CommandResult RunLimited(const std::vector<std::string>& arguments,
                         const std::string& redirection = "") {
  const std::string script =
      absl::StrCat("ulimit -d ", kLimit / 1024, " && exec \"$0\" \"$@\"", redirection);
  std::vector<std::string> words = {"/bin/sh", "-c", script};
  words.insert(words.end(), arguments.begin(), arguments.end());
  return RunCommand(words);
}

class MemoryLimitTest : public ::testing::Test {
 protected:
  void SetUp() override {
#ifdef __SANITIZE_ADDRESS__
    GTEST_SKIP() << "the address sanitizer alone has terabytes of private memory";
#endif
    // Stacks count as well, and each of many CPUs has a thread.
    rlimit lowered = stacks_;
    lowered.rlim_cur = std::min<rlim_t>(stacks_.rlim_cur, rlim_t{1} << 20);
    ASSERT_EQ(setrlimit(RLIMIT_STACK, &lowered), 0);
    server_.emplace(std::vector<std::string>{"--threads=2"});
    const rlimit limit{kLimit, kLimit};
    ASSERT_EQ(prlimit(server_->pid(), RLIMIT_DATA, &limit, nullptr), 0);
    ASSERT_NO_FATAL_FAILURE(WriteSparse(input_, SomeElements(kSeed)));
  }

  void TearDown() override { setrlimit(RLIMIT_STACK, &stacks_); }

  std::vector<std::string> Eval(const std::vector<std::string>& arguments) const {
    std::vector<std::string> words = {RECTIFIER_COMMAND_PATH, "--target", server_->unix_target(),
                                      "eval", "relu"};
    words.insert(words.end(), arguments.begin(), arguments.end());
    return words;
  }

  static rlimit StackLimit() {
    rlimit limit;
    EXPECT_EQ(getrlimit(RLIMIT_STACK, &limit), 0);
    return limit;
  }

  static constexpr unsigned kSeed = 1;

  const rlimit stacks_ = StackLimit();
  TemporaryDirectory directory_;
  const std::string input_ = directory_.File("x.npy");
  std::optional<RectifierdProcess> server_;
};

TEST_F(MemoryLimitTest, AFileLargerThanTheMemoryOfBothIsEvaluated) {
  const CommandResult result = RunLimited(Eval({"-i", input_, "-o", directory_.File("out")}));
  ASSERT_EQ(result.exit_code, 0) << result.err << server_->log();
  const absl::StatusOr<NpyInput> value = NpyInput::Open(directory_.File("out.value.npy"));
  ASSERT_TRUE(value.ok()) << value.status();
  EXPECT_EQ(value->tensor().size(), kElements);
  EXPECT_THAT(ElementsOf(*value), ContainerEq(Relu(SomeElements(kSeed)))) << "seed " << kSeed;
}

// The limit is one for the client: what has to hold all of a tensor fails.
TEST_F(MemoryLimitTest, AResultThatIsToBeHeldInMemoryIsRefused) {
  const CommandResult result = RunLimited(Eval({"-i", input_}));
  EXPECT_EQ(result.exit_code, 6);
  EXPECT_THAT(result.err, HasSubstr("cannot map 536870912 bytes into memory"));
}

TEST_F(MemoryLimitTest, StandardInputThatDoesNotFitIsRefused) {
  const CommandResult result = RunLimited(Eval({"-i", "-"}), " <" + input_);
  EXPECT_EQ(result.exit_code, 6);
  EXPECT_THAT(result.err, HasSubstr("standard input: it does not fit into memory"));
}

// The limit is one for the server as well: a reply that has to lie in memory as a whole is refused,
// and the server goes on.
TEST_F(MemoryLimitTest, AReplyThatDoesNotFitIsRefused) {
  v1::EvaluateRequest request = Ones("relu", 1 << 22);  // 16 MiB
  for (int i = 1; i < 10; ++i) *request.add_evaluations() = request.evaluations(0);
  const auto channel = Connect(server_->unix_target());
  const Outcome outcome = Evaluate(channel, request);
  EXPECT_EQ(outcome.status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(outcome.details.reason, "OUT_OF_MEMORY") << outcome.status.error_message();
  const Outcome smaller = Evaluate(channel, Ones("relu", 1 << 20));
  EXPECT_EQ(smaller.status.error_code(), grpc::StatusCode::OK)
      << smaller.status.error_message() << server_->log();
}

}  // namespace
}  // namespace rectifier::testing
