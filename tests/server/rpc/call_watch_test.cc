#include "server/rpc/call_watch.h"

#include <gtest/gtest.h>

#include "absl/synchronization/notification.h"
#include "core/catalogue.h"
#include "prometheus/text_serializer.h"

namespace rectifier {
namespace {

constexpr absl::Duration kShort = absl::Milliseconds(10);

// A call that is told of.
class FakeCall final : public WatchedCall {
 public:
  using WatchedCall::EndRead;
  using WatchedCall::EndWrite;

  absl::Notification read_late, write_late;

 private:
  void EndReadLate() override { read_late.Notify(); }
  void EndWriteLate() override { write_late.Notify(); }
};

class CallWatchTest : public ::testing::Test {
 protected:
  std::string Counted() const {
    const std::string text = prometheus::TextSerializer().Serialize(metrics_.registry()->Collect());
    std::string counted;
    for (const char* reason : {"idle", "receive", "send"}) {
      const std::string series =
          "rectifier_timeouts_total{reason=\"" + std::string(reason) + "\"} ";
      counted += text.substr(text.find(series) + series.size(), 1);
    }
    return counted;
  }

  const Metrics metrics_{Catalogue::Best(), "test"};
};

TEST_F(CallWatchTest, TellsOnceOfAReadThatIsLate) {
  CallWatch watch({.receive = kShort}, metrics_);
  FakeCall call;
  watch.Add(&call);
  watch.BeginRead(&call, Patience::kMessage);
  call.read_late.WaitForNotification();
  EXPECT_FALSE(call.EndRead()) << "it has been told";
  watch.Remove(&call);
  EXPECT_EQ(Counted(), "010");
}

TEST_F(CallWatchTest, TellsOfASilentStreamAndOfAReplyThatIsNotTaken) {
  CallWatch watch({.idle = kShort, .send = kShort}, metrics_);
  FakeCall call;
  watch.Add(&call);
  watch.BeginRead(&call, Patience::kStream);
  watch.BeginWrite(&call);
  call.read_late.WaitForNotification();
  call.write_late.WaitForNotification();
  watch.Remove(&call);
  EXPECT_EQ(Counted(), "101");
}

TEST_F(CallWatchTest, LeavesInPeaceWhatHasEnded) {
  CallWatch watch({.receive = kShort, .idle = kShort, .send = kShort}, metrics_);
  FakeCall punctual, late;
  watch.Add(&punctual);
  watch.Add(&late);
  watch.BeginRead(&punctual, Patience::kMessage);
  EXPECT_TRUE(punctual.EndRead());
  watch.BeginWrite(&punctual);
  punctual.EndWrite();
  watch.BeginRead(&late, Patience::kMessage);
  late.read_late.WaitForNotification();
  EXPECT_FALSE(punctual.read_late.HasBeenNotified());
  EXPECT_FALSE(punctual.write_late.HasBeenNotified());
  watch.Remove(&punctual);
  watch.Remove(&late);
}

TEST_F(CallWatchTest, HastensWhatHasBegunAndWhatBeginsLater) {
  CallWatch watch({.receive = absl::Seconds(1), .idle = absl::Hours(1), .send = absl::Hours(1)},
                  metrics_);
  FakeCall begun, later;
  watch.Add(&begun);
  watch.Add(&later);
  watch.BeginRead(&begun, Patience::kStream);
  watch.BeginWrite(&begun);
  watch.Hasten(kShort);
  watch.BeginRead(&later, Patience::kStream);
  begun.read_late.WaitForNotification();
  begun.write_late.WaitForNotification();
  later.read_late.WaitForNotification();
  watch.Remove(&begun);
  watch.Remove(&later);
}

}  // namespace
}  // namespace rectifier
