// What an engine is given to do, in steps and chunks as WindowedRun has them.
#ifndef RECTIFIER_CORE_WORK_H_
#define RECTIFIER_CORE_WORK_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <utility>

#include "absl/types/span.h"
#include "core/engine.h"
#include "core/windowed_run.h"

namespace rectifier {

class Work {
 public:
  virtual ~Work() = default;
  virtual std::optional<int64_t> NextStep() = 0;
  virtual void RunChunk(int64_t chunk) = 0;
};

// One window.
class WindowWork final : public Work {
 public:
  // Both must outlive the work.
  WindowWork(WindowedRun& run, const Window& window) : run_(run), window_(window) {}

  std::optional<int64_t> NextStep() override;
  void RunChunk(int64_t chunk) override { run_.RunChunk(chunk); }

 private:
  WindowedRun& run_;
  const Window& window_;
  bool is_begun_ = false;
};

// Any work that comes in pieces, one after the other.
class PiecesWork final : public Work {
 public:
  // `next` does a piece, and says whether there is another.
  explicit PiecesWork(std::function<bool()> next) : next_(std::move(next)) {}

  std::optional<int64_t> NextStep() override {
    return has_more_ ? std::optional<int64_t>(1) : std::nullopt;
  }
  void RunChunk(int64_t /*chunk*/) override { has_more_ = next_(); }

 private:
  const std::function<bool()> next_;
  bool has_more_ = true;
};

// One job after the other.
class JobsWork final : public Work {
 public:
  // The jobs must outlive the work.
  explicit JobsWork(absl::Span<const Job> jobs) : jobs_(jobs) {}

  std::optional<int64_t> NextStep() override;
  void RunChunk(int64_t chunk) override { run_->RunChunk(chunk); }

 private:
  void Begin(const Job& job);

  const absl::Span<const Job> jobs_;
  size_t begun_ = 0;  // jobs
  std::unique_ptr<WindowedRun> run_;
  Window whole_;  // all of the job, as one window
};

}  // namespace rectifier

#endif  // RECTIFIER_CORE_WORK_H_
