// What the server offers by HTTP, as OpenAPI 3.1. It is made of the services' files, their
// comments, the routes and the limits, so that it says what holds; what only it has to say stands
// in openapi_document.cc and infer_schemas.cc.
#ifndef RECTIFIER_SERVER_HTTP_OPENAPI_DOCUMENT_H_
#define RECTIFIER_SERVER_HTTP_OPENAPI_DOCUMENT_H_

#include <string>

#include "rectifier/v1/activation.pb.h"
#include "server/http/infer_request_json.h"

namespace rectifier::http {

inline constexpr char kOpenApiPath[] = "/openapi.json";

// The document of a server that says `info` of itself.
std::string OpenApiDocument(const v1::GetServerInfoResponse& info, const InferLimits& limits);

}  // namespace rectifier::http

#endif  // RECTIFIER_SERVER_HTTP_OPENAPI_DOCUMENT_H_
