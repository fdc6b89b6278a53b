#include "client/cpp/files/partial_file.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <fstream>
#include <string>

#include "client/cpp/command/signals.h"
#include "tests/support/temporary_directory.h"

namespace rectifier::client {
namespace {

using rectifier::testing::TemporaryDirectory;

bool Exists(const std::string& path) { return access(path.c_str(), F_OK) == 0; }

void Fill(const PartialFile& file) { std::ofstream(file.partial_path()) << "content"; }

TEST(PartialFileTest, GoesAwayWithTheObject) {
  const TemporaryDirectory directory;
  {
    const PartialFile file(directory.File("out"));
    Fill(file);
    EXPECT_TRUE(Exists(directory.File("out.partial")));
  }
  EXPECT_FALSE(Exists(directory.File("out.partial")));
  EXPECT_FALSE(Exists(directory.File("out")));
}

TEST(PartialFileTest, AppearsWithCommit) {
  const TemporaryDirectory directory;
  {
    PartialFile first(directory.File("out"));
    Fill(first);
    PartialFile file = std::move(first);
    ASSERT_TRUE(file.Commit().ok());
  }
  EXPECT_TRUE(Exists(directory.File("out")));
  EXPECT_FALSE(Exists(directory.File("out.partial")));
}

// The child's file, on each signal that ends a command at a terminal or in a service.
TEST(PartialFileDeathTest, IsGoneAfterASignal) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  const std::string path = ::testing::TempDir() + "rectifier_partial_file_test";
  for (int number : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE, SIGXCPU}) {
    EXPECT_EXIT(
        {
          RemovePartialFilesOnSignals();
          const PartialFile file(path);
          Fill(file);
          if (!Exists(file.partial_path())) _exit(1);
          kill(getpid(), number);
          for (;;) pause();
        },
        ::testing::KilledBySignal(number), "");
    EXPECT_FALSE(Exists(path + ".partial")) << number;
  }
}

}  // namespace
}  // namespace rectifier::client
