// The datatypes of the Open Inference Protocol, and what they are here.
#ifndef RECTIFIER_SERVER_INFERENCE_DATATYPE_H_
#define RECTIFIER_SERVER_INFERENCE_DATATYPE_H_

#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "core/element_type.h"
#include "inference/model_config.pb.h"

namespace rectifier {

struct Datatype {
  absl::string_view name;  // "FP32"
  size_t size = 0;         // of an element in raw contents
  // What tensors of it are stored as; whole numbers are widened to float64 instead.
  std::optional<ElementType> stored;
  bool is_signed = false;  // of whole numbers
  // The field of InferTensorContents; 0: raw contents alone can have it.
  int contents_field = 0;
};

// One that a tensor may have: BYTES is none of them. Null where there is none of that name.
const Datatype* FindDatatype(absl::string_view name);

// "FP32".
absl::string_view DatatypeName(ElementType type);
inference::DataType DatatypeInConfig(ElementType type);

// Whether `type` is one that activations are computed in.
bool IsComputed(const Datatype& type);

// "FP16, BF16, FP32, FP64": those that activations are computed in, or all.
std::string DatatypesText(bool computed_alone);

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_INFERENCE_DATATYPE_H_
