#include "server/inference/field_names.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "core/api_names.h"
#include "core/argument_check.h"
#include "core/field_error.h"
#include "server/inference/datatype.h"

namespace rectifier {
namespace {

bool IsInput(const InferRequest& request, absl::string_view quoted_name) {
  const auto& inputs = request.message->inputs();
  return std::any_of(inputs.begin(), inputs.end(), [quoted_name](const auto& input) {
    return Quoted(input.name()) == quoted_name;
  });
}

// `["beta"].tensor` of an argument.
std::string ArgumentField(const InferRequest& request, absl::string_view rest) {
  const size_t end = rest.find(']');
  if (end == absl::string_view::npos) return absl::StrCat("parameters", rest);
  const bool is_input = IsInput(request, rest.substr(1, end - 1));
  absl::string_view field = rest.substr(end + 1);
  if (field == ".tensor") field = "";
  if (is_input && field == ".axis") field = ".parameters[\"axis\"]";
  return absl::StrCat(is_input ? "inputs" : "parameters", rest.substr(0, end + 1), field);
}

std::string FieldOf(const InferRequest& request, absl::string_view path) {
  absl::string_view rest = path;
  if (absl::ConsumePrefix(&rest, "activation.arguments")) return ArgumentField(request, rest);
  if (path == "activation.name") return "model_name";
  if (path == "activation.preset") return "parameters[\"preset\"]";
  if (path == "quantities") return "outputs";
  if (path == "upstream") return absl::StrCat("inputs[", Quoted(kUpstreamInput), "]");
  for (size_t i = 0; i < request.inputs.size(); ++i) {
    if (path == absl::StrCat("inputs[", i, "]")) {
      return absl::StrCat("inputs[", Quoted(request.inputs[i]), "]");
    }
  }
  return std::string(path);
}

// Datatypes have other names here.
std::string Translated(std::string description) {
  for (const ElementType type :
       {ElementType::kFloat64, ElementType::kFloat32, ElementType::kFloat16, ElementType::kBFloat16,
        ElementType::kBool}) {
    // "FLOAT16" is a part of "BFLOAT16", but not with what stands before it.
    absl::StrReplaceAll({{ApiName(type), DatatypeName(type)}}, &description);
  }
  for (const Quantity quantity : kAllQuantities) {
    absl::StrReplaceAll({{ApiName(quantity), Name(quantity)}}, &description);
  }
  return description;
}

}  // namespace

absl::Status InInferenceWords(const InferRequest& request, const absl::Status& error) {
  std::optional<FieldViolation> violation = GetFieldViolation(error);
  if (!violation) return error;
  violation->path = FieldOf(request, violation->path);
  violation->description = Translated(std::move(violation->description));
  return FieldError(*std::move(violation), error.code());
}

}  // namespace rectifier
