// Schemas of the JSON that message_to_json.h writes and json_to_message.h reads, from what protobuf
// knows of the messages.
#ifndef RECTIFIER_SERVER_HTTP_JSON_SCHEMA_H_
#define RECTIFIER_SERVER_HTTP_JSON_SCHEMA_H_

#include <string>

#include "google/protobuf/descriptor.h"
#include "nlohmann/json.hpp"
#include "server/http/message_to_json.h"

namespace rectifier::http {

using OrderedJson = nlohmann::ordered_json;

// A reference to a schema of the OpenAPI document.
OrderedJson ReferenceTo(const std::string& schema);

// The comment that stands before what a descriptor describes; empty where there is none.
template <class Descriptor>
std::string CommentOn(const Descriptor& descriptor) {
  google::protobuf::SourceLocation location;
  if (!descriptor.GetSourceLocation(&location)) return "";
  std::string text;
  for (size_t i = 0; i < location.leading_comments.size(); ++i) {  // each line begins with a space
    const bool begins_line = i == 0 || location.leading_comments[i - 1] == '\n';
    if (!begins_line || location.leading_comments[i] != ' ') text += location.leading_comments[i];
  }
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

class SchemaSet {
 public:
  // The message's schema is in the set from then on, and so are those that it refers to.
  OrderedJson Refer(const google::protobuf::Descriptor& type, JsonStyle style);

  // By the messages' full names.
  const OrderedJson& schemas() const { return schemas_; }

 private:
  OrderedJson SchemaOf(const google::protobuf::Descriptor& type, JsonStyle style);
  OrderedJson FieldSchema(const google::protobuf::FieldDescriptor& field, JsonStyle style);
  OrderedJson ValueSchema(const google::protobuf::FieldDescriptor& field, JsonStyle style);

  OrderedJson schemas_ = OrderedJson::object();
};

}  // namespace rectifier::http

#endif  // RECTIFIER_SERVER_HTTP_JSON_SCHEMA_H_
