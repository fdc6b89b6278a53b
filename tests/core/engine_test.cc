#include "core/engine.h"

#include <atomic>
#include <chrono>
#include <future>
#include <string>
#include <thread>
#include <vector>

#include "core/field_error.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/core_evaluate.h"

namespace rectifier {
namespace {

using ::rectifier::testing::EvaluateInCore;
using ::rectifier::testing::TestOutputs;
using ::rectifier::testing::TestTensor;
using ::testing::ElementsAre;

constexpr CallerId kCaller = 1;

// A job whose outputs live as long as it does.
struct OwnedJob {
  explicit OwnedJob(int64_t elements)
      : input(ElementType::kFloat32, std::vector<double>(elements, 1.0)),
        output(static_cast<size_t>(elements) * 4) {
    job.evaluation = *Bind(Catalogue::Best(), {.activation = "gelu", .inputs = {input.view()}});
    job.outputs = {output.data()};
  }
  TestTensor input;
  std::vector<std::byte> output;
  Job job;
};

TEST(EngineTest, ResultsMayReplaceTheirInput) {
  std::vector<float> memory(1000, -1.5f);
  const auto evaluation =
      Bind(Catalogue::Best(), {.activation = "leaky_relu", .inputs = {TensorView::Of(memory)}});
  ASSERT_TRUE(evaluation.ok()) << evaluation.status();
  ASSERT_TRUE(Engine({.threads = 1}).Run(*evaluation, {memory}).ok());
  EXPECT_THAT(memory, ::testing::Each(-0.015f));
}

TEST(EngineTest, RunsIntoVectorsOfTheCaller) {
  const std::vector<float> x = {-1, 0, 2};
  const auto evaluation =
      Bind(Catalogue::Best(), {.activation = "prelu",
                               .inputs = {TensorView::Of(x)},
                               .quantities = {Quantity::kValue, Quantity::kParameterGradient}});
  ASSERT_TRUE(evaluation.ok()) << evaluation.status();
  std::vector<float> value(3);
  std::vector<double> slope_gradient(1);  // of a number
  const absl::Status status = Engine({.threads = 1}).Run(*evaluation, {value, slope_gradient});
  ASSERT_TRUE(status.ok()) << status;
  EXPECT_THAT(value, ElementsAre(-0.25, 0, 2));
  EXPECT_THAT(slope_gradient, ElementsAre(-1));
}

TEST(EngineTest, RefusesMemoryThatDoesNotFitTheResults) {
  const std::vector<float> x = {-1, 0, 2};
  const auto evaluation =
      Bind(Catalogue::Best(), {.activation = "relu",
                               .inputs = {TensorView::Of(x)},
                               .quantities = {Quantity::kValue, Quantity::kGradient}});
  ASSERT_TRUE(evaluation.ok()) << evaluation.status();
  Engine engine({.threads = 1});
  const auto violation = [&](const std::vector<OutputView>& outputs) {
    return GetFieldViolation(engine.Run(*evaluation, outputs)).value_or(FieldViolation());
  };
  std::vector<float> right(3), small(2);
  std::vector<double> wide(3);
  EXPECT_EQ(violation({right}).reason, "WRONG_OUTPUT_COUNT");
  EXPECT_EQ(violation({right, small}).path, "outputs[1]");
  EXPECT_EQ(violation({wide, right}).reason, "OUTPUT_MISMATCH");
  EXPECT_EQ(violation({wide, right}).description,
            "24 bytes of float64; the value takes 12 of float32");
  EXPECT_TRUE(engine.Run(*evaluation, {right, absl::MakeSpan(right)}).ok());
}

TEST(EngineTest, SmallWorkRunsOnTheCallingThread) {
  OwnedJob small(100);
  Engine engine({.threads = 2});
  std::thread::id ran;
  engine.Submit(kCaller, {&small.job, 1}, {},
                [&](const absl::Status& status, const Engine::Times& times) {
                  EXPECT_TRUE(status.ok());
                  EXPECT_EQ(times.queued, absl::ZeroDuration());
                  ran = std::this_thread::get_id();
                });
  EXPECT_EQ(ran, std::this_thread::get_id());
}

TEST(EngineTest, BigWorkRunsElsewhere) {
  OwnedJob big(1 << 20);
  for (int threads : {1, 2}) {
    Engine engine({.threads = threads});
    std::promise<std::thread::id> ran;
    engine.Submit(kCaller, {&big.job, 1}, {},
                  [&](const absl::Status& status, const Engine::Times& times) {
                    EXPECT_TRUE(status.ok());
                    EXPECT_GE(times.queued, absl::ZeroDuration());
                    EXPECT_GT(times.served, absl::ZeroDuration());
                    ran.set_value(std::this_thread::get_id());
                  });
    EXPECT_NE(ran.get_future().get(), std::this_thread::get_id());
  }
}

// Between two pieces of work its threads are asleep, or have just gone back to oneTBB, or are about
// to.
TEST(EngineTest, GoesOnHoweverLongItsThreadsHadNothingToDo) {
  OwnedJob big(1 << 18);
  Engine engine({.threads = 2});
  for (int i = 0; i < 200; ++i) {
    std::this_thread::sleep_for(std::chrono::microseconds(i < 190 ? i * 5 : 49'000 + i * 10));
    std::promise<bool> is_ok;
    engine.Submit(
        kCaller, {&big.job, 1}, {},
        [&](const absl::Status& status, const Engine::Times&) { is_ok.set_value(status.ok()); });
    ASSERT_TRUE(is_ok.get_future().get());
  }
}

// The threads of one sleep in between, and yield to those of the other, which oneTBB counts
// together.
TEST(EngineTest, SeveralEnginesAreServedBesideEachOther) {
  OwnedJob big(1 << 18);
  Engine first({.threads = 2}), second({.threads = 2});
  for (Engine* const engine : {&first, &second, &first, &second}) {
    std::promise<bool> is_ok;
    engine->Submit(
        kCaller, {&big.job, 1}, {},
        [&](const absl::Status& status, const Engine::Times&) { is_ok.set_value(status.ok()); });
    EXPECT_TRUE(is_ok.get_future().get());
  }
}

TEST(EngineTest, TheDestructorWaitsForSubmittedWork) {
  OwnedJob big(1 << 20);
  std::atomic<bool> done = false;
  {
    Engine engine({.threads = 2});
    engine.Submit(kCaller, {&big.job, 1}, {},
                  [&](const absl::Status&, const Engine::Times&) { done = true; });
  }
  EXPECT_TRUE(done);
}

TEST(EngineTest, AStopRequestCancels) {
  OwnedJob big(1 << 20);
  std::stop_source source;
  source.request_stop();
  Engine engine({.threads = 2});
  EXPECT_EQ(engine.Run({&big.job, 1}, {.cancelled = source.get_token()}).code(),
            absl::StatusCode::kCancelled);
}

TEST(EngineTest, APassedDeadlineEndsTheWork) {
  OwnedJob big(1 << 20);
  Engine engine({.threads = 2});
  EXPECT_EQ(
      engine.Run({&big.job, 1}, {.deadline = StopCondition::Clock::now() - std::chrono::seconds(1)})
          .code(),
      absl::StatusCode::kDeadlineExceeded);
}

TEST(EngineTest, StopsBetweenChunks) {
  OwnedJob big(1 << 22);
  std::stop_source source;
  Engine engine({.threads = 1});
  std::promise<absl::Status> result;
  std::vector<Job> jobs(64, big.job);  // long enough to be cancelled while it runs
  engine.Submit(
      kCaller, jobs, {.cancelled = source.get_token()},
      [&](const absl::Status& status, const Engine::Times&) { result.set_value(status); });
  source.request_stop();
  EXPECT_EQ(result.get_future().get().code(), absl::StatusCode::kCancelled);
}

// Sums along rows, a thousand times over: far longer than a test.
struct LongWork {
  LongWork() : work(1 << 18) {
    work.job.evaluation =
        *Bind(Catalogue::Best(), {.activation = "softmax", .inputs = {work.input.view()}});
    jobs.assign(100'000, work.job);
  }
  OwnedJob work;
  std::vector<Job> jobs;
};

// A call's end, to wait for.
class Ending {
 public:
  Engine::Done Done() {
    return [this](const absl::Status& status, const Engine::Times&) { status_.set_value(status); };
  }
  absl::Status Wait() { return status_.get_future().get(); }

 private:
  std::promise<absl::Status> status_;
};

// Hogs go on for as long as the test likes; the late call ends all the same.
TEST(EngineTest, ALateCallOvertakesHogs) {
  for (int threads : {1, 2}) {
    LongWork work;
    OwnedJob late(1 << 18);
    std::stop_source stop;
    Engine engine({.threads = threads});
    std::vector<Ending> hogs(3);
    for (CallerId hog = 0; hog < hogs.size(); ++hog) {
      engine.Submit(hog, work.jobs, {.cancelled = stop.get_token()}, hogs[hog].Done());
    }
    Ending ending;
    engine.Submit(99, {&late.job, 1}, {}, ending.Done());
    EXPECT_TRUE(ending.Wait().ok());
    stop.request_stop();
    for (Ending& hog : hogs) EXPECT_EQ(hog.Wait().code(), absl::StatusCode::kCancelled);
  }
}

TEST(EngineTest, ALateCallOvertakesALongOneOfTheSameCaller) {
  LongWork work;
  OwnedJob late(1 << 18);
  std::stop_source stop;
  Engine engine({.threads = 1});
  Ending hog, ending;
  engine.Submit(kCaller, work.jobs, {.cancelled = stop.get_token()}, hog.Done());
  engine.Submit(kCaller, {&late.job, 1}, {}, ending.Done());
  EXPECT_TRUE(ending.Wait().ok());
  stop.request_stop();
  EXPECT_EQ(hog.Wait().code(), absl::StatusCode::kCancelled);
}

TEST(EngineTest, ADeadlineEndsWorkThatIsUnderWay) {
  LongWork work;
  Engine engine({.threads = 2});
  Ending ending;
  engine.Submit(kCaller, work.jobs,
                {.deadline = StopCondition::Clock::now() + std::chrono::milliseconds(20)},
                ending.Done());
  EXPECT_EQ(ending.Wait().code(), absl::StatusCode::kDeadlineExceeded);
}

// Work of many callers and steps, and threads that come and go: TSan looks at this.
TEST(EngineTest, ManyCallersAtOnceGetTheSameBits) {
  std::vector<double> elements(1 << 17);
  for (size_t i = 0; i < elements.size(); ++i) elements[i] = -3 + 5e-5 * static_cast<double>(i);
  const TestTensor x(ElementType::kFloat32, {1 << 17}, elements);
  const EvaluationRequest request{.activation = "prelu",
                                  .inputs = {x.view()},
                                  .quantities = {Quantity::kValue, Quantity::kParameterGradient}};
  const TestOutputs expected = *EvaluateInCore(request, {.threads = 1});
  const Evaluation evaluation = *Bind(Catalogue::Best(), request);
  Engine engine({.threads = 3});
  constexpr size_t kCalls = 24;
  std::vector<std::vector<std::byte>> values(kCalls), slopes(kCalls);
  std::vector<Job> jobs(kCalls);
  std::vector<Ending> endings(kCalls);
  for (size_t i = 0; i < kCalls; ++i) {
    values[i].resize(evaluation.outputs[0].bytes);
    slopes[i].resize(evaluation.outputs[1].bytes);
    jobs[i] = {evaluation, {values[i].data(), slopes[i].data()}};
    engine.Submit(i % 5, {&jobs[i], 1}, {}, endings[i].Done());
  }
  for (size_t i = 0; i < kCalls; ++i) {
    ASSERT_TRUE(endings[i].Wait().ok());
    EXPECT_EQ(values[i], expected.at("value").bytes);
    EXPECT_EQ(slopes[i], expected.at("d/weight").bytes);
  }
}

// Whoever waits helps, so that waiting on the engine's own threads blocks nothing.
TEST(EngineTest, ItsOwnThreadsMayRun) {
  OwnedJob outer(1 << 18), inner(1 << 18);
  Engine engine({.threads = 2});
  std::promise<absl::Status> result;
  engine.Submit(kCaller, {&outer.job, 1}, {}, [&](const absl::Status&, const Engine::Times&) {
    result.set_value(engine.Run({&inner.job, 1}, {}));
  });
  EXPECT_TRUE(result.get_future().get().ok());
}

TEST(EngineTest, ManySmallEvaluationsAreBigWork) {
  OwnedJob small(16);
  const std::vector<Job> jobs(1024, small.job);
  Engine engine({.threads = 1});
  std::promise<std::thread::id> ran;
  engine.Submit(kCaller, jobs, {}, [&](const absl::Status&, const Engine::Times&) {
    ran.set_value(std::this_thread::get_id());
  });
  EXPECT_NE(ran.get_future().get(), std::this_thread::get_id());
}

}  // namespace
}  // namespace rectifier
