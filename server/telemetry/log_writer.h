// Writes lines to a descriptor on a thread of its own, so that whoever logs never waits for whoever
// reads. Lines wait in a queue of bounded size; one that finds no room is dropped and counted.
//
//   LogWriter writer(STDERR_FILENO, 1 << 20, [](int64_t lines) { return ...; });
//   writer.Add("a line\n");
//   writer.Flush(absl::Seconds(1));
#ifndef RECTIFIER_SERVER_TELEMETRY_LOG_WRITER_H_
#define RECTIFIER_SERVER_TELEMETRY_LOG_WRITER_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

namespace rectifier {

class LogWriter {
 public:
  // `drop_line` makes the line that tells of so many lines dropped; it is written once there is
  // room again. The descriptor is not closed.
  LogWriter(int descriptor, size_t queue_bytes, std::function<std::string(int64_t)> drop_line);
  // Writes what is queued, as far as it is taken at once.
  ~LogWriter();
  LogWriter(const LogWriter&) = delete;
  LogWriter& operator=(const LogWriter&) = delete;

  // Never waits for the descriptor. The line has its end. Thread-safe.
  void Add(absl::string_view line);
  // Does the same with a line that finds room in any case.
  void AddFatal(absl::string_view line);

  // Waits until all that was added before is written, at most `timeout`. Gives whether it is.
  // Thread-safe.
  bool Flush(absl::Duration timeout);

  // Lines dropped so far. Thread-safe.
  int64_t dropped() const;

 private:
  void Run();
  // Takes what is queued, once there is something; false where there is nothing and the end has
  // come.
  bool Take(std::string* lines, int64_t* dropped);
  // False where the end came or the descriptor failed before all was written.
  bool Write(absl::string_view text);
  bool WaitForRoom();

  const int descriptor_;
  const size_t queue_bytes_;
  const std::function<std::string(int64_t)> drop_line_;
  mutable absl::Mutex mutex_;
  std::string queue_ ABSL_GUARDED_BY(mutex_);
  bool is_writing_ ABSL_GUARDED_BY(mutex_) = false;
  bool is_failing_ ABSL_GUARDED_BY(mutex_) = false;  // a full disk, or a pipe without a reader
  bool is_ending_ ABSL_GUARDED_BY(mutex_) = false;
  int64_t dropped_ ABSL_GUARDED_BY(mutex_) = 0;
  int64_t told_ ABSL_GUARDED_BY(mutex_) = 0;  // of the dropped lines
  std::thread thread_;
};

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_TELEMETRY_LOG_WRITER_H_
