#include "server/http/json_schema.h"

#include <limits>

namespace rectifier::http {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::EnumDescriptor;
using google::protobuf::FieldDescriptor;

// What a number that is written as a string looks like.
constexpr char kReal[] = "^(NaN|-?Infinity|-?[0-9]+([.][0-9]+)?([eE][+-]?[0-9]+)?)$";
constexpr char kWhole[] = "^-?[0-9]+$";
constexpr char kBase64[] = "^([A-Za-z0-9+/]*|[A-Za-z0-9_-]*)={0,2}$";

template <class Number>
OrderedJson Whole(const char* format) {
  return {{"type", {"integer", "string"}},
          {"format", format},
          {"pattern", kWhole},
          {"minimum", std::numeric_limits<Number>::min()},
          {"maximum", std::numeric_limits<Number>::max()}};
}

OrderedJson Real(const char* format) {
  return {{"type", {"number", "string"}}, {"format", format}, {"pattern", kReal}};
}

// Numbers stand for values, too; those of a later version have no name.
OrderedJson Enum(const EnumDescriptor& type) {
  OrderedJson names = OrderedJson::array();
  for (int i = 0; i < type.value_count(); ++i) names.push_back(std::string(type.value(i)->name()));
  return {{"anyOf", {{{"type", "string"}, {"enum", names}}, {{"type", "integer"}}}}};
}

// A field that is null is left out.
OrderedJson OrNull(OrderedJson schema) {
  if (!schema.contains("type")) {
    return {{"anyOf", {std::move(schema), {{"type", "null"}}}}};
  }
  OrderedJson& type = schema["type"];
  if (!type.is_array()) type = OrderedJson::array({type});
  type.push_back("null");
  return schema;
}

void Describe(const std::string& text, OrderedJson* schema) {
  if (!text.empty()) (*schema)["description"] = text;
}

}  // namespace

OrderedJson ReferenceTo(const std::string& schema) {
  return {{"$ref", "#/components/schemas/" + schema}};
}

OrderedJson SchemaSet::Refer(const Descriptor& type, JsonStyle style) {
  const std::string name(type.full_name());
  if (!schemas_.contains(name)) {
    schemas_[name] = OrderedJson::object();  // it may be part of itself
    schemas_[name] = SchemaOf(type, style);
  }
  return ReferenceTo(name);
}

OrderedJson SchemaSet::SchemaOf(const Descriptor& type, JsonStyle style) {
  OrderedJson schema = {{"type", "object"}};
  Describe(CommentOn(type), &schema);
  OrderedJson properties = OrderedJson::object();
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor& field = *type.field(i);
    OrderedJson property = OrNull(FieldSchema(field, style));
    Describe(CommentOn(field), &property);
    const bool is_ours = style == JsonStyle::kProtobuf;
    properties[std::string(is_ours ? field.json_name() : field.name())] = std::move(property);
  }
  schema["properties"] = std::move(properties);
  schema["additionalProperties"] = false;
  return schema;
}

OrderedJson SchemaSet::FieldSchema(const FieldDescriptor& field, JsonStyle style) {
  if (field.is_map()) {
    return {{"type", "object"},
            {"additionalProperties", ValueSchema(*field.message_type()->map_value(), style)}};
  }
  OrderedJson value = ValueSchema(field, style);
  if (!field.is_repeated()) return value;
  return {{"type", "array"}, {"items", std::move(value)}};
}

OrderedJson SchemaSet::ValueSchema(const FieldDescriptor& field, JsonStyle style) {
  switch (field.type()) {
    case FieldDescriptor::TYPE_MESSAGE:
      return Refer(*field.message_type(), style);
    case FieldDescriptor::TYPE_ENUM:
      return Enum(*field.enum_type());
    case FieldDescriptor::TYPE_DOUBLE:
      return Real("double");
    case FieldDescriptor::TYPE_FLOAT:
      return Real("float");
    case FieldDescriptor::TYPE_INT32:
      return Whole<int32_t>("int32");
    case FieldDescriptor::TYPE_INT64:
      return Whole<int64_t>("int64");
    case FieldDescriptor::TYPE_UINT32:
      return Whole<uint32_t>("uint32");
    case FieldDescriptor::TYPE_UINT64:
      return Whole<uint64_t>("uint64");
    case FieldDescriptor::TYPE_BOOL:
      return {{"type", "boolean"}};
    case FieldDescriptor::TYPE_BYTES:
      return {{"type", "string"}, {"contentEncoding", "base64"}, {"pattern", kBase64}};
    default:
      return {{"type", "string"}};
  }
}

}  // namespace rectifier::http
