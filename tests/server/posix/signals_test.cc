// It has a process of its own, whose clock of the day is set back while the server waits.
#include "server/posix/signals.h"

#include <signal.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <future>
#include <thread>

#include "absl/time/time.h"
#include "gtest/gtest.h"

namespace {

// Whoever asks for the time a second time sees it an hour earlier.
std::atomic<bool> is_set_back = false;
std::atomic<int> questions = 0;

}  // namespace

extern "C" int clock_gettime(clockid_t clock, timespec* time) noexcept {
  const auto result = static_cast<int>(syscall(SYS_clock_gettime, clock, time));
  if (clock == CLOCK_REALTIME && is_set_back && ++questions > 1) time->tv_sec -= 3600;
  return result;
}

namespace rectifier {
namespace {

// Ends a wait that takes too long, so that the test fails and does not hang.
class Patience {
 public:
  Patience()
      : thread_([this, over = over_.get_future()] {
          if (over.wait_for(std::chrono::seconds(10)) == std::future_status::timeout) {
            kill(getpid(), SIGTERM);
          }
        }) {}
  ~Patience() {
    over_.set_value();
    thread_.join();
  }

 private:
  std::promise<void> over_;
  std::thread thread_;
};

TEST(Signals, WaitEndsInTimeThoughTheClockIsSetBack) {
  BlockTerminationSignals();
  const Patience patience;
  is_set_back = true;
  EXPECT_EQ(WaitForTerminationSignal(absl::Milliseconds(20)), 0);
  is_set_back = false;
}

TEST(Signals, SignalEndsTheWait) {
  BlockTerminationSignals();
  kill(getpid(), SIGINT);
  EXPECT_EQ(WaitForTerminationSignal(), SIGINT);
  EXPECT_EQ(WaitForTerminationSignal(absl::ZeroDuration()), 0);
}

}  // namespace
}  // namespace rectifier
