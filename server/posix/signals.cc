#include "server/posix/signals.h"

#include <pthread.h>
#include <signal.h>

#include <algorithm>
#include <cerrno>
#include <chrono>

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

// By the clock that nobody sets: one that is set back would make the wait longer by as much.
int WaitForTerminationSignal(absl::Duration timeout) {
  using Clock = std::chrono::steady_clock;
  const sigset_t signals = TerminationSignals();
  const Clock::time_point start = Clock::now();
  for (;;) {
    const absl::Duration left = timeout - absl::FromChrono(Clock::now() - start);
    const absl::Duration next = std::clamp(left, absl::ZeroDuration(), absl::Hours(24));
    const timespec wait = absl::ToTimespec(next);
    const int number = sigtimedwait(&signals, nullptr, &wait);
    if (number > 0) return number;
    if (errno == EAGAIN && left <= absl::Hours(24)) return 0;
  }
}

}  // namespace rectifier
