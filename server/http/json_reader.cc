#include "server/http/json_reader.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "server/http/utf8.h"

namespace rectifier::http {
namespace {

constexpr unsigned kFirstHighSurrogate = 0xD800, kFirstLowSurrogate = 0xDC00,
                   kAfterSurrogates = 0xE000;

}  // namespace

bool JsonReader::Fail(absl::string_view what) {
  if (error_.empty()) error_ = absl::StrCat(what, " at byte ", position_, " of the JSON");
  return false;
}

void JsonReader::SkipSpace() {
  while (position_ < text_.size()) {
    const char c = text_[position_];
    if (c != ' ' && c != '\n' && c != '\r' && c != '\t') return;
    ++position_;
  }
}

size_t JsonReader::position() {
  SkipSpace();
  return position_;
}

JsonReader::Kind JsonReader::Peek() {
  SkipSpace();
  if (position_ == text_.size() || !error_.empty()) return Kind::kNothing;
  switch (text_[position_]) {
    case '{':
      return Kind::kObject;
    case '[':
      return Kind::kArray;
    case '"':
      return Kind::kString;
    case 't':
    case 'f':
      return Kind::kBool;
    case 'n':
      return Kind::kNull;
    default:
      return text_[position_] == '-' || absl::ascii_isdigit(text_[position_]) ? Kind::kNumber
                                                                              : Kind::kNothing;
  }
}

bool JsonReader::Take(char expected) {
  if (position_ == text_.size() || text_[position_] != expected) return false;
  ++position_;
  return true;
}

bool JsonReader::TakeWord(absl::string_view word) {
  if (text_.substr(position_, word.size()) != word) return Fail("a value is expected");
  position_ += word.size();
  return true;
}

bool JsonReader::Begin(char bracket) {
  SkipSpace();
  if (!error_.empty()) return false;
  if (!Take(bracket)) return Fail(absl::StrCat("'", std::string(1, bracket), "' is expected"));
  if (++depth_ > kMaxDepth) {
    return Fail(absl::StrCat("more than ", kMaxDepth, " arrays and objects within one another"));
  }
  is_first_ = true;
  return true;
}

bool JsonReader::BeginObject() { return Begin('{'); }
bool JsonReader::BeginArray() { return Begin('['); }

bool JsonReader::Next(char end) {
  SkipSpace();
  if (!error_.empty()) return false;
  const bool was_first = is_first_;
  is_first_ = false;
  if (Take(end)) {
    --depth_;
    return false;
  }
  if (was_first || Take(',')) return true;
  return Fail(absl::StrCat("',' or '", std::string(1, end), "' is expected"));
}

bool JsonReader::NextElement() { return Next(']'); }

bool JsonReader::NextKey(absl::string_view* key) {
  if (!Next('}') || !ReadString(key)) return false;
  SkipSpace();
  return Take(':') || Fail("':' is expected");
}

bool JsonReader::TakeHex(unsigned* unit) {
  *unit = 0;
  for (int i = 0; i < 4; ++i) {
    const char c = position_ < text_.size() ? text_[position_] : '\0';
    if (!absl::ascii_isxdigit(c)) return Fail("four hexadecimal digits are expected");
    const unsigned digit = absl::ascii_isdigit(c) ? c - '0' : absl::ascii_tolower(c) - 'a' + 10;
    *unit = *unit * 16 + digit;
    ++position_;
  }
  return true;
}

bool JsonReader::TakeEscape() {
  static constexpr absl::string_view kEscapes = "\"\\/bfnrt", kMeanings = "\"\\/\b\f\n\r\t";
  const char c = position_ < text_.size() ? text_[position_] : '\0';
  const size_t known = c == '\0' ? kEscapes.npos : kEscapes.find(c);
  if (known != kEscapes.npos) {
    ++position_;
    decoded_ += kMeanings[known];
    return true;
  }
  unsigned unit, low;
  if (!Take('u')) return Fail("an escape is expected");
  if (!TakeHex(&unit)) return false;
  if (unit >= kFirstLowSurrogate && unit < kAfterSurrogates) return Fail("half a character stands");
  if (unit >= kFirstHighSurrogate && unit < kFirstLowSurrogate) {
    if (!Take('\\') || !Take('u')) return Fail("the other half of a character is expected");
    if (!TakeHex(&low)) return false;
    if (low < kFirstLowSurrogate || low >= kAfterSurrogates) return Fail("half a character stands");
    unit = 0x10000 + ((unit - kFirstHighSurrogate) << 10) + (low - kFirstLowSurrogate);
  }
  AppendUtf8(unit, &decoded_);
  return true;
}

// Strings without escapes, nearly all, are not copied.
bool JsonReader::ReadString(absl::string_view* value) {
  SkipSpace();
  if (!error_.empty()) return false;
  if (!Take('"')) return Fail("a string is expected");
  decoded_.clear();
  const size_t begin = position_;
  size_t copied = position_;
  for (;;) {
    if (position_ == text_.size()) return Fail("the end of a string is missing");
    const auto c = static_cast<unsigned char>(text_[position_]);
    if (c == '"') break;
    if (c < 0x20) return Fail("a control character stands in a string");
    if (c == '\\') {
      decoded_.append(text_.data() + copied, position_ - copied);
      ++position_;
      if (!TakeEscape()) return false;
      copied = position_;
    } else if (c < 0x80) {
      ++position_;
    } else if (const size_t bytes = Utf8Length(text_.substr(position_)); bytes > 0) {
      position_ += bytes;
    } else {
      return Fail("bytes that are not UTF-8 stand in a string");
    }
  }
  const bool has_escapes = copied != begin;
  if (has_escapes) decoded_.append(text_.data() + copied, position_ - copied);
  *value = has_escapes ? absl::string_view(decoded_) : text_.substr(begin, position_ - begin);
  ++position_;
  return true;
}

bool JsonReader::TakeDigits() {
  const size_t begin = position_;
  while (position_ < text_.size() && absl::ascii_isdigit(text_[position_])) ++position_;
  return position_ > begin || Fail("a digit is expected");
}

bool JsonReader::ReadNumber(absl::string_view* text) {
  SkipSpace();
  if (!error_.empty()) return false;
  const size_t begin = position_;
  Take('-');
  if (!Take('0') && !TakeDigits()) return false;
  if (Take('.') && !TakeDigits()) return false;
  if (Take('e') || Take('E')) {
    if (!Take('+')) Take('-');
    if (!TakeDigits()) return false;
  }
  *text = text_.substr(begin, position_ - begin);
  return true;
}

bool JsonReader::ReadBool(bool* value) {
  SkipSpace();
  if (!error_.empty()) return false;
  *value = position_ < text_.size() && text_[position_] == 't';
  return TakeWord(*value ? "true" : "false");
}

bool JsonReader::ReadNull() {
  SkipSpace();
  return error_.empty() && TakeWord("null");
}

bool JsonReader::Skip() {
  absl::string_view text;
  bool truth;
  switch (Peek()) {
    case Kind::kObject:
      for (bool more = BeginObject(); more && NextKey(&text);) {
        if (!Skip()) return false;
      }
      return error_.empty();
    case Kind::kArray:
      for (bool more = BeginArray(); more && NextElement();) {
        if (!Skip()) return false;
      }
      return error_.empty();
    case Kind::kString:
      return ReadString(&text);
    case Kind::kNumber:
      return ReadNumber(&text);
    case Kind::kBool:
      return ReadBool(&truth);
    case Kind::kNull:
      return ReadNull();
    case Kind::kNothing:
      break;
  }
  return Fail("a value is expected");
}

bool JsonReader::Finish() {
  SkipSpace();
  if (!error_.empty()) return false;
  return position_ == text_.size() || Fail("the text goes on after its value");
}

}  // namespace rectifier::http
