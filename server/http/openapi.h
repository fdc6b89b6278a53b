// GET /openapi.json: the document of openapi_document.h.
#ifndef RECTIFIER_SERVER_HTTP_OPENAPI_H_
#define RECTIFIER_SERVER_HTTP_OPENAPI_H_

#include <string>

#include "absl/base/call_once.h"
#include "server/http/infer_request_json.h"
#include "server/http/message.h"

namespace rectifier::http {

// Thread-safe.
class OpenApi {
 public:
  explicit OpenApi(const InferLimits& limits) : limits_(limits) {}

  static bool IsAt(absl::string_view path);

  // A call of GetServerInfo, so that who may have the document is who may call, and its limits are
  // those that the server tells. This outlives the call.
  Translation Translate(const Head& head) const;

 private:
  Response Answer(const Outcome& outcome) const;

  const InferLimits limits_;
  mutable absl::once_flag once_;
  mutable std::string document_;  // the same for all, and not quickly made
};

}  // namespace rectifier::http

#endif  // RECTIFIER_SERVER_HTTP_OPENAPI_H_
