// Characters as UTF-8.
#ifndef RECTIFIER_SERVER_HTTP_UTF8_H_
#define RECTIFIER_SERVER_HTTP_UTF8_H_

#include <cstddef>
#include <string>

#include "absl/strings/string_view.h"

namespace rectifier::http {

// How many bytes the first character of `text` has; 0 where there is none, or it is not UTF-8:
// longer than it need be, a surrogate, or beyond U+10FFFF.
size_t Utf8Length(absl::string_view text);

// Appends the character `code`, which is none of the surrogates and at most 0x10FFFF.
void AppendUtf8(unsigned code, std::string* text);

}  // namespace rectifier::http

#endif  // RECTIFIER_SERVER_HTTP_UTF8_H_
