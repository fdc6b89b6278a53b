#include "core/run/cpu_quota.h"

#include <sched.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "gtest/gtest.h"

namespace rectifier {
namespace {

// A stand-in for "/" with the files that a test writes.
class CpuQuotaTest : public ::testing::Test {
 protected:
  CpuQuotaTest() {
    std::string name = ::testing::TempDir() + "/cpu_quota_XXXXXX";
    EXPECT_NE(mkdtemp(name.data()), nullptr);
    root_ = name;
  }
  ~CpuQuotaTest() override { std::filesystem::remove_all(root_); }

  void Write(const std::string& path, const std::string& text) {
    const std::filesystem::path file = root_ / path;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file) << text;
  }
  int Cpus() const { return AvailableCpus(root_.string()); }

  static int Affinity() {
    cpu_set_t cpus;
    sched_getaffinity(0, sizeof(cpus), &cpus);
    return CPU_COUNT(&cpus);
  }

  std::filesystem::path root_;
};

TEST_F(CpuQuotaTest, WithoutAQuotaIsTheAffinity) { EXPECT_EQ(Cpus(), Affinity()); }

TEST_F(CpuQuotaTest, RoundsAQuotaOfVersion2Up) {
  Write("proc/self/cgroup", "0::/pod/app\n");
  Write("sys/fs/cgroup/pod/app/cpu.max", "50000 100000\n");
  EXPECT_EQ(Cpus(), 1);
  Write("sys/fs/cgroup/pod/app/cpu.max", "150000 100000\n");
  EXPECT_EQ(Cpus(), std::min(2, Affinity()));
}

TEST_F(CpuQuotaTest, TakesTheTightestOfNestedGroups) {
  Write("proc/self/cgroup", "0::/pod/app\n");
  Write("sys/fs/cgroup/pod/app/cpu.max", "max 100000\n");
  Write("sys/fs/cgroup/pod/cpu.max", "100000 100000\n");
  EXPECT_EQ(Cpus(), 1);
}

TEST_F(CpuQuotaTest, ReadsVersion1) {
  Write("proc/self/cgroup", "4:memory:/\n3:cpu,cpuacct:/docker/abc\n");
  Write("sys/fs/cgroup/cpu/docker/abc/cpu.cfs_quota_us", "100000\n");
  Write("sys/fs/cgroup/cpu/docker/abc/cpu.cfs_period_us", "100000\n");
  EXPECT_EQ(Cpus(), 1);
}

TEST_F(CpuQuotaTest, InAContainerReadsTheMountItSees) {
  Write("proc/self/cgroup", "3:cpu,cpuacct:/docker/abc\n");  // the path outside
  Write("sys/fs/cgroup/cpu/cpu.cfs_quota_us", "50000\n");
  Write("sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000\n");
  EXPECT_EQ(Cpus(), 1);
}

TEST_F(CpuQuotaTest, IgnoresWhatSetsNoLimit) {
  Write("proc/self/cgroup", "0::/\n3:cpu:/\nnonsense\n");
  Write("sys/fs/cgroup/cpu.max", "max 100000\n");
  Write("sys/fs/cgroup/cpu/cpu.cfs_quota_us", "-1\n");
  Write("sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000\n");
  EXPECT_EQ(Cpus(), Affinity());
}

}  // namespace
}  // namespace rectifier
