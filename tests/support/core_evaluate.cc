#include "tests/support/core_evaluate.h"

#include <algorithm>
#include <random>
#include <utility>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace rectifier::testing {

TestTensor::TestTensor(ElementType type, Shape shape, const std::vector<double>& values,
                       size_t misalignment)
    : type_(type),
      shape_(std::move(shape)),
      misalignment_(misalignment),
      bytes_(misalignment + values.size() * SizeOf(type)) {
  std::byte* to = bytes_.data() + misalignment;
  for (double value : values) {
    StoreElement(type, value, to);
    to += SizeOf(type);
  }
}

TensorView TestTensor::view() const {
  return {type_, shape_, absl::MakeConstSpan(bytes_).subspan(misalignment_)};
}

TensorView TestTensor::ViewInPieces(size_t longest, unsigned seed) {
  std::mt19937 random(seed);
  const auto bytes = absl::MakeConstSpan(bytes_).subspan(misalignment_);
  pieces_.clear();
  where_.clear();
  for (size_t start = 0; start < bytes.size();) {
    const size_t length = std::min<size_t>(1 + random() % longest, bytes.size() - start);
    pieces_.emplace_back(bytes.begin() + start, bytes.begin() + start + length);
    where_.push_back({start, pieces_.back().data()});
    start += length;
  }
  return {type_, shape_, Payload(absl::MakeConstSpan(where_), bytes.size())};
}

namespace {

std::string OutputName(const Evaluation& evaluation, const OutputDescription& output) {
  if (output.quantity == Quantity::kParameterGradient) {
    const auto& name = evaluation.activation->spec->parameters[output.index].name;
    return absl::StrCat("d/", name);
  }
  std::string name(Name(output.quantity));
  if (output.index > 0) absl::StrAppend(&name, " ", output.index);
  return name;
}

constexpr size_t kAlignment = 64;

std::byte* Aligned(std::byte* address) {
  return address + (kAlignment - reinterpret_cast<uintptr_t>(address) % kAlignment) % kAlignment;
}

TestOutput Read(const OutputDescription& description, const std::byte* from) {
  const ElementType type = description.type;
  TestOutput output{type, description.shape, {from, from + description.bytes}, {}};
  for (size_t offset = 0; offset < description.bytes; offset += SizeOf(type)) {
    output.values.push_back(LoadElement(type, from + offset));
  }
  return output;
}

}  // namespace

absl::StatusOr<TestOutputs> EvaluateInCore(const EvaluationRequest& request,
                                           const TestEnvironment& environment) {
  absl::StatusOr<Evaluation> evaluation = Bind(*environment.catalogue, request);
  if (!evaluation.ok()) return evaluation.status();
  const auto& parameters = evaluation->activation->spec->parameters;
  for (size_t i = 0; environment.draw && i < parameters.size(); ++i) {
    if (parameters[i].type == ParameterType::kSeed) {
      evaluation->arguments[i].number = *environment.draw;
    }
  }

  Job job{*std::move(evaluation), {}};
  job.bypass_cache = environment.bypass_cache;
  std::vector<std::vector<std::byte>> memory;
  for (const OutputDescription& output : job.evaluation.outputs) {
    memory.emplace_back(kAlignment + environment.misalignment + output.bytes, std::byte{0xa5});
  }
  for (std::vector<std::byte>& bytes : memory) {
    job.outputs.push_back(Aligned(bytes.data()) + environment.misalignment);
  }
  Engine engine({.threads = environment.threads});
  if (absl::Status status = engine.Run({&job, 1}, {}); !status.ok()) return status;

  TestOutputs outputs;
  for (size_t i = 0; i < job.outputs.size(); ++i) {
    const OutputDescription& description = job.evaluation.outputs[i];
    outputs[OutputName(job.evaluation, description)] = Read(description, job.outputs[i]);
  }
  return outputs;
}

namespace {

// A run in windows, and what has come of it.
class WindowCutter {
 public:
  WindowCutter(const EvaluationRequest& whole, const Evaluation& evaluation, unsigned seed)
      : whole_(whole),
        evaluation_(evaluation),
        run_(WindowedRun::Make(evaluation)),
        random_(seed),
        results_(evaluation.outputs.size()) {}

  absl::Status Run(Engine& engine) {
    const Items& items = run_->items();
    int64_t first = 0;
    do {
      const int64_t quanta = (items.count - first + items.quantum - 1) / items.quantum;
      const int64_t count = static_cast<int64_t>(random_() % (quanta / 2 + 1)) + 1;
      const int64_t end = std::min(first + count * items.quantum, items.count);
      if (absl::Status status = RunWindow(engine, first, end - first); !status.ok()) return status;
      first = end;
    } while (first < items.count);
    return absl::OkStatus();
  }

  const std::vector<std::byte>& result(size_t i) const { return results_[i]; }

 private:
  absl::Status RunWindow(Engine& engine, int64_t first, int64_t count) {
    const auto size = static_cast<int64_t>(SizeOf(evaluation_.type));
    const int64_t in = run_->items().input_elements * size;
    const int64_t out = run_->items().output_elements * size;
    Window window{.first = first, .count = count};
    std::vector<TestTensor> parts;
    parts.reserve(3);
    for (const TensorView& input : whole_.inputs) {
      window.inputs.push_back(Part(input.data, first * in, count * in, parts));
    }
    if (whole_.upstream) {
      window.upstream = Part(whole_.upstream->data, first * out, count * out, parts);
    }
    std::vector<std::byte*> outputs;
    for (size_t i = 0; i < results_.size(); ++i) {
      const OutputDescription& output = evaluation_.outputs[i];
      const bool is_sum = output.quantity == Quantity::kParameterGradient;
      const bool is_value = output.quantity == Quantity::kValue;
      const size_t before = is_sum ? 0 : results_[i].size();
      results_[i].resize(is_sum ? output.bytes : before + (is_value ? out : in) * count);
      outputs.push_back(results_[i].data() + before);
    }
    window.outputs = outputs;
    return engine.Run(*run_, window, {});
  }

  Payload Part(const Payload& whole, int64_t offset, int64_t bytes,
               std::vector<TestTensor>& parts) {
    std::vector<std::byte> copy(bytes);
    whole.CopyTo(offset, bytes, copy.data());
    parts.emplace_back(std::move(copy));
    return parts.back().ViewInPieces(1 + random_() % 30000, random_()).data;
  }

  const EvaluationRequest& whole_;
  const Evaluation& evaluation_;
  const std::unique_ptr<WindowedRun> run_;
  std::mt19937 random_;
  std::vector<std::vector<std::byte>> results_;
};

}  // namespace

absl::StatusOr<TestOutputs> EvaluateInWindows(EvaluationRequest request, unsigned seed,
                                              const TestEnvironment& environment) {
  const EvaluationRequest whole = request;
  request.payloads_follow = true;
  for (TensorView& input : request.inputs) input.data = {};
  if (request.upstream) {
    request.upstream->shape.clear();
    request.upstream->data = {};
  }
  const absl::StatusOr<Evaluation> evaluation = Bind(*environment.catalogue, request);
  if (!evaluation.ok()) return evaluation.status();
  WindowCutter cutter(whole, *evaluation, seed);
  Engine engine({.threads = environment.threads});
  if (absl::Status status = cutter.Run(engine); !status.ok()) return status;
  TestOutputs outputs;
  for (size_t i = 0; i < evaluation->outputs.size(); ++i) {
    const OutputDescription& description = evaluation->outputs[i];
    TestOutput& output = outputs[OutputName(*evaluation, description)];
    EXPECT_EQ(cutter.result(i).size(), description.bytes);
    output = Read(description, cutter.result(i).data());
  }
  return outputs;
}

TestOutputs EvaluateInPlace(const EvaluationRequest& request, size_t over_input,
                            size_t over_upstream) {
  const auto copy = [](const TensorView& tensor) {
    std::vector<std::byte> bytes(tensor.data.size());
    tensor.data.CopyTo(0, bytes.size(), bytes.data());
    return bytes;
  };
  std::vector<std::byte> input = copy(request.inputs[0]), upstream = copy(*request.upstream);
  EvaluationRequest mine = request;
  mine.inputs[0].data = input;
  mine.upstream->data = upstream;
  Job job{*Bind(Catalogue::Best(), mine), {}};
  const std::vector<OutputDescription>& outputs = job.evaluation.outputs;
  std::vector<std::vector<std::byte>> memory;
  for (size_t i = 0; i < outputs.size(); ++i) {
    std::byte* to = memory.emplace_back(outputs[i].bytes).data();
    if (i == over_input && outputs[i].bytes == input.size()) to = input.data();
    if (i == over_upstream && outputs[i].bytes == upstream.size()) to = upstream.data();
    job.outputs.push_back(to);
  }
  if (!Engine({.threads = 1}).Run({&job, 1}, {}).ok()) return {};
  TestOutputs results;
  for (size_t i = 0; i < outputs.size(); ++i) {
    results[OutputName(job.evaluation, outputs[i])] = Read(outputs[i], job.outputs[i]);
  }
  return results;
}

}  // namespace rectifier::testing
