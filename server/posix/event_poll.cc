#include "server/posix/event_poll.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>

#include <cerrno>
#include <limits>

namespace rectifier {
namespace {

constexpr uint64_t kStop = std::numeric_limits<uint64_t>::max();
constexpr int kEventsAtOnce = 64;

bool WatchIn(const FileDescriptor& epoll, int file, uint64_t id, uint32_t events) {
  epoll_event event{};
  event.events = events;
  event.data.u64 = id;
  if (epoll_ctl(epoll.get(), EPOLL_CTL_ADD, file, &event) == 0) return true;
  return errno == EEXIST && epoll_ctl(epoll.get(), EPOLL_CTL_MOD, file, &event) == 0;
}

}  // namespace

EventPoll::EventPoll()
    : epoll_(epoll_create1(EPOLL_CLOEXEC)), stop_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  can_stop_ = stop_.is_open() && WatchIn(epoll_, stop_.get(), kStop, EPOLLIN);
}

bool EventPoll::Watch(int file, uint64_t id, uint32_t events) {
  if (can_stop_) return WatchIn(epoll_, file, id, events);
  errno = EMFILE;
  return false;
}

bool EventPoll::Wait(absl::Duration timeout,
                     absl::FunctionRef<void(uint64_t id, uint32_t events)> tell) {
  epoll_event events[kEventsAtOnce];
  const int ready = epoll_wait(epoll_.get(), events, kEventsAtOnce,
                               static_cast<int>(absl::ToInt64Milliseconds(timeout)));
  for (int i = 0; i < ready; ++i) {
    if (events[i].data.u64 == kStop) return false;
    tell(events[i].data.u64, events[i].events);
  }
  return true;
}

void EventPoll::Stop() { eventfd_write(stop_.get(), 1); }

}  // namespace rectifier
