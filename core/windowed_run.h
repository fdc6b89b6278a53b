// An evaluation that is run window by window, over tensors that are never in memory as a whole.
//
//   request.payloads_follow = true;  // shapes now, payloads later
//   absl::StatusOr<Evaluation> evaluation = Bind(catalogue, request);
//   std::unique_ptr<WindowedRun> run = WindowedRun::Make(*evaluation);
//   // For each window, in order:
//   absl::Status status = engine.Run(*run, window, stop);
//
// The bits are those of one Job over all of it, parameter gradients included, wherever it is cut.
#ifndef RECTIFIER_CORE_WINDOWED_RUN_H_
#define RECTIFIER_CORE_WINDOWED_RUN_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>

#include "absl/container/inlined_vector.h"
#include "absl/types/span.h"
#include "core/evaluation.h"
#include "core/payload.h"

namespace rectifier {

// What an evaluation may be cut into: equal items that follow one another in every tensor. For
// elementwise activations and for pairs in two tensors an item is an element; for rows along the
// last axis it is a row; otherwise it is all that belongs to one index of the dimensions before the
// axis.
struct Items {
  int64_t count = 0;
  // Elements of one item in each input (and its gradient), and in the value (and upstream).
  int64_t input_elements = 1;
  int64_t output_elements = 1;
  // Windows begin at multiples of so many items, and end at one or with the last item. That is more
  // than 1 where parameter gradients are summed, because what is summed at a time stays together.
  int64_t quantum = 1;
};

// Items [first, first + count), and where their payloads and results are.
struct Window {
  int64_t first = 0;
  int64_t count = 0;
  absl::InlinedVector<Payload, 2> inputs;
  Payload upstream;  // where the evaluation has one
  // They stand as in Evaluation::outputs. Those of parameter gradients belong to the whole, and are
  // the same memory in every window; they are complete after the last one.
  absl::Span<std::byte* const> outputs;
  bool bypass_cache = false;  // see Job
};

// The work of so many elements, in elements of float32 of which only values and gradients are
// wanted.
int64_t WorkOf(const Evaluation& evaluation, int64_t elements);

class WindowedRun {
 public:
  // `evaluation` must outlive the run.
  static std::unique_ptr<WindowedRun> Make(const Evaluation& evaluation);
  virtual ~WindowedRun() = default;

  const Items& items() const { return items_; }

  // About how much memory is kept from one window to the next, and as much again while one is run.
  virtual int64_t state_bytes() const { return 0; }

  // Windows follow one another from item 0 on; the last one ends with the last item, and there is
  // at least one, if only an empty one. A window is run in steps, and a step in chunks, which may
  // run in any order and in parallel, each once; a step begins when every chunk of the one before
  // has ended. Whoever leaves a chunk out may only destroy the run.
  //
  //   run.Begin(window);
  //   while (const std::optional<int64_t> chunks = run.NextStep()) {
  //     for (int64_t i = 0; i < *chunks; ++i) run.RunChunk(i);
  //   }
  virtual void Begin(const Window& window) = 0;  // the window must outlive its steps
  // The number of chunks in the next step; nullopt where the window is complete.
  virtual std::optional<int64_t> NextStep() = 0;
  virtual void RunChunk(int64_t chunk) = 0;

  // The work of so many items, in elements of the inputs, or of the value where it has more.
  int64_t WorkOf(int64_t items) const {
    const auto inputs = static_cast<int64_t>(evaluation_.inputs.size());
    return rectifier::WorkOf(
        evaluation_, items * std::max(items_.input_elements * inputs, items_.output_elements));
  }

 protected:
  explicit WindowedRun(const Evaluation& evaluation) : evaluation_(evaluation) {}

  // Items without an element do not count: a shape of [2^40, 0] has many.
  void SetItems(Items items) {
    if (items.input_elements == 0 && items.output_elements == 0) items.count = 0;
    items_ = items;
  }

 private:
  const Evaluation& evaluation_;
  Items items_;
};

}  // namespace rectifier

#endif  // RECTIFIER_CORE_WINDOWED_RUN_H_
