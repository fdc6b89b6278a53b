#include "server/http/openapi.h"

#include "absl/strings/str_cat.h"
#include "server/http/error_response.h"
#include "server/http/openapi_document.h"
#include "server/http/router.h"
#include "server/service_name.h"

namespace rectifier::http {

bool OpenApi::IsAt(absl::string_view path) { return path == kOpenApiPath; }

Translation OpenApi::Translate(const Head& head) const {
  if (head.method != "GET" && head.method != "HEAD") return Router::NotAllowed(head, "GET, HEAD");
  const grpc::Slice nothing;
  ServerCall call{.method = absl::StrCat("/", kServiceName, "/GetServerInfo")};
  call.message = grpc::ByteBuffer(&nothing, 1);
  call.answer = [this](const Outcome& outcome) { return Answer(outcome); };
  return call;
}

Response OpenApi::Answer(const Outcome& outcome) const {
  if (!outcome.status.ok()) return ConnectError(outcome.status);
  absl::call_once(once_, [&] {
    grpc::Slice bytes;
    v1::GetServerInfoResponse info;
    if (outcome.reply.DumpToSingleSlice(&bytes).ok()) {
      info.ParseFromArray(bytes.begin(), static_cast<int>(bytes.size()));
    }
    document_ = OpenApiDocument(info, limits_);
  });
  return Response::Json(200, document_);
}

}  // namespace rectifier::http
