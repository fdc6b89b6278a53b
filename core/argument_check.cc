#include "core/argument_check.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "core/field_error.h"
#include "core/number_text.h"

namespace rectifier {
namespace {

// What was given, and what `must` be.
absl::Status WrongArgumentType(const Argument& argument, absl::string_view must) {
  std::string given = "a tensor is given";
  if (const auto* const number = std::get_if<double>(&argument.value)) {
    given = absl::StrCat(NumberText(*number), " is given");
  } else if (const auto* const word = std::get_if<absl::string_view>(&argument.value)) {
    given = absl::StrCat("the word ", Quoted(*word), " is given");
  }
  return FieldError(
      {ArgumentPath(argument.name), absl::StrCat(given, "; ", must), "WRONG_ARGUMENT_TYPE"});
}

// Arguments are read at random: in one piece, as Argument says.
absl::Status CheckWholePayload(const std::string& path, const TensorView& tensor) {
  if (absl::Status status = CheckPayload(path, tensor); !status.ok()) return status;
  if (tensor.data.is_whole()) return absl::OkStatus();
  return FieldError({path, "the payload of an argument must be in one piece", "PAYLOAD_IN_PIECES"});
}

absl::Status CheckWord(const Parameter& parameter, const Argument& argument,
                       const std::string& path) {
  const auto* const word = std::get_if<absl::string_view>(&argument.value);
  if (word != nullptr &&
      std::find(parameter.words.begin(), parameter.words.end(), *word) != parameter.words.end()) {
    return absl::OkStatus();
  }
  const std::string must =
      absl::StrCat("must be one of the words ", absl::StrJoin(parameter.words, ", "));
  if (word == nullptr) return WrongArgumentType(argument, must);
  return FieldError(
      {path, absl::StrCat(Quoted(*word), " is not allowed; ", must), "ARGUMENT_OUT_OF_RANGE"});
}

// Different whole numbers, in a tensor of rank 1 or 0.
absl::Status CheckAxesTensor(const Argument& argument, const TensorView& tensor) {
  const std::string path = absl::StrCat(ArgumentPath(argument.name), ".tensor");
  if (tensor.type == ElementType::kBool) {
    return FieldError({path, "whole numbers are needed, not elements of ELEMENT_TYPE_BOOL",
                       "WRONG_ARGUMENT_TYPE"});
  }
  if (tensor.shape.size() > 1) {
    return FieldError({path,
                       absl::StrCat("a tensor of rank ", tensor.shape.size(),
                                    " is given; must be whole numbers in one of rank 1"),
                       "WRONG_ARGUMENT_TYPE"});
  }
  if (argument.axis) {
    return FieldError({absl::StrCat(ArgumentPath(argument.name), ".axis"),
                       "a tensor of axes runs along no axis of the input", "WRONG_ARGUMENT_TYPE"});
  }
  const std::vector<double> axes = NumbersOf(argument);
  for (size_t i = 0; i < axes.size(); ++i) {
    if (std::nearbyint(axes[i]) == axes[i]) continue;
    return FieldError({path,
                       absl::StrCat("element ", i, ": ", NumberText(axes[i]),
                                    " is given; must be a whole number"),
                       "WRONG_ARGUMENT_TYPE", static_cast<int64_t>(i)});
  }
  return absl::OkStatus();
}

// A whole number, several in a tensor, or the word for all axes; which of them the input has is
// seen when its shape is (BindAxes).
absl::Status CheckAxesArgument(const Argument& argument) {
  if (const auto* const tensor = std::get_if<TensorView>(&argument.value)) {
    return CheckAxesTensor(argument, *tensor);
  }
  const auto* const word = std::get_if<absl::string_view>(&argument.value);
  const auto* const number = std::get_if<double>(&argument.value);
  if (word != nullptr && *word == kAllAxesWord) return absl::OkStatus();
  if (number != nullptr && std::nearbyint(*number) == *number) return absl::OkStatus();
  return WrongArgumentType(
      argument,
      absl::StrCat("must be a whole number, a tensor of whole numbers of rank 1, or the word ",
                   kAllAxesWord));
}

bool HasBias(const Spec& spec) {
  return std::any_of(spec.parameters.begin(), spec.parameters.end(),
                     [](const Parameter& parameter) { return parameter.name == kBiasParameter; });
}

// A mask may hold zeros and ones alone: an additive mask of zeros and -infinities would keep what
// it should hide.
absl::Status CheckMask(const Spec& spec, const TensorView& tensor, const std::string& path) {
  const size_t size = SizeOf(tensor.type);
  for (size_t offset = 0; offset < tensor.data.size(); offset += size) {
    const double value = LoadElement(tensor.type, tensor.data.data() + offset);
    if (value == 0 || value == 1) continue;
    return FieldError(
        {path,
         absl::StrCat("element ", offset / size, " is ", NumberText(value),
                      "; a mask has 1 for what is kept and 0 for what is left out",
                      HasBias(spec) ? " (a mask that is added to the input, of 0 and -inf, is the "
                                      "argument `bias`)"
                                    : ""),
         "ARGUMENT_OUT_OF_RANGE", static_cast<int64_t>(offset / size)});
  }
  return absl::OkStatus();
}

// `element` is the index of the value in a tensor.
absl::Status CheckRange(const Parameter& parameter, double value, const std::string& path,
                        std::optional<int64_t> element = {}) {
  if (parameter.range.Contains(value)) return absl::OkStatus();
  return FieldError({path,
                     absl::StrCat(element ? absl::StrCat("element ", *element, ": ") : "",
                                  NumberText(value), " is out of range; allowed: ",
                                  parameter.range.HasInfinity() ? "in " : "finite, in ",
                                  IntervalText(parameter.range)),
                     "ARGUMENT_OUT_OF_RANGE", element});
}

absl::Status CheckTensorRange(const Parameter& parameter, const TensorView& tensor,
                              const std::string& path) {
  const size_t size = SizeOf(tensor.type);
  for (size_t offset = 0; offset < tensor.data.size(); offset += size) {
    const double value = LoadElement(tensor.type, tensor.data.data() + offset);
    if (parameter.range.Contains(value)) continue;
    return CheckRange(parameter, value, path, static_cast<int64_t>(offset / size));
  }
  return absl::OkStatus();
}

}  // namespace

std::string Quoted(absl::string_view text) {
  constexpr size_t kLongest = 64;  // a hostile name is not echoed whole
  if (text.size() <= kLongest) return absl::StrCat("\"", text, "\"");
  size_t end = kLongest;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;  // within UTF-8
  return absl::StrCat("\"", text.substr(0, end), "...\"");
}

std::string ArgumentPath(absl::string_view name) {
  return absl::StrCat("activation.arguments[", Quoted(name), "]");
}

std::vector<double> NumbersOf(const Argument& argument) {
  const auto* const tensor = std::get_if<TensorView>(&argument.value);
  if (tensor == nullptr) return {std::get<double>(argument.value)};
  std::vector<double> numbers;
  const size_t size = SizeOf(tensor->type);
  for (size_t offset = 0; offset < tensor->data.size(); offset += size) {
    numbers.push_back(LoadElement(tensor->type, tensor->data.data() + offset));
  }
  return numbers;
}

ArgumentShape ShapeOfArgument(Kind kind, const Parameter& parameter) {
  switch (parameter.type) {
    case ParameterType::kNumber:
      if (kind == Kind::kPairs) return ArgumentShape::kScalar;
      return kind == Kind::kElementwise || parameter.name == kBiasParameter ? ArgumentShape::kInput
                                                                            : ArgumentShape::kRows;
    case ParameterType::kMask:
      return ArgumentShape::kInput;
    case ParameterType::kAxes:
      return ArgumentShape::kList;
    case ParameterType::kInteger:
    case ParameterType::kSeed:
    case ParameterType::kWord:
      break;
  }
  return ArgumentShape::kScalar;
}

absl::Status CheckArgument(const Spec& spec, Kind kind, const Parameter& parameter,
                           const Argument& argument) {
  const std::string path = ArgumentPath(argument.name);
  const bool is_number = std::holds_alternative<double>(argument.value);
  const bool is_tensor = std::holds_alternative<TensorView>(argument.value);
  if (argument.axis && !is_tensor) {
    return FieldError(
        {absl::StrCat(path, ".axis"), "only a tensor has an axis", "AXIS_WITHOUT_TENSOR"});
  }
  if (is_tensor) {  // of any parameter, before an element is read
    const TensorView& tensor = std::get<TensorView>(argument.value);
    if (absl::Status status = CheckWholePayload(absl::StrCat(path, ".tensor"), tensor);
        !status.ok()) {
      return status;
    }
  }
  switch (parameter.type) {
    case ParameterType::kWord:
      return CheckWord(parameter, argument, path);
    case ParameterType::kInteger:
    case ParameterType::kSeed:
      if (!is_number ||
          std::nearbyint(std::get<double>(argument.value)) != std::get<double>(argument.value)) {
        return WrongArgumentType(argument, "must be a whole number");
      }
      break;
    case ParameterType::kAxes:
      return CheckAxesArgument(argument);
    case ParameterType::kNumber: {
      const bool may_vary = ShapeOfArgument(kind, parameter) != ArgumentShape::kScalar;
      if (!is_number && !(is_tensor && may_vary)) {
        return WrongArgumentType(argument,
                                 may_vary ? "must be a number or a tensor" : "must be a number");
      }
      break;
    }
    case ParameterType::kMask:
      if (!is_tensor) {
        return WrongArgumentType(argument,
                                 "must be a tensor whose zeros leave elements of the input out");
      }
      return CheckMask(spec, std::get<TensorView>(argument.value), absl::StrCat(path, ".tensor"));
  }
  if (is_tensor && std::get<TensorView>(argument.value).type == ElementType::kBool) {
    return FieldError({absl::StrCat(path, ".tensor"),
                       "numbers are needed, not elements of ELEMENT_TYPE_BOOL",
                       "WRONG_ARGUMENT_TYPE"});
  }
  if (is_number) return CheckRange(parameter, std::get<double>(argument.value), path);
  return CheckTensorRange(parameter, std::get<TensorView>(argument.value),
                          absl::StrCat(path, ".tensor"));
}

}  // namespace rectifier
