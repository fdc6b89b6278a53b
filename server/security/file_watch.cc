#include "server/security/file_watch.h"

#include <sys/stat.h>

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

namespace rectifier {
namespace {

constexpr absl::Duration kInterval = absl::Milliseconds(500);

}  // namespace

FileWatch::FileWatch(std::vector<std::string> paths, std::function<bool()> changed,
                     absl::Duration retry)
    : paths_(std::move(paths)),
      changed_(std::move(changed)),
      retry_(retry),
      thread_([this] { Run(); }) {}

FileWatch::~FileWatch() {
  stopped_.Notify();
  thread_.join();
}

void FileWatch::Run() {
  std::string told;
  absl::Time again = absl::InfiniteFuture();
  std::string before = Look();
  while (!stopped_.WaitForNotificationWithTimeout(kInterval)) {
    const std::string now = Look();
    const bool is_settled = now == std::exchange(before, now);
    if (!is_settled || (now == told && absl::Now() < again)) continue;
    told = now;
    again = changed_() ? absl::InfiniteFuture() : absl::Now() + retry_;
  }
}

std::string FileWatch::Look() const {
  std::string seen;
  for (const std::string& path : paths_) {
    struct stat file;
    if (stat(path.c_str(), &file) != 0) {
      absl::StrAppend(&seen, "none;");
      continue;
    }
    absl::StrAppend(&seen, file.st_dev, ",", file.st_ino, ",", file.st_size, ",",
                    file.st_mtim.tv_sec, ",", file.st_mtim.tv_nsec, ",", file.st_ctim.tv_sec, ",");
    absl::StrAppend(&seen, file.st_ctim.tv_nsec, ";");
  }
  return seen;
}

}  // namespace rectifier
