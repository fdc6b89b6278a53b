#include "client/cpp/command/message_table.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/duration.pb.h>
#include <google/protobuf/text_format.h>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/time.h"
#include "client/cpp/command/format.h"

namespace rectifier::client {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// One value; `index` is -1 for a field that does not repeat.
std::string ValueOf(const Message& message, const FieldDescriptor& field, int index) {
  if (field.cpp_type() == FieldDescriptor::CPPTYPE_STRING) {
    std::string scratch;
    const auto& reflection = *message.GetReflection();
    return index < 0 ? reflection.GetStringReference(message, &field, &scratch)
                     : reflection.GetRepeatedStringReference(message, &field, index, &scratch);
  }
  std::string text;
  google::protobuf::TextFormat::PrintFieldValueToString(message, &field, index, &text);
  uint64_t bytes = 0;
  if (absl::StrContains(field.name(), "_bytes") && absl::SimpleAtoi(text, &bytes)) {
    return FormatBytes(bytes);
  }
  return text;
}

std::string ValuesOf(const Message& message, const FieldDescriptor& field) {
  if (!field.is_repeated()) return ValueOf(message, field, -1);
  std::vector<std::string> values;
  for (int i = 0; i < message.GetReflection()->FieldSize(message, &field); ++i) {
    values.push_back(ValueOf(message, field, i));
  }
  return absl::StrJoin(values, ", ");
}

bool IsDuration(const FieldDescriptor& field) {
  return field.message_type() == google::protobuf::Duration::descriptor();
}

std::string FormatDuration(const Message& message) {
  const auto& duration = dynamic_cast<const google::protobuf::Duration&>(message);
  return absl::FormatDuration(absl::Seconds(duration.seconds()) +
                              absl::Nanoseconds(duration.nanos()));
}

void Append(const Message& message, const std::string& indent,
            std::vector<std::pair<std::string, std::string>>& fields) {
  const google::protobuf::Descriptor& descriptor = *message.GetDescriptor();
  for (int i = 0; i < descriptor.field_count(); ++i) {
    const FieldDescriptor& field = *descriptor.field(i);
    const std::string name = indent + std::string(field.name());
    const bool is_message = field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE;
    if (!is_message || field.is_repeated()) {
      const std::string value = ValuesOf(message, field);
      fields.emplace_back(name, value.empty() ? "none" : value);
      continue;
    }
    const Message& part = message.GetReflection()->GetMessage(message, &field);
    fields.emplace_back(name, IsDuration(field) ? FormatDuration(part) : "");
    if (!IsDuration(field)) Append(part, indent + "  ", fields);
  }
}

}  // namespace

std::vector<std::pair<std::string, std::string>> FieldsOf(const Message& message) {
  std::vector<std::pair<std::string, std::string>> fields;
  Append(message, "", fields);
  return fields;
}

}  // namespace rectifier::client
