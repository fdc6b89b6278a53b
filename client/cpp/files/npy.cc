#include "client/cpp/files/npy.h"

#include <cstdint>
#include <cstring>
#include <limits>
#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"

namespace rectifier::client {
namespace {

constexpr size_t kVersionBytes = 2;
constexpr size_t kAlignment = 64;
constexpr size_t kMaxHeaderBytes = 1 << 16;  // far above any real one

constexpr std::pair<ElementType, absl::string_view> kDescriptors[] = {
    {ElementType::kFloat16, "<f2"},
    {ElementType::kBFloat16, "<V2"},
    {ElementType::kFloat32, "<f4"},
    {ElementType::kFloat64, "<f8"},
    {ElementType::kBool, "|b1"}};

absl::Status BadHeader(absl::string_view problem) {
  return absl::InvalidArgumentError(absl::StrCat("malformed .npy header: ", problem));
}

absl::StatusOr<ElementType> ParseDescriptor(absl::string_view descriptor) {
  for (const auto& [type, name] : kDescriptors) {
    if (descriptor == name) return type;
  }
  if (descriptor == "|V2") return ElementType::kBFloat16;
  const std::string given = absl::StrCat("its dtype is '", absl::CHexEscape(descriptor), "'");
  if (descriptor == ">f2" || descriptor == ">f4" || descriptor == ">f8") {
    return absl::InvalidArgumentError(absl::StrCat(
        given, ", big-endian; save it with array.astype('<", descriptor.substr(1), "')"));
  }
  return absl::InvalidArgumentError(
      absl::StrCat(given,
                   "; allowed are '<f2', '<f4', '<f8', 'V2' for bfloat16, and '|b1' for masks: see "
                   "numpy.ndarray.astype"));
}

// Reads the one Python literal that a header holds:
// {'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }
class HeaderParser {
 public:
  explicit HeaderParser(absl::string_view text) : rest_(text) {}

  absl::StatusOr<NpyHeader> Parse() {
    if (!Take("{")) return BadHeader("it is not a Python dictionary");
    while (!Take("}")) {
      if (absl::Status status = ParseEntry(); !status.ok()) return status;
      if (!Take(",") && !Peek('}')) return BadHeader("a ',' or '}' is missing");
    }
    if (!Space().empty()) return BadHeader("there is text after the dictionary");
    return Finish();
  }

 private:
  absl::Status ParseEntry() {
    const std::optional<absl::string_view> key = ParseString();
    if (!key.has_value()) return BadHeader("a key in quotes is missing");
    if (!Take(":")) return BadHeader(absl::StrCat("a ':' is missing after '", *key, "'"));
    if (*key == "descr" && !descriptor_.has_value()) return ParseDescriptorEntry();
    if (*key == "fortran_order" && !fortran_order_.has_value()) return ParseOrderEntry();
    if (*key == "shape" && !shape_.has_value()) return ParseShapeEntry();
    return BadHeader(absl::StrCat("unknown or repeated key '", absl::CHexEscape(*key), "'"));
  }

  absl::Status ParseDescriptorEntry() {
    if (Peek('[')) {
      return absl::InvalidArgumentError(
          "its dtype is structured (it has named fields); save the fields one by one");
    }
    descriptor_ = ParseString();
    return descriptor_.has_value() ? absl::OkStatus() : BadHeader("'descr' is not a string");
  }

  absl::Status ParseOrderEntry() {
    if (Take("True")) {
      fortran_order_ = true;
    } else if (Take("False")) {
      fortran_order_ = false;
    } else {
      return BadHeader("'fortran_order' is neither True nor False");
    }
    return absl::OkStatus();
  }

  absl::Status ParseShapeEntry() {
    if (!Take("(")) return BadHeader("'shape' is not a tuple");
    shape_.emplace();
    while (!Take(")")) {
      const size_t digits = Space().find_first_not_of("0123456789");
      int64_t size = 0;
      if (digits == absl::string_view::npos || !absl::SimpleAtoi(rest_.substr(0, digits), &size)) {
        return BadHeader("'shape' holds something else than whole numbers below 2^63");
      }
      rest_.remove_prefix(digits);
      Take("L");  // written by Python 2
      shape_->push_back(size);
      if (!Take(",") && !Peek(')')) return BadHeader("'shape' is not closed");
    }
    return absl::OkStatus();
  }

  absl::StatusOr<NpyHeader> Finish() const {
    if (!descriptor_.has_value()) return BadHeader("'descr' is missing");
    if (!fortran_order_.has_value()) return BadHeader("'fortran_order' is missing");
    if (!shape_.has_value()) return BadHeader("'shape' is missing");
    const absl::StatusOr<ElementType> type = ParseDescriptor(*descriptor_);
    if (!type.ok()) return type.status();
    if (*fortran_order_) {
      return absl::InvalidArgumentError(
          "it is in Fortran order; save it with numpy.ascontiguousarray(array)");
    }
    return NpyHeader{.type = *type, .shape = *shape_};
  }

  absl::string_view Space() {
    rest_ = absl::StripLeadingAsciiWhitespace(rest_);
    return rest_;
  }

  bool Peek(char expected) { return !Space().empty() && rest_.front() == expected; }

  bool Take(absl::string_view expected) {
    if (Space().substr(0, expected.size()) != expected) return false;
    rest_.remove_prefix(expected.size());
    return true;
  }

  // A string in single or double quotes, without escapes: no key or dtype needs them.
  std::optional<absl::string_view> ParseString() {
    if (!Peek('\'') && !Peek('"')) return std::nullopt;
    const size_t end = rest_.find(rest_.front(), 1);
    if (end == absl::string_view::npos) return std::nullopt;
    const absl::string_view content = rest_.substr(1, end - 1);
    rest_.remove_prefix(end + 1);
    return content;
  }

  absl::string_view rest_;
  std::optional<absl::string_view> descriptor_;
  std::optional<bool> fortran_order_;
  std::optional<Shape> shape_;
};

// A little-endian number of `size` bytes.
size_t ReadLength(absl::string_view bytes, size_t size) {
  uint32_t length = 0;
  std::memcpy(&length, bytes.data(), size);
  return length;
}

}  // namespace

size_t NpyHeader::FileBytes() const {
  constexpr size_t kMost = std::numeric_limits<size_t>::max() / 2;
  const std::optional<int64_t> count = ElementCount(shape);
  if (!count.has_value() || static_cast<size_t>(*count) > kMost / SizeOf(type)) return kMost;
  return data_offset + *count * SizeOf(type);
}

absl::StatusOr<NpyHeader> ParseNpyHeader(absl::Span<const std::byte> file) {
  const absl::string_view text(reinterpret_cast<const char*>(file.data()), file.size());
  if (text.empty()) return absl::InvalidArgumentError("not a .npy file: it is empty");
  if (!IsNpy(text)) {
    return absl::InvalidArgumentError("not a .npy file: it does not start with \\x93NUMPY");
  }
  if (text.size() < kNpyMagic.size() + kVersionBytes) return BadHeader("it is cut short");
  const int version = static_cast<unsigned char>(text[kNpyMagic.size()]);
  if (version < 1 || version > 3) {
    return absl::InvalidArgumentError(
        absl::StrCat(".npy version ", version, " is not known; allowed are 1, 2 and 3"));
  }
  const size_t length_bytes = version == 1 ? 2 : 4;
  const size_t start = kNpyMagic.size() + kVersionBytes + length_bytes;
  if (text.size() < start) return BadHeader("it is cut short");
  const size_t length = ReadLength(text.substr(kNpyMagic.size() + kVersionBytes), length_bytes);
  if (length > kMaxHeaderBytes) {
    return BadHeader(absl::StrCat("it claims ", length, " bytes; at most ", kMaxHeaderBytes));
  }
  if (text.size() - start < length) return BadHeader("it is cut short");
  absl::StatusOr<NpyHeader> header = HeaderParser(text.substr(start, length)).Parse();
  if (header.ok()) header->data_offset = start + length;
  return header;
}

absl::StatusOr<Tensor> ParseNpy(absl::Span<const std::byte> file,
                                std::shared_ptr<const void> owner) {
  const absl::StatusOr<NpyHeader> header = ParseNpyHeader(file);
  if (!header.ok()) return header.status();
  return Tensor::View(header->type, header->shape, file.subspan(header->data_offset),
                      std::move(owner));
}

std::string FormatNpyHeader(ElementType type, absl::Span<const int64_t> shape) {
  absl::string_view descriptor;
  for (const auto& [candidate, name] : kDescriptors) {
    if (candidate == type) descriptor = name;
  }
  std::string text =
      absl::StrCat("{'descr': '", descriptor, "', 'fortran_order': False, 'shape': (",
                   absl::StrJoin(shape, ", "), shape.size() == 1 ? ",), }" : "), }");
  const size_t start = kNpyMagic.size() + kVersionBytes + sizeof(uint16_t);
  const size_t unpadded = start + text.size() + 1;
  text.append((kAlignment - unpadded % kAlignment) % kAlignment, ' ');
  text.push_back('\n');
  const auto length = static_cast<uint16_t>(text.size());
  return absl::StrCat(kNpyMagic, std::string("\x01\0", 2),
                      absl::string_view(reinterpret_cast<const char*>(&length), sizeof(length)),
                      text);
}

}  // namespace rectifier::client
