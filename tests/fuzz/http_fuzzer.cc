// Feeds what reads requests of HTTP with bytes that nobody meant. See README.md.
#include <cstdint>
#include <memory>
#include <string>

#include "absl/strings/string_view.h"
#include "google/protobuf/util/field_comparator.h"
#include "google/protobuf/util/message_differencer.h"
#include "inference/inference_service.pb.h"
#include "nlohmann/json.hpp"
#include "rectifier/v1/activation.pb.h"
#include "server/http/infer_request_json.h"
#include "server/http/json_reader.h"
#include "server/http/json_to_message.h"
#include "server/http/message_to_json.h"
#include "tests/fuzz/require.h"

namespace rectifier::http {
namespace {

constexpr size_t kMost = size_t{1} << 20;

// Whether nlohmann's parser takes the text, or refuses it only for a number that is beyond all
// doubles: whoever reads that from our reader is told.
bool IsJson(absl::string_view text) try {
  return !nlohmann::json::parse(text.begin(), text.end()).is_discarded();
} catch (const nlohmann::json::out_of_range&) {
  return true;
} catch (const nlohmann::json::exception&) {
  return false;
}

// The reader takes what nlohmann's does, but for what is nested too deeply, a byte order mark, what
// follows a NUL, at which nlohmann's ends, and what follows a number beyond all doubles.
bool CheckReader(absl::string_view text) {
  JsonReader reader(text);
  const bool is_taken = reader.Skip() && reader.Finish();
  Require(is_taken == reader.error().empty(), "an error where it is not taken");
  const bool is_json = IsJson(text);
  if (is_taken) Require(is_json, "what is taken is JSON");
  const bool may_differ = reader.error().find("within one another") != std::string::npos ||
                          text.substr(0, 1) == "\xef" || text.find('\0') != absl::string_view::npos;
  const bool is_accepted = nlohmann::json::accept(text.begin(), text.end());
  if (!may_differ && is_accepted) Require(is_taken, "JSON is taken");
  return is_taken;
}

// What becomes of JSON is a message, which becomes the same JSON's message again.
void CheckMessage(absl::string_view text, bool is_json) {
  std::string bytes;
  const absl::Status status =
      JsonToMessage(text, *v1::EvaluateRequest::descriptor(), {.max_bytes = kMost}, &bytes);
  if (!status.ok()) return;
  Require(is_json, "a message is made of JSON alone");
  v1::EvaluateRequest message, again;
  Require(message.ParseFromString(bytes), "the bytes are a message");
  std::string json, bytes_again;
  AppendMessage(message, JsonStyle::kProtobuf, &json);
  Require(JsonToMessage(json, *message.descriptor(), {}, &bytes_again).ok(),
          "what is written is read");
  Require(again.ParseFromString(bytes_again), "the bytes are a message again");
  google::protobuf::util::DefaultFieldComparator numbers;
  numbers.set_treat_nan_as_equal(true);
  google::protobuf::util::MessageDifferencer differencer;
  differencer.set_field_comparator(&numbers);
  Require(differencer.Compare(message, again), "the same message");
}

// Of a body whose first byte says where its JSON ends.
void CheckInfer(absl::string_view text) {
  if (text.empty()) return;
  const auto body = std::make_shared<const std::string>(text.substr(1));
  const size_t json_bytes = body->size() * static_cast<unsigned char>(text[0]) / 255;
  grpc::ByteBuffer bytes;
  OutputForms forms;
  const absl::Status status = InferRequestFromJson(
      "relu", "", {.bytes = body, .json_bytes = json_bytes},
      {.max_json_bytes = kMost, .max_values = 1000, .max_tensors = 16}, &bytes, &forms);
  if (!status.ok()) return;
  grpc::Slice whole;
  inference::ModelInferRequest message;
  Require(bytes.DumpToSingleSlice(&whole).ok() &&
              message.ParseFromArray(whole.begin(), static_cast<int>(whole.size())),
          "the bytes are a request");
  Require(message.raw_input_contents_size() <= message.inputs_size(), "contents of inputs alone");
  Require(forms.is_binary.size() <= 16, "outputs that are bounded");
}

}  // namespace
}  // namespace rectifier::http

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view text(reinterpret_cast<const char*>(data), size);
  rectifier::http::CheckMessage(text, rectifier::http::CheckReader(text));
  rectifier::http::CheckInfer(text);
  return 0;
}
