#include "server/inference/datatype.h"

#include <algorithm>
#include <iterator>
#include <vector>

#include "absl/strings/str_join.h"
#include "inference/inference_service.pb.h"

namespace rectifier {
namespace {

using Contents = inference::InferTensorContents;

constexpr Datatype kDatatypes[] = {
    {"FP16", 2, ElementType::kFloat16},
    {"BF16", 2, ElementType::kBFloat16},
    {"FP32", 4, ElementType::kFloat32, true, Contents::kFp32ContentsFieldNumber},
    {"FP64", 8, ElementType::kFloat64, true, Contents::kFp64ContentsFieldNumber},
    {"BOOL", 1, ElementType::kBool, false, Contents::kBoolContentsFieldNumber},
    {"INT8", 1, std::nullopt, true, Contents::kIntContentsFieldNumber},
    {"INT16", 2, std::nullopt, true, Contents::kIntContentsFieldNumber},
    {"INT32", 4, std::nullopt, true, Contents::kIntContentsFieldNumber},
    {"INT64", 8, std::nullopt, true, Contents::kInt64ContentsFieldNumber},
    {"UINT8", 1, std::nullopt, false, Contents::kUintContentsFieldNumber},
    {"UINT16", 2, std::nullopt, false, Contents::kUintContentsFieldNumber},
    {"UINT32", 4, std::nullopt, false, Contents::kUintContentsFieldNumber},
    {"UINT64", 8, std::nullopt, false, Contents::kUint64ContentsFieldNumber},
};

}  // namespace

const Datatype* FindDatatype(absl::string_view name) {
  const auto found = std::find_if(std::begin(kDatatypes), std::end(kDatatypes),
                                  [name](const Datatype& type) { return type.name == name; });
  return found == std::end(kDatatypes) ? nullptr : found;
}

absl::string_view DatatypeName(ElementType type) {
  switch (type) {
    case ElementType::kFloat64:
      return "FP64";
    case ElementType::kFloat32:
      return "FP32";
    case ElementType::kFloat16:
      return "FP16";
    case ElementType::kBFloat16:
      return "BF16";
    case ElementType::kBool:
      break;
  }
  return "BOOL";
}

inference::DataType DatatypeInConfig(ElementType type) {
  switch (type) {
    case ElementType::kFloat64:
      return inference::TYPE_FP64;
    case ElementType::kFloat32:
      return inference::TYPE_FP32;
    case ElementType::kFloat16:
      return inference::TYPE_FP16;
    case ElementType::kBFloat16:
      return inference::TYPE_BF16;
    case ElementType::kBool:
      break;
  }
  return inference::TYPE_BOOL;
}

bool IsComputed(const Datatype& type) { return type.stored && *type.stored != ElementType::kBool; }

std::string DatatypesText(bool computed_alone) {
  std::vector<absl::string_view> names;
  for (const Datatype& type : kDatatypes) {
    if (!computed_alone || IsComputed(type)) names.push_back(type.name);
  }
  return absl::StrJoin(names, ", ");
}

}  // namespace rectifier
