#include "server/http/utf8.h"

namespace rectifier::http {
namespace {

constexpr unsigned kLongestOfOne = 0x7F, kLongestOfTwo = 0x7FF, kLongestOfThree = 0xFFFF,
                   kLast = 0x10FFFF;

bool IsSurrogate(unsigned code) { return code >= 0xD800 && code <= 0xDFFF; }

char Following(unsigned code, unsigned shift) {
  return static_cast<char>(0x80 | ((code >> shift) & 0x3F));
}

}  // namespace

size_t Utf8Length(absl::string_view text) {
  if (text.empty()) return 0;
  const auto first = static_cast<unsigned char>(text[0]);
  if (first <= kLongestOfOne) return 1;
  const size_t bytes = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC0 || first > 0xF7 || text.size() < bytes) return 0;
  unsigned code = first & (0xFFU >> (bytes + 1));
  for (size_t i = 1; i < bytes; ++i) {
    const auto next = static_cast<unsigned char>(text[i]);
    if ((next & 0xC0) != 0x80) return 0;
    code = (code << 6) | (next & 0x3F);
  }
  const unsigned least = bytes == 2   ? kLongestOfOne + 1
                         : bytes == 3 ? kLongestOfTwo + 1
                                      : kLongestOfThree + 1;
  return code >= least && code <= kLast && !IsSurrogate(code) ? bytes : 0;
}

void AppendUtf8(unsigned code, std::string* text) {
  if (code <= kLongestOfOne) {
    *text += static_cast<char>(code);
  } else if (code <= kLongestOfTwo) {
    *text += static_cast<char>(0xC0 | (code >> 6));
    *text += Following(code, 0);
  } else if (code <= kLongestOfThree) {
    *text += static_cast<char>(0xE0 | (code >> 12));
    *text += Following(code, 6);
    *text += Following(code, 0);
  } else {
    *text += static_cast<char>(0xF0 | (code >> 18));
    *text += Following(code, 12);
    *text += Following(code, 6);
    *text += Following(code, 0);
  }
}

}  // namespace rectifier::http
