#include "tests/numerics/prove/sweep.h"

#include <algorithm>
#include <atomic>
#include <ctime>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>

#include "tests/numerics/prove/float32_sweep.h"
#include "tests/numerics/prove/float64_sample.h"
#include "tests/numerics/prove/half_sweep.h"
#include "tests/numerics/prove/landmarks.h"

namespace rectifier::prove {
namespace {

constexpr size_t kHalfTasks = 16;
constexpr size_t kClusters = 24'000;
constexpr size_t kClustersOfTask = 500;
constexpr size_t kNeighbours = 200;

// The CPU time of this thread: what a task costs, whatever else the machine does.
double CpuSeconds() {
  timespec time = {};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

Sweep Float32Tasks(const Subject* subject) {
  return {kSegments, [subject]() -> Worker {
            auto sweep = std::make_shared<Float32Sweep>(subject);
            return [sweep](size_t task) { return sweep->Segment(task); };
          }};
}

Sweep HalfTasks(const Subject* subject, ElementType type) {
  return {kHalfTasks, [subject, type]() -> Worker {
            return [subject, type](size_t task) {
              return SweepHalves(*subject, type, EveryHalf(task, kHalfTasks));
            };
          }};
}

// One column of a float64 sample: where its clusters lie, and how many tasks they are.
struct Float64Column {
  std::vector<double> landmarks;
  ClusterPlan plan;
  size_t tasks;
};

Finding RunClusters(const Float64Column& column, size_t task, Float64Sample* sample) {
  Finding finding;
  const size_t begin = task * kClustersOfTask;
  const size_t end = std::min(begin + kClustersOfTask, column.plan.size());
  for (size_t i = begin; i < end; ++i) finding.Add(sample->Cluster(column.plan.Center(i), i));
  if (task > 0) return finding;
  for (double landmark : column.landmarks) {
    finding.Add(sample->Neighbours(landmark, kNeighbours));
  }
  finding.Add(sample->Specials());
  return finding;
}

Sweep Float64Tasks(const Subject* subject) {
  auto columns = std::make_shared<std::vector<Float64Column>>();
  size_t tasks = 0;
  for (const Column& column : subject->columns) {
    std::vector<double> landmarks = Landmarks(*column.expression, subject->arguments);
    const ClusterPlan plan(landmarks, kClusters);
    const size_t own = (plan.size() + kClustersOfTask - 1) / kClustersOfTask;
    columns->push_back({std::move(landmarks), plan, own});
    tasks += own;
  }
  return {tasks, [subject, columns]() -> Worker {
            return [subject, columns](size_t task) {
              std::vector<Finding> findings(columns->size());
              size_t column = 0;
              while (task >= (*columns)[column].tasks) task -= (*columns)[column++].tasks;
              Float64Sample sample(subject, column);
              findings[column] = RunClusters((*columns)[column], task, &sample);
              return findings;
            };
          }};
}

}  // namespace

Sweep MakeSweep(const Subject* subject, ElementType type) {
  switch (type) {
    case ElementType::kFloat32:
      return Float32Tasks(subject);
    case ElementType::kFloat64:
      return Float64Tasks(subject);
    default:
      return HalfTasks(subject, type);
  }
}

void RunSweep(const Sweep& sweep, size_t threads, TaskFindings* done,
              const std::function<void(size_t task, double seconds)>& finished) {
  std::atomic<size_t> next = 0;
  std::mutex mutex;
  const auto work = [&] {
    const Worker worker = sweep.make_worker();
    for (size_t task = next++; task < sweep.tasks; task = next++) {
      if (!(*done)[task].empty()) continue;
      const double start = CpuSeconds();
      std::vector<Finding> findings = worker(task);
      const double taken = CpuSeconds() - start;
      const std::lock_guard<std::mutex> lock(mutex);
      (*done)[task] = std::move(findings);
      finished(task, taken);
    }
    flint_cleanup();  // its caches are by thread
  };
  std::vector<std::thread> pool;
  for (size_t i = 0; i < threads; ++i) pool.emplace_back(work);
  for (std::thread& thread : pool) thread.join();
}

}  // namespace rectifier::prove
