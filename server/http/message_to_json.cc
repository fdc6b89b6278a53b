#include "server/http/message_to_json.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/duration.pb.h"
#include "server/http/json_text.h"

namespace rectifier::http {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

class Writer {
 public:
  Writer(JsonStyle style, std::string* json) : style_(style), json_(*json) {}

  void Write(const Message& message) {
    if (message.GetDescriptor() == google::protobuf::Duration::descriptor()) {
      return WriteDuration(static_cast<const google::protobuf::Duration&>(message));
    }
    json_ += '{';
    bool is_first = true;
    for (const FieldDescriptor* field : FieldsOf(message)) {
      if (!std::exchange(is_first, false)) json_ += ',';
      AppendJson(std::string(style_ == JsonStyle::kProtobuf ? field->json_name() : field->name()),
                 &json_);
      json_ += ':';
      WriteField(message, *field);
    }
    json_ += '}';
  }

 private:
  std::vector<const FieldDescriptor*> FieldsOf(const Message& message) const {
    std::vector<const FieldDescriptor*> fields;
    if (style_ == JsonStyle::kProtobuf) {
      message.GetReflection()->ListFields(message, &fields);
      return fields;
    }
    const auto& type = *message.GetDescriptor();
    for (int i = 0; i < type.field_count(); ++i) {
      const FieldDescriptor* const field = type.field(i);
      const bool may_be_absent =
          !field->is_repeated() &&
          (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE || field->has_presence());
      if (may_be_absent && !message.GetReflection()->HasField(message, field)) continue;
      fields.push_back(field);
    }
    return fields;
  }

  void WriteDuration(const google::protobuf::Duration& duration) {
    json_ += absl::StrFormat("\"%d", duration.seconds());
    if (duration.nanos() != 0) absl::StrAppendFormat(&json_, ".%09d", duration.nanos());
    json_ += "s\"";
  }

  void WriteField(const Message& message, const FieldDescriptor& field) {
    if (field.is_map()) return WriteMap(message, field);
    if (!field.is_repeated()) return WriteValue(message, field, -1);
    const int size = message.GetReflection()->FieldSize(message, &field);
    json_ += '[';
    for (int i = 0; i < size; ++i) {
      if (i > 0) json_ += ',';
      WriteValue(message, field, i);
    }
    json_ += ']';
  }

  // In the order of the keys, so that the same message is the same text.
  void WriteMap(const Message& message, const FieldDescriptor& field) {
    const Reflection& reflection = *message.GetReflection();
    const FieldDescriptor& key = *field.message_type()->map_key();
    const FieldDescriptor& value = *field.message_type()->map_value();
    std::vector<std::pair<std::string, const Message*>> entries;
    for (int i = 0; i < reflection.FieldSize(message, &field); ++i) {
      const Message& entry = reflection.GetRepeatedMessage(message, &field, i);
      entries.emplace_back(entry.GetReflection()->GetString(entry, &key), &entry);
    }
    std::sort(entries.begin(), entries.end());
    json_ += '{';
    for (size_t i = 0; i < entries.size(); ++i) {
      if (i > 0) json_ += ',';
      AppendJson(absl::string_view(entries[i].first), &json_);
      json_ += ':';
      WriteValue(*entries[i].second, value, -1);
    }
    json_ += '}';
  }

  // Element `i` of a repeated field, or the field itself where that is negative.
  void WriteValue(const Message& message, const FieldDescriptor& field, int i) {
    const Reflection& reflection = *message.GetReflection();
#define RECTIFIER_GET(Kind) \
  (i < 0 ? reflection.Get##Kind(message, &field) : reflection.GetRepeated##Kind(message, &field, i))
    switch (field.cpp_type()) {
      case FieldDescriptor::CPPTYPE_DOUBLE:
        return AppendJson(RECTIFIER_GET(Double), &json_);
      case FieldDescriptor::CPPTYPE_FLOAT:
        return AppendJson(RECTIFIER_GET(Float), &json_);
      case FieldDescriptor::CPPTYPE_INT32:
        return absl::StrAppend(&json_, RECTIFIER_GET(Int32));
      case FieldDescriptor::CPPTYPE_UINT32:
        return absl::StrAppend(&json_, RECTIFIER_GET(UInt32));
      case FieldDescriptor::CPPTYPE_INT64:
        return WriteLong(RECTIFIER_GET(Int64));
      case FieldDescriptor::CPPTYPE_UINT64:
        return WriteLong(RECTIFIER_GET(UInt64));
      case FieldDescriptor::CPPTYPE_BOOL:
        return absl::StrAppend(&json_, RECTIFIER_GET(Bool) ? "true" : "false");
      case FieldDescriptor::CPPTYPE_ENUM:
        return WriteEnum(*field.enum_type(), RECTIFIER_GET(EnumValue));
      case FieldDescriptor::CPPTYPE_STRING: {
        const std::string text = RECTIFIER_GET(String);
        const bool is_bytes = field.type() == FieldDescriptor::TYPE_BYTES;
        return AppendJson(is_bytes ? absl::Base64Escape(text) : text, &json_);
      }
      case FieldDescriptor::CPPTYPE_MESSAGE:
        return Write(RECTIFIER_GET(Message));
    }
#undef RECTIFIER_GET
  }

  // A number that has no name is one of a later version.
  void WriteEnum(const google::protobuf::EnumDescriptor& type, int number) {
    const auto* const value = type.FindValueByNumber(number);
    if (value == nullptr) return absl::StrAppend(&json_, number);
    AppendJson(std::string(value->name()), &json_);
  }

  template <class Long>
  void WriteLong(Long number) {
    const char* const quote = style_ == JsonStyle::kProtobuf ? "\"" : "";
    absl::StrAppend(&json_, quote, number, quote);
  }

  const JsonStyle style_;
  std::string& json_;
};

}  // namespace

void AppendMessage(const Message& message, JsonStyle style, std::string* json) {
  Writer(style, json).Write(message);
}

}  // namespace rectifier::http
