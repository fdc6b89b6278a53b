// The paths of the Open Inference Protocol below /v2, and the methods of
// inference.GRPCInferenceService that they stand for.
#ifndef RECTIFIER_SERVER_HTTP_INFERENCE_ROUTES_H_
#define RECTIFIER_SERVER_HTTP_INFERENCE_ROUTES_H_

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "google/protobuf/descriptor.h"

namespace rectifier::http {

// What of the reply is the response.
enum class Form {
  kWhole,
  kField,    // the message in its only field
  kList,     // the messages in its only field, as an array
  kNothing,  // the status alone
  kNever     // there is none: the server says why it has no such method
};

struct Route {
  absl::string_view verb;
  absl::string_view path;  // below /v2; what begins with ':' stands for any word
  const char* method;      // of the service
  Form form;
  bool has_body = false;  // with the request's other fields
};

inline constexpr absl::string_view kInfer = "ModelInfer";

// Where two fit, the first one is meant.
absl::Span<const Route> InferenceRoutes();

// What the linked code knows of the method; null where it has none of that name, because this
// server does not offer it.
const google::protobuf::MethodDescriptor* FindInferenceMethod(const char* name);

}  // namespace rectifier::http

#endif  // RECTIFIER_SERVER_HTTP_INFERENCE_ROUTES_H_
