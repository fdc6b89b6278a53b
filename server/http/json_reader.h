// Reads JSON from front to back, a value at a time, without making anything of it: what a request
// costs beside its own text is what its reader keeps. The grammar is RFC 8259's, and strict.
//
//   JsonReader reader(R"({"shape": [2, 3]})");
//   absl::string_view key;
//   for (bool more = reader.BeginObject(); more && reader.NextKey(&key);) { ... }
//   if (!reader.Finish()) return reader.error();
#ifndef RECTIFIER_SERVER_HTTP_JSON_READER_H_
#define RECTIFIER_SERVER_HTTP_JSON_READER_H_

#include <cstddef>
#include <string>

#include "absl/strings/string_view.h"

namespace rectifier::http {

// Everything gives false from the first error on. Values are read by the call for their kind, or
// skipped; `text` outlives the reader.
class JsonReader {
 public:
  // Arrays and objects within one another.
  static constexpr int kMaxDepth = 32;

  enum class Kind { kObject, kArray, kString, kNumber, kBool, kNull, kNothing };

  explicit JsonReader(absl::string_view text) : text_(text) {}

  // What the next value is by its first byte.
  Kind Peek();

  bool BeginObject();
  // The next key, which lives until the next call; false after the last one.
  bool NextKey(absl::string_view* key);
  bool BeginArray();
  // Whether there is another element, which is to be read then.
  bool NextElement();

  // The string lives until the next call.
  bool ReadString(absl::string_view* value);
  // The number as it is written, whose form has been checked.
  bool ReadNumber(absl::string_view* text);
  bool ReadBool(bool* value);
  bool ReadNull();
  bool Skip();

  // Whether all was read, and nothing follows.
  bool Finish();

  // What is wrong, and where; empty where nothing is.
  const std::string& error() const { return error_; }

  // The place of the next value, which another reader of the same text may begin at.
  size_t position();
  void set_position(size_t position) { position_ = position; }

 private:
  bool Fail(absl::string_view what);
  void SkipSpace();
  bool Take(char expected);
  bool TakeWord(absl::string_view word);
  bool Begin(char bracket);
  // Goes to the next item of what `end` closes; false where that is all, or an error.
  bool Next(char end);
  bool TakeDigits();
  bool TakeEscape();
  bool TakeHex(unsigned* unit);
  bool TakeUtf8();

  const absl::string_view text_;
  size_t position_ = 0;
  int depth_ = 0;
  bool is_first_ = false;  // in the array or object that was begun last
  std::string decoded_;    // a string with escapes
  std::string error_;
};

}  // namespace rectifier::http

#endif  // RECTIFIER_SERVER_HTTP_JSON_READER_H_
