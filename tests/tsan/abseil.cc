// Abseil's locks, notifications and conditions, each before or after what the library does.
#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "tests/tsan/happens_before.h"

// Abseil's inline namespace, in Debian 12, as names have it.
#define RECTIFIER_ABSEIL "4absl7debian3"
static_assert(ABSL_OPTION_USE_INLINE_NAMESPACE == 1, "other names");

using rectifier::testing::Acquire;
using rectifier::testing::Original;
using rectifier::testing::Release;

namespace {

// A condition that is evaluated under a lock, on whichever thread holds it just then.
class GuardedCondition {
 public:
  GuardedCondition(absl::Mutex* mutex, const absl::Condition& condition)
      : mutex_(mutex), condition_(condition) {}

  absl::Condition condition() { return absl::Condition(this, &GuardedCondition::Eval); }

 private:
  bool Eval() {
    Acquire(mutex_);
    const bool result = condition_.Eval();
    Release(mutex_);
    return result;
  }

  absl::Mutex* const mutex_;
  const absl::Condition& condition_;
};

}  // namespace

namespace absl {
ABSL_NAMESPACE_BEGIN

void Mutex::Lock() {
  static auto* const lock = Original<void(Mutex*)>("_ZN" RECTIFIER_ABSEIL "5Mutex4LockEv");
  lock(this);
  Acquire(this);
}

void Mutex::Unlock() {
  static auto* const unlock = Original<void(Mutex*)>("_ZN" RECTIFIER_ABSEIL "5Mutex6UnlockEv");
  Release(this);
  unlock(this);
}

bool Mutex::TryLock() {
  static auto* const lock = Original<bool(Mutex*)>("_ZN" RECTIFIER_ABSEIL "5Mutex7TryLockEv");
  const bool result = lock(this);
  if (result) Acquire(this);
  return result;
}

void Mutex::ReaderLock() {
  static auto* const lock = Original<void(Mutex*)>("_ZN" RECTIFIER_ABSEIL "5Mutex10ReaderLockEv");
  lock(this);
  Acquire(this);
}

// Readers see one another's end, too: the sanitizer misses races that readers alone would make.
void Mutex::ReaderUnlock() {
  static auto* const unlock =
      Original<void(Mutex*)>("_ZN" RECTIFIER_ABSEIL "5Mutex12ReaderUnlockEv");
  Release(this);
  unlock(this);
}

void Mutex::Await(const Condition& condition) {
  static auto* const await = Original<void(Mutex*, const Condition&)>(
      "_ZN" RECTIFIER_ABSEIL "5Mutex5AwaitERKNS0_9ConditionE");
  GuardedCondition guarded(this, condition);
  Release(this);
  await(this, guarded.condition());
  Acquire(this);
}

bool Mutex::AwaitWithTimeout(const Condition& condition, Duration timeout) {
  static auto* const await = Original<bool(Mutex*, const Condition&, Duration)>(
      "_ZN" RECTIFIER_ABSEIL "5Mutex16AwaitWithTimeoutERKNS0_9ConditionENS0_8DurationE");
  GuardedCondition guarded(this, condition);
  Release(this);
  const bool result = await(this, guarded.condition(), timeout);
  Acquire(this);
  return result;
}

void CondVar::Wait(Mutex* mutex) {
  static auto* const wait =
      Original<void(CondVar*, Mutex*)>("_ZN" RECTIFIER_ABSEIL "7CondVar4WaitEPNS0_5MutexE");
  Release(mutex);
  wait(this, mutex);
  Acquire(mutex);
}

bool CondVar::WaitWithTimeout(Mutex* mutex, Duration timeout) {
  static auto* const wait = Original<bool(CondVar*, Mutex*, Duration)>(
      "_ZN" RECTIFIER_ABSEIL "7CondVar15WaitWithTimeoutEPNS0_5MutexENS0_8DurationE");
  Release(mutex);
  const bool result = wait(this, mutex, timeout);
  Acquire(mutex);
  return result;
}

void Notification::Notify() {
  static auto* const notify =
      Original<void(Notification*)>("_ZN" RECTIFIER_ABSEIL "12Notification6NotifyEv");
  Release(this);
  notify(this);
}

bool Notification::WaitForNotificationWithTimeout(Duration timeout) const {
  static auto* const wait = Original<bool(const Notification*, Duration)>(
      "_ZNK" RECTIFIER_ABSEIL "12Notification30WaitForNotificationWithTimeoutENS0_8DurationE");
  const bool result = wait(this, timeout);
  if (result) Acquire(this);
  return result;
}

void Notification::WaitForNotification() const {
  static auto* const wait = Original<void(const Notification*)>(
      "_ZNK" RECTIFIER_ABSEIL "12Notification19WaitForNotificationEv");
  wait(this);
  Acquire(this);
}

ABSL_NAMESPACE_END
}  // namespace absl
