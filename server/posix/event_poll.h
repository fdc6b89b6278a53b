// Events of many descriptors, for the one thread that waits for them.
//
//   EventPoll poll;
//   if (!poll.Watch(socket.get(), kSocket, EPOLLIN)) return std::strerror(errno);
//   while (poll.Wait(absl::Seconds(1), [](uint64_t id, uint32_t events) { ... })) { ... }
#ifndef RECTIFIER_SERVER_POSIX_EVENT_POLL_H_
#define RECTIFIER_SERVER_POSIX_EVENT_POLL_H_

#include <cstdint>

#include "absl/functional/function_ref.h"
#include "absl/time/time.h"
#include "server/posix/file_descriptor.h"

namespace rectifier {

class EventPoll {
 public:
  EventPoll();

  // From now on Wait tells of `events` (EPOLLIN, ...) of `file`, and of errors and hang-ups, with
  // `id`. Of a file that is watched already this changes id and events. It is watched until it is
  // closed. False, with errno set, where descriptors or memory have run out.
  bool Watch(int file, uint64_t id, uint32_t events);

  // Waits for events, at most `timeout`, and tells of each. False once Stop was called.
  bool Wait(absl::Duration timeout, absl::FunctionRef<void(uint64_t id, uint32_t events)> tell);
  // Ends the waiting. Thread-safe.
  void Stop();

 private:
  const FileDescriptor epoll_;
  const FileDescriptor stop_;  // an eventfd
  bool can_stop_ = false;      // else nobody is to wait
};

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_POSIX_EVENT_POLL_H_
