#include "tests/client/cpp/vectors/vectors.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "client/cpp/client/error.h"

namespace rectifier::client {
namespace {

using nlohmann::json;

const std::string kFolder = RECTIFIER_SOURCE_DIR "/tests/conformance/vectors/";

ElementType TypeNamed(const std::string& name) {
  return name == "bool" ? ElementType::kBool : FindElementType(name).value();
}

Quantity QuantityNamed(const std::string& name) {
  if (name == "value") return Quantity::kValue;
  if (name == "gradient") return Quantity::kGradient;
  if (name == "second_derivative") return Quantity::kSecondDerivative;
  EXPECT_EQ(name, "parameter_gradient");
  return Quantity::kParameterGradient;
}

Tensor ToTensor(const json& tensor) {
  return *Tensor::FromBytes(TypeNamed(tensor["type"]), tensor["shape"].get<Shape>(),
                            FromHex(tensor["data"]));
}

Argument ToArgument(const json& argument, const std::vector<Tensor>& tensors) {
  if (argument.contains("word")) return argument["word"].get<std::string>();
  if (argument.contains("number")) {
    const std::string bytes = FromHex(argument["number"]);
    double number = 0;
    std::memcpy(&number, bytes.data(), sizeof(number));
    return number;
  }
  const Tensor& tensor = tensors.at(argument["tensor"].get<size_t>());
  if (!argument.contains("axis")) return tensor;
  return {tensor, argument["axis"].get<int32_t>()};
}

Evaluation ToEvaluation(const json& entry, const std::vector<Tensor>& tensors) {
  Evaluation evaluation{.activation = entry["activation"], .quantities = {}};
  evaluation.preset = entry.value("preset", "");
  for (const size_t index : entry["inputs"]) evaluation.inputs.push_back(tensors.at(index));
  for (const std::string name : entry["quantities"]) {
    evaluation.quantities.push_back(QuantityNamed(name));
  }
  if (entry.contains("upstream")) {
    evaluation.upstream = tensors.at(entry["upstream"].get<size_t>());
  }
  const json arguments = entry.value("arguments", json::object());
  for (const auto& [name, argument] : arguments.items()) {
    evaluation.arguments.emplace(name, ToArgument(argument, tensors));
  }
  return evaluation;
}

json ToJson(const Tensor& tensor) {
  const absl::string_view bytes(reinterpret_cast<const char*>(tensor.bytes().data()),
                                tensor.bytes().size());
  return {{"type", std::string(Name(tensor.type()))},
          {"shape", tensor.shape()},
          {"data", absl::BytesToHexString(bytes)}};
}

json ToJson(const Result& result) {
  json entry = json::object();
  if (result.value.has_value()) entry["value"] = ToJson(*result.value);
  for (const Tensor& gradient : result.gradients) entry["gradients"].push_back(ToJson(gradient));
  if (result.second_derivative.has_value()) {
    entry["second_derivative"] = ToJson(*result.second_derivative);
  }
  for (const auto& [name, gradient] : result.parameter_gradients) {
    entry["parameter_gradients"][name] = ToJson(gradient);
  }
  return entry;
}

// Writes the data of each tensor as often as it stands in the tensor.
void Repeat(json& entry) {
  if (entry.is_object() && entry.contains("repeat")) {
    const std::string once = entry["data"];
    std::string data;
    for (int i = 0; i < entry["repeat"]; ++i) data += once;
    entry["data"] = data;
    entry.erase("repeat");
  }
  if (!entry.is_structured()) return;
  for (json& part : entry) Repeat(part);
}

// What a text for people should say, and does not.
std::vector<std::string> Unsaid(absl::string_view text, const json& says) {
  std::vector<std::string> unsaid;
  for (const std::string part : says) {
    if (!absl::StrContains(text, part)) unsaid.push_back(absl::StrCat(text, ": lacks ", part));
  }
  return unsaid;
}

}  // namespace

std::string FromHex(const std::string& hex) { return absl::HexStringToBytes(hex); }

std::vector<Evaluation> ToEvaluations(const json& vector) {
  std::vector<Tensor> tensors;
  for (const json& tensor : vector["tensors"]) tensors.push_back(ToTensor(tensor));
  std::vector<Evaluation> evaluations;
  for (const json& entry : vector["evaluations"]) {
    evaluations.push_back(ToEvaluation(entry, tensors));
  }
  return evaluations;
}

std::vector<std::string> Differences(const std::vector<Result>& results, const json& expected) {
  std::vector<std::string> differences;
  if (results.size() != expected.size()) {
    return {absl::StrCat(results.size(), " results instead of ", expected.size())};
  }
  for (size_t i = 0; i < results.size(); ++i) {
    const json given = ToJson(results[i]);
    if (given == expected[i]) continue;
    constexpr size_t kShown = 4096;
    differences.push_back(absl::StrCat("result ", i, ": ", given.dump().substr(0, kShown),
                                       "\n  instead of ", expected[i].dump().substr(0, kShown)));
  }
  return differences;
}

std::vector<std::string> Differences(const absl::Status& status, json expected) {
  const json says = expected.value("says", json::array());
  expected.erase("says");
  json given = {{"code", absl::StatusCodeToString(status.code())},
                {"reason", GetReason(status)},
                {"fields", json::array()},
                {"retry", GetRetryDelay(status).has_value()}};
  for (const FieldViolation& violation : GetFieldViolations(status)) {
    given["fields"].push_back(violation.field);
  }
  if (const std::optional<int64_t> element = GetElement(status)) given["element"] = *element;
  if (given == expected) return Unsaid(status.message(), says);
  return {absl::StrCat(given.dump(), "\n  instead of ", expected.dump(), "\n  (",
                       std::string(status.message()), ")")};
}

std::vector<std::string> VectorFiles() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(kFolder)) {
    if (entry.path().extension() == ".json") names.push_back(entry.path().stem());
  }
  std::sort(names.begin(), names.end());
  return names;
}

json ReadVectors(const std::string& file) {
  json vectors = json::parse(std::ifstream(kFolder + file + ".json"));
  Repeat(vectors);
  return vectors;
}

VectorServer::VectorServer(const json& file) {
  std::vector<std::string> flags;
  const json& files = file["server_files"];
  for (std::string flag : file["server_flags"]) {
    for (const auto& [name, content] : files.items()) {
      flag = absl::StrReplaceAll(flag, {{absl::StrCat("{", name, "}"),
                                         directory_.Write(name, content.get<std::string>())}});
    }
    flags.push_back(flag);
  }
  process_ = std::make_unique<testing::RectifierdProcess>(flags);
}

}  // namespace rectifier::client
