#include "server/http/json_to_message.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "server/http/json_text.h"
#include "server/http/wire_writer.h"

namespace rectifier::http {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using Kind = JsonReader::Kind;
using WireType = WireWriter::WireType;

// No map has more keys; the server's own limits are lower.
constexpr size_t kMaxKeys = 4096;
// So much of what was given is shown in an error.
constexpr size_t kMaxShown = 64;

std::string Shown(absl::string_view text) {
  return absl::StrCat("\"", absl::Utf8SafeCEscape(text.substr(0, kMaxShown)),
                      text.size() > kMaxShown ? "..." : "", "\"");
}

const FieldDescriptor* FindField(const Descriptor& type, absl::string_view name) {
  const std::string key(name);
  const FieldDescriptor* const field = type.FindFieldByName(key);
  return field != nullptr ? field : type.FindFieldByCamelcaseName(key);
}

std::string FieldNames(const Descriptor& type) {
  std::string names;
  for (int i = 0; i < type.field_count(); ++i) {
    absl::StrAppend(&names, i == 0 ? "" : ", ", std::string(type.field(i)->name()));
  }
  return names.empty() ? "it has none" : "it has " + names;
}

// Without a lock: numbers of fields and oneofs are few.
class Seen {
 public:
  // False where it was there before.
  bool Add(int number) {
    if (std::find(numbers_.begin(), numbers_.end(), number) != numbers_.end()) return false;
    numbers_.push_back(number);
    return true;
  }

 private:
  std::vector<int> numbers_;
};

class Encoder {
 public:
  Encoder(absl::string_view json, const MessageLimits& limits, std::string* bytes)
      : reader_(json), writer_(bytes), limits_(limits) {}

  absl::Status Encode(const Descriptor& type) {
    const FieldPath whole;
    absl::Status status = Message(type, whole);
    if (status.ok() && !reader_.Finish()) status = Broken(whole);
    return status;
  }

 private:
  absl::Status Broken(const FieldPath& path) const { return path.Error(reader_.error()); }

  absl::Status Message(const Descriptor& type, const FieldPath& path) {
    if (reader_.Peek() != Kind::kObject) return Unexpected("an object", path);
    Seen fields, oneofs;
    absl::string_view key;
    for (bool more = reader_.BeginObject(); more && reader_.NextKey(&key);) {
      const FieldDescriptor* const field = FindField(type, key);
      if (field == nullptr) {
        return path.Error(absl::StrCat(Shown(key), " is no field of ", std::string(type.name()),
                                       "; ", FieldNames(type)),
                          "UNKNOWN_FIELD");
      }
      const FieldPath own(&path, field->name());
      if (!fields.Add(field->number())) return own.Error("it comes twice", "DUPLICATE_FIELD");
      if (reader_.Peek() == Kind::kNull) {
        reader_.ReadNull();
        continue;
      }
      const auto* const oneof = field->real_containing_oneof();
      if (oneof != nullptr && !oneofs.Add(oneof->index())) {
        return own.Error(absl::StrCat("another of the fields of `", std::string(oneof->name()),
                                      "` is there already"),
                         "DUPLICATE_FIELD");
      }
      if (absl::Status status = Field(*field, own); !status.ok()) return status;
    }
    return reader_.error().empty() ? absl::OkStatus() : Broken(path);
  }

  absl::Status Field(const FieldDescriptor& field, const FieldPath& path) {
    if (field.is_map()) return Map(field, path);
    if (!field.is_repeated()) return Single(field, path);
    if (reader_.Peek() != Kind::kArray) return Unexpected("an array", path);
    const bool is_packed = field.is_packed();
    const size_t begin = is_packed ? writer_.Begin(field.number()) : 0;
    int64_t index = 0;
    for (bool more = reader_.BeginArray(); more && reader_.NextElement(); ++index) {
      const FieldPath element(&path, index);
      if (is_packed && static_cast<size_t>(index) == limits_.max_numbers) {
        return path.Error(
            absl::StrFormat("it has more than %d numbers, this server's limit in JSON",
                            limits_.max_numbers),
            "TOO_MANY_ELEMENTS");
      }
      absl::Status status = is_packed ? Scalar(field, element) : Single(field, element);
      if (!status.ok()) return status;
    }
    if (!reader_.error().empty()) return Broken(path);
    if (is_packed) writer_.End(begin);
    return absl::OkStatus();
  }

  absl::Status Map(const FieldDescriptor& field, const FieldPath& path) {
    if (reader_.Peek() != Kind::kObject) return Unexpected("an object", path);
    const FieldDescriptor& value = *field.message_type()->map_value();
    absl::flat_hash_set<std::string> keys;
    absl::string_view key;
    for (bool more = reader_.BeginObject(); more && reader_.NextKey(&key);) {
      const auto [kept, is_new] = keys.insert(std::string(key));
      const FieldPath entry(&path, *kept, FieldPath::Kind::kKey);
      if (!is_new) return entry.Error("it comes twice", "DUPLICATE_FIELD");
      if (keys.size() > kMaxKeys) {
        return path.Error(absl::StrFormat("it has more than %d keys", kMaxKeys), "TOO_MANY");
      }
      const size_t begin = writer_.Begin(field.number());
      writer_.Bytes(1, *kept);
      if (absl::Status status = Single(value, entry); !status.ok()) return status;
      writer_.End(begin);
    }
    return reader_.error().empty() ? absl::OkStatus() : Broken(path);
  }

  // A field, or an element of one that is repeated, with its tag.
  absl::Status Single(const FieldDescriptor& field, const FieldPath& path) {
    if (writer_.size() > limits_.max_bytes) {
      return path.Error(
          absl::StrFormat("the message has more than %d bytes up to here", limits_.max_bytes),
          "MESSAGE_TOO_LARGE");
    }
    switch (field.type()) {
      case FieldDescriptor::TYPE_MESSAGE: {
        const size_t begin = writer_.Begin(field.number());
        if (absl::Status status = Message(*field.message_type(), path); !status.ok()) return status;
        writer_.End(begin);
        return absl::OkStatus();
      }
      case FieldDescriptor::TYPE_STRING:
      case FieldDescriptor::TYPE_BYTES:
        return Text(field, path);
      default:
        writer_.Tag(field.number(), TypeOf(field));
        return Scalar(field, path);
    }
  }

  static WireType TypeOf(const FieldDescriptor& field) {
    if (field.type() == FieldDescriptor::TYPE_DOUBLE) return WireType::kFixed64;
    if (field.type() == FieldDescriptor::TYPE_FLOAT) return WireType::kFixed32;
    return WireType::kVarint;
  }

  absl::Status Text(const FieldDescriptor& field, const FieldPath& path) {
    absl::string_view text;
    if (reader_.Peek() != Kind::kString) return Unexpected("a string", path);
    if (!reader_.ReadString(&text)) return Broken(path);
    if (field.type() == FieldDescriptor::TYPE_STRING) {
      writer_.Bytes(field.number(), text);
      return absl::OkStatus();
    }
    std::string bytes;
    if (!DecodeBase64(text, &bytes)) return path.Error(Shown(text) + " is not base64");
    writer_.Bytes(field.number(), bytes);
    return absl::OkStatus();
  }

  absl::Status Scalar(const FieldDescriptor& field, const FieldPath& path) {
    switch (field.type()) {
      case FieldDescriptor::TYPE_DOUBLE:
        return Real<double>(ParseDouble, path);
      case FieldDescriptor::TYPE_FLOAT:
        return Real<float>(ParseFloat, path);
      case FieldDescriptor::TYPE_INT32:
        return Whole<int32_t>(path);
      case FieldDescriptor::TYPE_INT64:
        return Whole<int64_t>(path);
      case FieldDescriptor::TYPE_UINT32:
        return Whole<uint32_t>(path);
      case FieldDescriptor::TYPE_UINT64:
        return Whole<uint64_t>(path);
      case FieldDescriptor::TYPE_BOOL:
        return Bool(path);
      case FieldDescriptor::TYPE_ENUM:
        return Enum(*field.enum_type(), path);
      default:  // no field of ours has another
        return path.Error("JSON cannot say it");
    }
  }

  template <class Number>
  absl::Status Real(std::optional<Number> (*parse)(absl::string_view), const FieldPath& path) {
    absl::string_view text;
    const Kind kind = reader_.Peek();
    if (kind != Kind::kNumber && kind != Kind::kString) return Unexpected("a number", path);
    if (!(kind == Kind::kNumber ? reader_.ReadNumber(&text) : reader_.ReadString(&text))) {
      return Broken(path);
    }
    const std::optional<Number> number = parse(text);
    if (!number) {
      return path.Error(Shown(text) +
                        " is no number that the field can hold; \"NaN\", \"Infinity\" and "
                        "\"-Infinity\" are strings");
    }
    writer_.Fixed(*number);
    return absl::OkStatus();
  }

  template <class Number>
  absl::Status Whole(const FieldPath& path) {
    Number number;
    absl::Status status = ReadWhole(reader_, path, &number);
    // What is negative has ten bytes, as protobuf has it.
    if (status.ok()) writer_.Varint(static_cast<uint64_t>(static_cast<int64_t>(number)));
    return status;
  }

  absl::Status Bool(const FieldPath& path) {
    bool value;
    if (reader_.Peek() != Kind::kBool) return Unexpected("true or false", path);
    if (!reader_.ReadBool(&value)) return Broken(path);
    writer_.Varint(value ? 1 : 0);
    return absl::OkStatus();
  }

  absl::Status Enum(const google::protobuf::EnumDescriptor& type, const FieldPath& path) {
    if (reader_.Peek() == Kind::kNumber) return Whole<int32_t>(path);
    absl::string_view name;
    if (reader_.Peek() != Kind::kString) return Unexpected("a name", path);
    if (!reader_.ReadString(&name)) return Broken(path);
    const auto* const value = type.FindValueByName(std::string(name));
    if (value == nullptr) {
      std::string names;
      for (int i = 0; i < type.value_count(); ++i) {
        absl::StrAppend(&names, i == 0 ? "" : ", ", std::string(type.value(i)->name()));
      }
      return path.Error(absl::StrCat(Shown(name), " is none of ", names), "UNKNOWN_ENUM_VALUE");
    }
    writer_.Varint(static_cast<uint64_t>(static_cast<int64_t>(value->number())));
    return absl::OkStatus();
  }

  // Whether another kind of value is there, or none.
  absl::Status Unexpected(absl::string_view expected, const FieldPath& path) {
    if (reader_.Peek() == Kind::kNothing) {
      reader_.Skip();
      return Broken(path);
    }
    return path.Error(
        absl::StrCat(expected, " is expected at byte ", reader_.position(), " of the JSON"));
  }

  JsonReader reader_;
  WireWriter writer_;
  const MessageLimits& limits_;
};

// The integer that `text` is, written as a decimal fraction or with an exponent.
template <class Whole>
bool FromReal(absl::string_view text, Whole* value) {
  const std::optional<double> number = ParseDouble(text);
  // The bounds are powers of two, and so exact; what is as large as 2^53 had better be written out.
  constexpr double kExact = 9007199254740992;
  if (!number || !(*number >= -kExact && *number <= kExact)) return false;
  const auto whole = static_cast<int64_t>(*number);
  if (static_cast<double>(whole) != *number) return false;
  if (whole < 0 && std::numeric_limits<Whole>::min() == 0) return false;
  if (sizeof(Whole) < sizeof(int64_t) &&
      (whole < static_cast<int64_t>(std::numeric_limits<Whole>::min()) ||
       whole > static_cast<int64_t>(std::numeric_limits<Whole>::max()))) {
    return false;
  }
  *value = static_cast<Whole>(whole);
  return true;
}

}  // namespace

template <class Whole>
absl::Status ReadWhole(JsonReader& reader, const FieldPath& path, Whole* value) {
  absl::string_view text;
  const Kind kind = reader.Peek();
  const bool was_read = kind == Kind::kString ? reader.ReadString(&text)
                                              : kind == Kind::kNumber && reader.ReadNumber(&text);
  if (!was_read && !reader.error().empty()) return path.Error(reader.error());
  const bool is_padded = text != absl::StripAsciiWhitespace(text);
  if (was_read && !is_padded && (absl::SimpleAtoi(text, value) || FromReal(text, value))) {
    return absl::OkStatus();
  }
  return path.Error(absl::StrCat(was_read ? Shown(text) + " is not" : "it must be",
                                 " a whole number from ", std::numeric_limits<Whole>::min(), " to ",
                                 std::numeric_limits<Whole>::max()));
}

template absl::Status ReadWhole(JsonReader&, const FieldPath&, int32_t*);
template absl::Status ReadWhole(JsonReader&, const FieldPath&, int64_t*);
template absl::Status ReadWhole(JsonReader&, const FieldPath&, uint32_t*);
template absl::Status ReadWhole(JsonReader&, const FieldPath&, uint64_t*);

bool DecodeBase64(absl::string_view text, std::string* bytes) {
  const bool is_for_urls = text.find_first_of("-_") != absl::string_view::npos;
  return is_for_urls ? absl::WebSafeBase64Unescape(text, bytes) : absl::Base64Unescape(text, bytes);
}

absl::Status JsonToMessage(absl::string_view json, const Descriptor& type,
                           const MessageLimits& limits, std::string* bytes) {
  return Encoder(json, limits, bytes).Encode(type);
}

}  // namespace rectifier::http
