#include "server/posix/signals.h"

#include <pthread.h>
#include <signal.h>

#include <algorithm>
#include <cerrno>

#include "absl/time/clock.h"

namespace rectifier {
namespace {

sigset_t TerminationSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  return signals;
}

}  // namespace

void BlockTerminationSignals() {
  const sigset_t signals = TerminationSignals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  signal(SIGPIPE, SIG_IGN);
  signal(SIGXFSZ, SIG_IGN);
}

int WaitForTerminationSignal(absl::Duration timeout) {
  const sigset_t signals = TerminationSignals();
  const absl::Time end = absl::Now() + timeout;
  for (;;) {
    const absl::Duration left = std::max(end - absl::Now(), absl::ZeroDuration());
    const timespec wait = absl::ToTimespec(std::min(left, absl::Hours(24)));
    const int number = sigtimedwait(&signals, nullptr, &wait);
    if (number > 0) return number;
    const bool time_is_up = errno == EAGAIN && absl::Now() >= end;
    if (time_is_up) return 0;
  }
}

}  // namespace rectifier
