#include "tests/support/stream.h"

#include <algorithm>
#include <random>
#include <set>
#include <thread>

namespace rectifier::testing {

std::vector<v1::EvaluateStreamRequest> StreamOf(const v1::EvaluateRequest& request, size_t longest,
                                                unsigned seed) {
  const v1::Evaluation& evaluation = request.evaluations(0);
  const v1::Tensor& input = request.tensors(static_cast<int>(evaluation.inputs(0)));
  std::vector<v1::EvaluateStreamRequest> messages(1);
  v1::StreamHeader& header = *messages[0].mutable_header();
  *header.mutable_activation() = evaluation.activation();
  *header.mutable_quantities() = evaluation.quantities();
  header.set_element_type(input.element_type());
  *header.mutable_shape() = input.shape();
  header.set_inputs(static_cast<uint32_t>(evaluation.inputs_size()));
  header.set_has_upstream(evaluation.has_upstream());
  *header.mutable_tensors() = request.tensors();
  std::vector<std::string> rest(3);
  const auto take = [&](size_t to, uint32_t tensor) {
    v1::Tensor& placeholder = *header.mutable_tensors(static_cast<int>(tensor));
    rest[to] = request.tensors(static_cast<int>(tensor)).data();
    placeholder.clear_data();
    placeholder.clear_shape();
    placeholder.add_shape(0);
  };
  for (int i = 0; i < evaluation.inputs_size(); ++i) take(i, evaluation.inputs(i));
  if (evaluation.has_upstream()) take(2, evaluation.upstream());
  std::mt19937 random(seed);
  const auto cut = [&](size_t from) {
    const std::string part = rest[from].substr(0, random() % (longest + 1));
    rest[from].erase(0, part.size());
    return part;
  };
  while (!rest[0].empty() || !rest[1].empty() || !rest[2].empty()) {
    v1::StreamChunk& chunk = *messages.emplace_back().mutable_chunk();
    chunk.set_input(cut(0));
    chunk.set_second_input(cut(1));
    chunk.set_upstream(cut(2));
  }
  return messages;
}

StreamOutcome RunStream(const std::shared_ptr<grpc::Channel>& channel,
                        const std::vector<v1::EvaluateStreamRequest>& messages) {
  const auto stub = v1::ActivationService::NewStub(channel);
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(60));
  const auto stream = stub->EvaluateStream(&context);
  std::thread writer([&] {
    for (const v1::EvaluateStreamRequest& message : messages) {
      if (!stream->Write(message)) return;
    }
    stream->WritesDone();
  });
  StreamOutcome outcome;
  v1::EvaluateStreamResponse response;
  while (stream->Read(&response)) {
    ++outcome.replies;
    outcome.whole.mutable_value()->append(response.value());
    outcome.whole.mutable_second_derivative()->append(response.second_derivative());
    for (int i = 0; i < response.gradients_size(); ++i) {
      if (i == outcome.whole.gradients_size()) outcome.whole.add_gradients();
      outcome.whole.mutable_gradients(i)->append(response.gradients(i));
    }
    outcome.whole.mutable_parameter_gradients()->MergeFrom(response.parameter_gradients());
    outcome.whole.mutable_value_shape()->MergeFrom(response.value_shape());
  }
  writer.join();
  outcome.status = stream->Finish();
  outcome.details = DetailsOf(outcome.status);
  return outcome;
}

}  // namespace rectifier::testing
