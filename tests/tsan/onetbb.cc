// oneTBB hands tasks from the thread that spawns them to the one that runs them.
#include <cstdlib>

#include "oneapi/tbb/parallel_for.h"
#include "oneapi/tbb/task_arena.h"
#include "oneapi/tbb/task_group.h"
#include "tests/tsan/happens_before.h"

namespace d1 = tbb::detail::d1;
using rectifier::testing::Acquire;
using rectifier::testing::Original;
using rectifier::testing::Release;

namespace {

// Runs a task on another thread, after what the thread did that handed it over; then deletes
// itself.
class HandedOver final : public d1::task {
 public:
  explicit HandedOver(d1::task& task) : task_(task) { Release(&task_); }

  d1::task* execute(d1::execution_data& data) override {
    Acquire(&task_);
    d1::task* const next = task_.execute(data);
    delete this;
    return next;
  }

  d1::task* cancel(d1::execution_data& data) override {
    Acquire(&task_);
    d1::task* const next = task_.cancel(data);
    delete this;
    return next;
  }

 private:
  d1::task& task_;
};

// What execute() runs, on this thread or, where the arena is full, on another.
class Delegated final : public d1::delegate_base {
 public:
  explicit Delegated(d1::delegate_base& delegate) : delegate_(delegate) { Release(this); }

  bool operator()() const override {
    Acquire(this);
    const bool result = delegate_();
    Release(this);
    return result;
  }

 private:
  d1::delegate_base& delegate_;
};

// The waiting thread goes on after the last task that it waited for: that counted down an atomic
// number, which stands behind eight bytes of flags.
void AcquireWaited(const d1::wait_context& waited) {
  Acquire(reinterpret_cast<const char*>(&waited) + 8);
}

}  // namespace

namespace tbb::detail::r1 {

void spawn(d1::task& task, d1::task_group_context& context) {
  static auto* const spawn = Original<void(d1::task&, d1::task_group_context&)>(
      "_ZN3tbb6detail2r15spawnERNS0_2d14taskERNS2_18task_group_contextE");
  spawn(*new HandedOver(task), context);
}

void enqueue(d1::task& task, d1::task_group_context& context, d1::task_arena_base* arena) {
  static auto* const enqueue =
      Original<void(d1::task&, d1::task_group_context&, d1::task_arena_base*)>(
          "_ZN3tbb6detail2r17enqueueERNS0_2d14taskERNS2_18task_group_contextEPNS2_15task_arena_"
          "baseE");
  enqueue(*new HandedOver(task), context, arena);
}

void execute(d1::task_arena_base& arena, d1::delegate_base& delegate) {
  static auto* const execute = Original<void(d1::task_arena_base&, d1::delegate_base&)>(
      "_ZN3tbb6detail2r17executeERNS0_2d115task_arena_baseERNS2_13delegate_baseE");
  Delegated delegated(delegate);
  execute(arena, delegated);
  Acquire(&delegated);
}

void execute_and_wait(d1::task& task, d1::task_group_context& context, d1::wait_context& waited,
                      d1::task_group_context& waiting) {
  static auto* const execute = Original<void(d1::task&, d1::task_group_context&, d1::wait_context&,
                                             d1::task_group_context&)>(
      "_ZN3tbb6detail2r116execute_and_waitERNS0_2d14taskERNS2_18task_group_contextERNS2_12wait_"
      "contextES6_");
  execute(task, context, waited, waiting);
  AcquireWaited(waited);
}

void wait(d1::wait_context& waited, d1::task_group_context& context) {
  static auto* const wait = Original<void(d1::wait_context&, d1::task_group_context&)>(
      "_ZN3tbb6detail2r14waitERNS0_2d112wait_contextERNS2_18task_group_contextE");
  wait(waited, context);
  AcquireWaited(waited);
}

// Tasks come from the heap, which the sanitizer knows, and not from oneTBB's pools.
void* allocate(d1::small_object_pool*&, std::size_t size) {
  constexpr std::size_t kAlignment = 64;
  return std::aligned_alloc(kAlignment, (size + kAlignment - 1) / kAlignment * kAlignment);
}

void* allocate(d1::small_object_pool*& pool, std::size_t size, const d1::execution_data&) {
  return allocate(pool, size);
}

void deallocate(d1::small_object_pool&, void* object, std::size_t) { std::free(object); }

void deallocate(d1::small_object_pool&, void* object, std::size_t, const d1::execution_data&) {
  std::free(object);
}

}  // namespace tbb::detail::r1
