// The Connect protocol: POST /rectifier.v1.ActivationService/METHOD, in JSON or protobuf.
#ifndef RECTIFIER_SERVER_HTTP_CONNECT_H_
#define RECTIFIER_SERVER_HTTP_CONNECT_H_

#include <memory>
#include <string>

#include "server/http/json_to_message.h"
#include "server/http/message.h"

namespace rectifier::http {

// Whether `path` is one of a service's methods; what is wrong with the rest of it, TranslateConnect
// says.
bool IsConnect(absl::string_view path);

// Whether it is that of a method.
bool IsConnectMethod(absl::string_view path);

// What is asked for: every unary method of the service can be.
Translation TranslateConnect(const Head& head, const std::shared_ptr<const std::string>& body,
                             const MessageLimits& limits);

}  // namespace rectifier::http

#endif  // RECTIFIER_SERVER_HTTP_CONNECT_H_
