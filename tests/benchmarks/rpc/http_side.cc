// The sides that ask for the same by the Open Inference Protocol over HTTP: with binary data, and
// with numbers as JSON's text.
#include <cstring>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/types/span.h"
#include "nlohmann/json.hpp"
#include "tests/benchmarks/rpc/http_caller.h"
#include "tests/benchmarks/rpc/side.h"

namespace rectifier {
namespace {

using nlohmann::json;

constexpr char kLength[] = "Inference-Header-Content-Length";
// Nobody writes more numbers than these as text, and the server takes no more than a million.
constexpr size_t kMostText = size_t{1} << 20;

std::string RawInput(const Workload& workload) {
  std::string bytes(workload.of().tensor_bytes, '\0');
  workload.FillInput(absl::MakeSpan(reinterpret_cast<std::byte*>(bytes.data()), bytes.size()));
  return bytes;
}

json TextOf(const std::string& bytes) {
  std::vector<float> numbers(bytes.size() / sizeof(float));
  std::memcpy(numbers.data(), bytes.data(), bytes.size());
  return numbers;
}

std::string RequestOf(const Workload& workload, bool is_binary) {
  const std::string raw = RawInput(workload);
  json x = {{"name", "x"}, {"shape", {workload.elements()}}, {"datatype", "FP32"}};
  json request = {{"outputs", {{{"name", "value"}}, {{"name", "gradient"}}}}};
  if (is_binary) {
    x["parameters"]["binary_data_size"] = raw.size();
    request["parameters"]["binary_data_output"] = true;
  } else {
    x["data"] = TextOf(raw);
  }
  request["inputs"] = {x};
  const std::string text = request.dump();
  std::string head = absl::StrCat("POST /v2/models/", workload.activation(),
                                  "/infer HTTP/1.1\r\nHost: localhost\r\n");
  if (is_binary) absl::StrAppend(&head, kLength, ": ", text.size(), "\r\n");
  const std::string body = is_binary ? text + raw : text;
  return absl::StrCat(head, "Content-Length: ", body.size(), "\r\n\r\n", body);
}

absl::Status CheckBinary(const Workload& workload, absl::string_view response, size_t body) {
  size_t text = 0;
  const size_t bytes = workload.of().tensor_bytes;
  if (!absl::SimpleAtoi(FieldOf(response, kLength), &text) ||
      response.size() != body + text + 2 * bytes) {
    return absl::InternalError("a response that is not two results");
  }
  const absl::string_view results = response.substr(body + text);
  const absl::Status status =
      workload.CheckResult(Workload::Result::kValue, results.substr(0, bytes));
  if (!status.ok()) return status;
  return workload.CheckResult(Workload::Result::kGradient, results.substr(bytes));
}

absl::Status CheckText(const Workload& workload, absl::string_view response, size_t body) {
  const json reply = json::parse(response.begin() + body, response.end());
  const auto& outputs = reply.at("outputs");
  for (size_t i = 0; i < 2; ++i) {
    const auto numbers = outputs.at(i).at("data").get<std::vector<float>>();
    const absl::string_view bytes(reinterpret_cast<const char*>(numbers.data()),
                                  numbers.size() * sizeof(float));
    if (bytes.size() != workload.of().tensor_bytes) {
      return absl::InternalError(absl::StrFormat("a result of %d bytes", bytes.size()));
    }
    const auto result = i == 0 ? Workload::Result::kValue : Workload::Result::kGradient;
    if (absl::Status status = workload.CheckResult(result, bytes); !status.ok()) return status;
  }
  return absl::OkStatus();
}

// It has a server of its own: one that HTTP has called looks at the metadata of calls by unix
// sockets.
class HttpSide final : public Side {
 public:
  explicit HttpSide(bool is_binary) : is_binary_(is_binary) {}

  std::string name() const override { return is_binary_ ? "http binary tcp" : "http json tcp"; }

  Contender Prepare(Servers& servers, const Workload& workload) const override {
    const bool is_text_too_long = !is_binary_ && workload.of().tensor_bytes > kMostText;
    if (!Servers::Has(Program::kRectifier) || workload.of().evaluations != 1 || is_text_too_long) {
      return {name(), nullptr, {}};
    }
    const ServerProcess& server = servers.Get(Program::kRectifier, kHttpServer);
    const auto check = is_binary_ ? CheckBinary : CheckText;
    auto caller = std::make_unique<HttpCaller>(
        server.http_address(), workload.of().inflight, RequestOf(workload, is_binary_),
        [check, &workload](absl::string_view response, size_t body) {
          return check(workload, response, body);
        });
    return {name(), std::move(caller), {&server}};
  }

 private:
  const bool is_binary_;
};

}  // namespace

std::unique_ptr<Side> MakeHttpBinarySide() { return std::make_unique<HttpSide>(true); }
std::unique_ptr<Side> MakeHttpJsonSide() { return std::make_unique<HttpSide>(false); }

}  // namespace rectifier
