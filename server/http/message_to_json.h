// A message as JSON, by protobuf's mapping of it.
#ifndef RECTIFIER_SERVER_HTTP_MESSAGE_TO_JSON_H_
#define RECTIFIER_SERVER_HTTP_MESSAGE_TO_JSON_H_

#include <string>

#include "google/protobuf/message.h"

namespace rectifier::http {

enum class JsonStyle {
  kProtobuf,   // lowerCamelCase, 64-bit integers as strings, without what has its default
  kInference,  // names as in the proto, integers as numbers, with everything
};

void AppendMessage(const google::protobuf::Message& message, JsonStyle style, std::string* json);

}  // namespace rectifier::http

#endif  // RECTIFIER_SERVER_HTTP_MESSAGE_TO_JSON_H_
