#include "server/posix/memory_limit.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "tests/support/temporary_directory.h"

namespace rectifier {
namespace {

constexpr int64_t kMiB = int64_t{1} << 20;

// A stand-in for "/" with the files that a test writes.
class MemoryLimitTest : public ::testing::Test {
 protected:
  void Write(const std::string& path, const std::string& text) {
    const std::filesystem::path file = root_.File(path);
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file) << text;
  }
  int64_t Limit() const { return MemoryLimit(root_.File("")); }

  testing::TemporaryDirectory root_;
  const int64_t machine_ = int64_t{sysconf(_SC_PHYS_PAGES)} * sysconf(_SC_PAGESIZE);
};

TEST_F(MemoryLimitTest, WithoutACgroupIsWhatTheMachineHas) { EXPECT_EQ(Limit(), machine_); }

TEST_F(MemoryLimitTest, TakesTheTightestOfNestedGroups) {
  Write("proc/self/cgroup", "0::/pod/app\n");
  Write("sys/fs/cgroup/pod/app/memory.max", "max\n");
  EXPECT_EQ(Limit(), machine_);
  Write("sys/fs/cgroup/pod/memory.max", "209715200\n");
  EXPECT_EQ(Limit(), 200 * kMiB);
  Write("sys/fs/cgroup/pod/app/memory.max", "104857600\n");
  EXPECT_EQ(Limit(), 100 * kMiB);
}

TEST_F(MemoryLimitTest, ReadsVersion1WhereALimitOfNoneIsAHugeNumber) {
  Write("proc/self/cgroup", "4:memory:/docker/abc\n3:cpu:/docker/abc\n");
  Write("sys/fs/cgroup/memory/docker/abc/memory.limit_in_bytes", "9223372036854771712\n");
  EXPECT_EQ(Limit(), machine_);
  Write("sys/fs/cgroup/memory/memory.limit_in_bytes", "104857600\n");
  EXPECT_EQ(Limit(), 100 * kMiB);
}

}  // namespace
}  // namespace rectifier
