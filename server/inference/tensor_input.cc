#include "server/inference/tensor_input.h"

#include <cstring>
#include <new>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "core/argument_check.h"
#include "core/field_error.h"
#include "server/inference/datatype.h"
#include "server/inference/integers.h"
#include "server/inference/region_parameters.h"
#include "server/wire/tensor_decoder.h"

namespace rectifier {
namespace {

using inference::InferParameter;
using Input = inference::ModelInferRequest::InferInputTensor;

// Payloads of up to so many bytes are put into one piece: copying them costs less than the care
// that pieces take.
constexpr size_t kSmallPayload = 4096;

absl::Status WrongPayload(std::string path, std::string description, const char* reason) {
  return FieldError(
      {.path = std::move(path), .description = std::move(description), .reason = reason});
}

// One tensor of the request.
class TensorInput {
 public:
  TensorInput(InferRequest& request, const InputPlace& place, const Limits& limits)
      : request_(request),
        index_(static_cast<size_t>(place.index)),
        raw_index_(place.raw_before),
        input_(request.message->inputs(place.index)),
        path_(PathOfInput(request, place.index)),
        limits_(limits) {}

  absl::StatusOr<TensorView> Decode() { return DecodeAny(/*computed_alone=*/true); }

  absl::StatusOr<Argument> DecodeArgument() {
    absl::StatusOr<TensorView> view = DecodeAny(/*computed_alone=*/false);
    if (!view.ok()) return view.status();
    if (!view->data.is_whole()) view->data = Copy(view->data);
    Argument argument{.name = input_.name(), .value = *std::move(view), .axis = axis_};
    return argument;
  }

 private:
  absl::StatusOr<TensorView> DecodeAny(bool computed_alone) {
    type_ = FindDatatype(input_.datatype());
    if (type_ == nullptr || (computed_alone && !IsComputed(*type_))) {
      return WrongDatatype(computed_alone);
    }
    if (absl::Status status = ReadParameters(computed_alone); !status.ok()) return status;
    auto region = FindRegion(input_.parameters(), path_, request_.regions);
    if (!region.ok()) return region.status();
    region_ = *std::move(region);
    const absl::StatusOr<int64_t> count =
        CountElements(input_.shape(), limits_, limits_.max_elements);
    if (!count.ok()) return PrefixField(path_ + ".", count.status());
    if (absl::Status status = CheckForm(*count); !status.ok()) return status;
    const absl::StatusOr<Payload> payload = DecodeContents(*count);
    if (!payload.ok()) return payload.status();
    return MakeView(input_.shape(), type_->stored.value_or(ElementType::kFloat64), *payload);
  }

  absl::StatusOr<Payload> DecodeContents(int64_t count) {
    if (region_) return DecodeRegion(count);
    return has_raw() ? DecodeRaw(count) : DecodeTyped(count);
  }

  bool has_raw() const { return !region_ && !request_.payloads.raw.empty(); }
  const TypedContents& typed() const { return request_.payloads.contents[index_]; }

  absl::Status WrongDatatype(bool computed_alone) const {
    return WrongPayload(path_ + ".datatype",
                        absl::StrCat(Quoted(input_.datatype()),
                                     " is given; allowed: ", DatatypesText(computed_alone)),
                        "UNKNOWN_ELEMENT_TYPE");
  }

  // `axis` alone means something, of arguments; what would change a tensor must not be overlooked.
  absl::Status ReadParameters(bool is_own_input) {
    for (const auto& [name, parameter] : input_.parameters()) {
      if (name == "binary_data_size" || name == "binary_data") continue;
      if (IsRegionParameter(name)) continue;
      const std::string path = absl::StrCat(path_, ".parameters[", Quoted(name), "]");
      if (name != kAxisParameter || is_own_input) {
        return WrongPayload(path,
                            is_own_input ? "this input has none; that of the activation is among "
                                           "the request's parameters"
                                         : "there is no such parameter of an input; allowed: axis",
                            "UNKNOWN_PARAMETER");
      }
      if (parameter.parameter_choice_case() != InferParameter::kInt64Param) {
        return WrongPayload(path, "an axis is a whole number", "WRONG_ARGUMENT_TYPE");
      }
      axis_ = parameter.int64_param();
    }
    return absl::OkStatus();
  }

  // Contents are all raw, or all typed.
  absl::Status CheckForm(int64_t count) const {
    const std::string contents = path_ + ".contents";
    if (region_) {
      return typed().fields == 0
                 ? absl::OkStatus()
                 : WrongPayload(contents, "it is given beside a region of shared memory",
                                "TWO_PAYLOADS");
    }
    if (has_raw() && typed().fields != 0) {
      return WrongPayload(contents,
                          "it is given beside raw_input_contents; give the contents of all inputs "
                          "in one or the other",
                          "TWO_PAYLOADS");
    }
    if (has_raw() || count == 0) return absl::OkStatus();
    if (typed().fields == 0) {
      return WrongPayload(contents,
                          absl::StrFormat("there are none, and no raw_input_contents; shape [%s] "
                                          "needs %d elements",
                                          absl::StrJoin(input_.shape(), ", "), count),
                          "NO_PAYLOAD");
    }
    return absl::OkStatus();
  }

  absl::StatusOr<Payload> DecodeRaw(int64_t count) {
    const DataField& data = request_.payloads.raw[raw_index_];
    const size_t expected = static_cast<size_t>(count) * type_->size;
    if (data.size() != expected) {
      return WrongPayload(
          absl::StrFormat("raw_input_contents[%d]", raw_index_),
          absl::StrFormat("there are %d bytes; input %s of shape [%s] and datatype "
                          "%s needs %d",
                          data.size(), Quoted(input_.name()), absl::StrJoin(input_.shape(), ", "),
                          type_->name, expected),
          "PAYLOAD_LENGTH_MISMATCH");
    }
    if (!type_->stored) return WidenRaw(data.payload(), count);
    return Place(data);
  }

  // What is widened is read at once, because it is little; all else before Bind.
  absl::StatusOr<Payload> DecodeRegion(int64_t count) {
    const uint64_t expected = static_cast<uint64_t>(count) * type_->size;
    if (region_->part.size != expected) return WrongRegionSize(expected);
    if (!type_->stored && count > kMaxIntegers) return TooManyIntegers(*type_, count, path_);
    if (absl::Status status = CheckRequestSize(expected); !status.ok()) return status;
    absl::Span<std::byte> memory = AllocateCopy(expected);
    if (!type_->stored) {
      RegionCopies now;
      now.Add(*region_, memory.data(), memory.size());
      if (absl::Status status = now.CopyNext(); !status.ok()) return status;
      return WidenRaw(memory, count);
    }
    request_.reads.Add(*region_, memory.data(), memory.size());
    return Payload(memory);
  }

  absl::Status WrongRegionSize(uint64_t expected) const {
    return WrongPayload(
        absl::StrCat(path_, ".parameters[", Quoted(kRegionBytesParameter), "]"),
        absl::StrFormat("%d is given; shape [%s] and datatype %s need %d", region_->part.size,
                        absl::StrJoin(input_.shape(), ", "), type_->name, expected),
        "PAYLOAD_LENGTH_MISMATCH");
  }

  // Copies are memory like that of a message, and so is their limit.
  absl::Status CheckRequestSize(uint64_t more) const {
    const uint64_t bytes = request_.bytes.Length() + request_.reads.bytes() + more;
    if (bytes <= static_cast<uint64_t>(limits_.max_message_bytes)) return absl::OkStatus();
    return WrongPayload(region_->path,
                        absl::StrFormat("with its bytes the request has %d; this server's limit is "
                                        "%d",
                                        bytes, limits_.max_message_bytes),
                        "REQUEST_TOO_LARGE");
  }

  // The pages are not touched before the call is charged for them.
  absl::Span<std::byte> AllocateCopy(size_t size) {
    if (size <= kSmallPayload) return absl::MakeSpan(request_.copies.emplace_back(size));
    auto& buffer = request_.region_copies.emplace_back(request_.regions->memory.Acquire(size));
    if (buffer.data() == nullptr) throw std::bad_alloc();
    return absl::MakeSpan(buffer.data(), size);
  }

  absl::StatusOr<Payload> DecodeTyped(int64_t count) {
    const TypedContents& contents = typed();
    if (contents.fields & ~(1u << type_->contents_field)) return WrongField();
    const size_t given =
        type_->stored ? contents.data.size() / type_->size : contents.integers.size();
    if (static_cast<int64_t>(given) != count) {
      return WrongPayload(path_ + ".contents",
                          absl::StrFormat("there are %d elements; shape [%s] needs %d", given,
                                          absl::StrJoin(input_.shape(), ", "), count),
                          "PAYLOAD_LENGTH_MISMATCH");
    }
    return type_->stored ? Place(contents.data) : Widen(contents.integers);
  }

  // The contents are in a field of another datatype.
  absl::Status WrongField() const {
    const auto* fields = inference::InferTensorContents::descriptor();
    std::vector<std::string> given;
    for (int number = 1; number <= fields->field_count(); ++number) {
      if (typed().fields & 1u << number)
        given.emplace_back(fields->FindFieldByNumber(number)->name());
    }
    const int field = type_->contents_field;
    return WrongPayload(
        path_ + ".contents",
        absl::StrCat(absl::StrJoin(given, " and "), field == 0 ? " is" : " are", " given; ",
                     type_->name, " is in ",
                     field == 0 ? "raw_input_contents"
                                : std::string(fields->FindFieldByNumber(field)->name()),
                     " alone"),
        "WRONG_CONTENTS");
  }

  Payload Place(const DataField& data) {
    const Payload payload = data.payload();
    return payload.is_whole() || payload.size() > kSmallPayload ? payload : Copy(payload);
  }

  Payload Copy(const Payload& payload) {
    std::vector<std::byte>& copy = request_.copies.emplace_back(payload.size());
    payload.CopyTo(0, payload.size(), copy.data());
    return copy;
  }

  Payload Widen(const std::vector<double>& numbers) {
    std::vector<std::byte>& copy = request_.copies.emplace_back(numbers.size() * sizeof(double));
    if (!numbers.empty()) std::memcpy(copy.data(), numbers.data(), copy.size());
    return copy;
  }

  absl::StatusOr<Payload> WidenRaw(const Payload& payload, int64_t count) {
    const auto numbers = ReadIntegers(*type_, payload, count, path_);
    if (!numbers.ok()) return numbers.status();
    return Widen(*numbers);
  }

  InferRequest& request_;
  const size_t index_;
  const size_t raw_index_;
  const Input& input_;
  const std::string path_;
  const Limits& limits_;
  const Datatype* type_ = nullptr;
  std::optional<int64_t> axis_;
  std::optional<RegionTarget> region_;
};

}  // namespace

std::string PathOfInput(const InferRequest& request, int index) {
  return absl::StrCat("inputs[", Quoted(request.message->inputs(index).name()), "]");
}

absl::StatusOr<TensorView> DecodeTensor(InferRequest& request, const InputPlace& place,
                                        const Limits& limits) {
  return TensorInput(request, place, limits).Decode();
}

absl::StatusOr<Argument> DecodeTensorArgument(InferRequest& request, const InputPlace& place,
                                              const Limits& limits) {
  return TensorInput(request, place, limits).DecodeArgument();
}

}  // namespace rectifier
