#include "server/rpc/heartbeat.h"

#include <gtest/gtest.h>

#include <thread>

#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"

namespace rectifier {
namespace {

// Holds the queue's thread up.
class Blocker final : public Tag {
 public:
  void Ended(bool /*ok*/) override {
    begun.Notify();
    go_on.WaitForNotification();
  }
  absl::Notification begun, go_on;
};

void AwaitLag(const Heartbeats& beats, bool is_behind) {
  const absl::Time end = absl::Now() + absl::Seconds(60);
  while ((beats.lag() > absl::Milliseconds(200)) != is_behind) {
    ASSERT_LT(absl::Now(), end);
    absl::SleepFor(absl::Milliseconds(5));
  }
}

TEST(HeartbeatTest, TellsByHowMuchAThreadIsBehind) {
  Heartbeats beats;
  grpc::CompletionQueue queue, other;
  {
    Heartbeat beat(beats, &queue), idle(beats, &other);
    EXPECT_EQ(beats.lag(), absl::ZeroDuration());
    beat.Start();
    std::thread thread([&] {
      void* tag;
      bool ok;
      while (queue.Next(&tag, &ok)) static_cast<Tag*>(tag)->Ended(ok);
    });
    AwaitLag(beats, false);
    Blocker blocker;
    grpc::Alarm alarm;
    alarm.Set(&queue, gpr_now(GPR_CLOCK_MONOTONIC), &blocker);
    blocker.begun.WaitForNotification();
    AwaitLag(beats, true);
    blocker.go_on.Notify();
    AwaitLag(beats, false);
    beat.Stop();
    queue.Shutdown();
    thread.join();
  }
  EXPECT_EQ(beats.lag(), absl::ZeroDuration());
}

}  // namespace
}  // namespace rectifier
