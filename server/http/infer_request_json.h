// A ModelInferRequest from what REST clients of the Open Inference Protocol send: JSON, after which
// the contents of tensors may stand as they are (the binary extension).
#ifndef RECTIFIER_SERVER_HTTP_INFER_REQUEST_JSON_H_
#define RECTIFIER_SERVER_HTTP_INFER_REQUEST_JSON_H_

#include <cstddef>
#include <map>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "grpcpp/support/byte_buffer.h"

namespace rectifier::http {

struct InferLimits {
  size_t max_json_bytes = 0;
  size_t max_values = 0;   // numbers of a tensor in JSON
  size_t max_tensors = 0;  // inputs, and outputs
};

// Which outputs the caller wants as binary data.
struct OutputForms {
  bool is_binary_by_default = false;
  std::map<std::string, bool> is_binary;  // by name, of those that say so
  size_t outputs = 0;                     // that are asked for; 0: the server chooses

  bool IsBinary(const std::string& name) const {
    const auto found = is_binary.find(name);
    return found == is_binary.end() ? is_binary_by_default : found->second;
  }
  bool HasJson() const {
    size_t binary = 0;
    for (const auto& [name, is] : is_binary) {
      if (!is) return true;
      ++binary;
    }
    return !is_binary_by_default && (outputs == 0 || binary < outputs);
  }
};

struct InferBody {
  std::shared_ptr<const std::string> bytes;
  size_t json_bytes = 0;  // after which the binary data stand
};

// Serializes the request to `model` into `message`, without a copy of the binary data. What the
// protocol has in JSON alone is taken out; all else is for the server to check. Errors:
// INVALID_ARGUMENT, with the path of the field.
absl::Status InferRequestFromJson(absl::string_view model, absl::string_view version,
                                  const InferBody& body, const InferLimits& limits,
                                  grpc::ByteBuffer* message, OutputForms* forms);

}  // namespace rectifier::http

#endif  // RECTIFIER_SERVER_HTTP_INFER_REQUEST_JSON_H_
