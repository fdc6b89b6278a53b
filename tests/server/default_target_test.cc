#include "proto/default_target.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>

#include "tests/support/temporary_directory.h"

namespace rectifier {
namespace {

// Sets XDG_RUNTIME_DIR, and puts back what was there.
class DefaultTargetTest : public ::testing::Test {
 protected:
  DefaultTargetTest() {
    if (const char* before = std::getenv("XDG_RUNTIME_DIR")) before_ = before;
  }
  ~DefaultTargetTest() override {
    if (before_.has_value()) {
      setenv("XDG_RUNTIME_DIR", before_->c_str(), 1);
    } else {
      unsetenv("XDG_RUNTIME_DIR");
    }
  }

  testing::TemporaryDirectory root_;
  std::optional<std::string> before_;
};

TEST_F(DefaultTargetTest, PrefersTheDirectoryOfTheService) {
  std::filesystem::create_directories(root_.File("run/rectifier"));
  setenv("XDG_RUNTIME_DIR", root_.path().c_str(), 1);
  EXPECT_EQ(DefaultUnixTarget(root_.path()),
            "unix:" + root_.path() + "/run/rectifier/rectifierd.sock");
}

TEST_F(DefaultTargetTest, TakesTheUsersRuntimeDirectoryNext) {
  setenv("XDG_RUNTIME_DIR", root_.path().c_str(), 1);
  EXPECT_EQ(DefaultUnixTarget(root_.path()), "unix:" + root_.path() + "/rectifierd.sock");
}

TEST_F(DefaultTargetTest, FallsBackToTmpByUserId) {
  const std::string expected = "unix:/tmp/rectifierd-" + std::to_string(getuid()) + ".sock";
  unsetenv("XDG_RUNTIME_DIR");
  EXPECT_EQ(DefaultUnixTarget(root_.path()), expected);
  setenv("XDG_RUNTIME_DIR", root_.File("absent").c_str(), 1);
  EXPECT_EQ(DefaultUnixTarget(root_.path()), expected);
  setenv("XDG_RUNTIME_DIR", "tmp", 1);  // relative
  EXPECT_EQ(DefaultUnixTarget(root_.path()), expected);
}

}  // namespace
}  // namespace rectifier
