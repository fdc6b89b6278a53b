#include "server/telemetry/log_writer.h"

#include <limits.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace rectifier {
namespace {

// How often the thread looks whether it is to end, while nobody reads.
constexpr int kPollMilliseconds = 100;

}  // namespace

LogWriter::LogWriter(int descriptor, size_t queue_bytes,
                     std::function<std::string(int64_t)> drop_line)
    : descriptor_(descriptor),
      queue_bytes_(queue_bytes),
      drop_line_(std::move(drop_line)),
      thread_([this] { Run(); }) {}

LogWriter::~LogWriter() {
  {
    absl::MutexLock lock(&mutex_);
    is_ending_ = true;
  }
  thread_.join();
}

void LogWriter::Add(absl::string_view line) {
  absl::MutexLock lock(&mutex_);
  if (queue_.size() + line.size() > queue_bytes_) {
    ++dropped_;
  } else {
    queue_.append(line.data(), line.size());
  }
}

void LogWriter::AddFatal(absl::string_view line) {
  absl::MutexLock lock(&mutex_);
  queue_.append(line.data(), line.size());
}

bool LogWriter::Flush(absl::Duration timeout) {
  absl::MutexLock lock(&mutex_);
  const auto is_written = [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
    return queue_.empty() && !is_writing_;
  };
  return mutex_.AwaitWithTimeout(absl::Condition(&is_written), timeout);
}

int64_t LogWriter::dropped() const {
  absl::MutexLock lock(&mutex_);
  return dropped_;
}

void LogWriter::Run() {
  std::string lines;
  int64_t dropped;
  while (Take(&lines, &dropped)) {
    const int64_t count = std::count(lines.begin(), lines.end(), '\n');
    if (dropped > 0) lines += drop_line_(dropped);
    const bool is_written = Write(lines);
    absl::MutexLock lock(&mutex_);
    is_writing_ = false;
    is_failing_ = !is_written;
    if (is_written) continue;
    dropped_ += count;
    told_ -= dropped;
  }
}

// What was dropped is told after the lines that had room before it.
bool LogWriter::Take(std::string* lines, int64_t* dropped) {
  absl::MutexLock lock(&mutex_);
  const auto is_due = [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
    return !queue_.empty() || (dropped_ > told_ && !is_failing_) || is_ending_;
  };
  mutex_.Await(absl::Condition(&is_due));
  if (queue_.empty() && is_ending_) return false;
  *lines = std::exchange(queue_, {});
  *dropped = dropped_ - std::exchange(told_, dropped_);
  is_writing_ = true;
  return true;
}

// A pipe that can be written to takes PIPE_BUF bytes without waiting.
bool LogWriter::Write(absl::string_view text) {
  while (!text.empty()) {
    if (!WaitForRoom()) return false;
    const ssize_t written =
        write(descriptor_, text.data(), std::min<size_t>(text.size(), PIPE_BUF));
    if (written < 0 && errno != EINTR && errno != EAGAIN) return false;
    if (written > 0) text.remove_prefix(static_cast<size_t>(written));
  }
  return true;
}

bool LogWriter::WaitForRoom() {
  for (;;) {
    pollfd poll_descriptor = {.fd = descriptor_, .events = POLLOUT, .revents = 0};
    if (poll(&poll_descriptor, 1, kPollMilliseconds) > 0) return true;
    absl::MutexLock lock(&mutex_);
    if (is_ending_) return false;
  }
}

}  // namespace rectifier
