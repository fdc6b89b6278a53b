#include "server/security/file_watch.h"

#include <gtest/gtest.h>

#include <atomic>
#include <string>

#include "absl/synchronization/notification.h"
#include "absl/time/time.h"
#include "tests/support/temporary_directory.h"

namespace rectifier {
namespace {

using testing::TemporaryDirectory;

TEST(FileWatchTest, AsksAgainForFilesThatCannotBeUsedYet) {
  const TemporaryDirectory directory;
  std::atomic<int> asked = 0;
  absl::Notification taken;
  const FileWatch watch(
      {directory.Write("file", "not valid yet")},
      [&] {
        if (++asked < 3) return false;
        taken.Notify();
        return true;
      },
      absl::Milliseconds(1));
  EXPECT_TRUE(taken.WaitForNotificationWithTimeout(absl::Minutes(1)));
}

TEST(FileWatchTest, TellsOfEachChangeOnce) {
  const TemporaryDirectory directory;
  const std::string path = directory.Write("file", "one");
  std::atomic<int> asked = 0;
  absl::Notification first, second;
  const FileWatch watch(
      {path},
      [&] {
        (++asked == 1 ? first : second).Notify();
        return true;
      },
      absl::Milliseconds(1));
  ASSERT_TRUE(first.WaitForNotificationWithTimeout(absl::Minutes(1)));
  directory.Write("file", "three");
  EXPECT_TRUE(second.WaitForNotificationWithTimeout(absl::Minutes(1)));
}

}  // namespace
}  // namespace rectifier
