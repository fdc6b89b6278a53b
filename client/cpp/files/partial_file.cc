#include "client/cpp/files/partial_file.h"

#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <set>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"

namespace rectifier::client {
namespace {

struct Pending {
  absl::Mutex mutex;
  std::multiset<std::string> paths ABSL_GUARDED_BY(mutex);
};

// It is never destroyed, because a signal may come while the process ends.
Pending& AllPending() {
  static auto* const pending = new Pending();
  return *pending;
}

void Remember(const std::string& path) {
  const absl::MutexLock lock(&AllPending().mutex);
  AllPending().paths.insert(path);
}

void Forget(const std::string& path) {
  const absl::MutexLock lock(&AllPending().mutex);
  const auto found = AllPending().paths.find(path);
  if (found != AllPending().paths.end()) AllPending().paths.erase(found);
}

}  // namespace

PartialFile::PartialFile(std::string path) : path_(std::move(path)) { Remember(partial_path()); }

PartialFile::PartialFile(PartialFile&& other) noexcept
    : path_(other.path_), is_pending_(std::exchange(other.is_pending_, false)) {}

PartialFile::~PartialFile() {
  if (!is_pending_) return;
  unlink(partial_path().c_str());
  Forget(partial_path());
}

std::string PartialFile::partial_path() const { return absl::StrCat(path_, ".partial"); }

absl::Status PartialFile::Commit() {
  if (std::rename(partial_path().c_str(), path_.c_str()) != 0) {
    return absl::ErrnoToStatus(errno, absl::StrCat("cannot create ", path_));
  }
  Forget(partial_path());
  is_pending_ = false;
  return absl::OkStatus();
}

void RemovePartialFilesForGood() ABSL_NO_THREAD_SAFETY_ANALYSIS {
  AllPending().mutex.Lock();  // and never unlocked
  for (const std::string& path : AllPending().paths) unlink(path.c_str());
}

}  // namespace rectifier::client
