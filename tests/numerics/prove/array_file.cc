#include "tests/numerics/prove/array_file.h"

#include <cstddef>
#include <cstring>
#include <fstream>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/string_view.h"
#include "tests/numerics/prove/state.h"

namespace rectifier::prove {
namespace {

// The start of version 1.0; the length of the header follows in two bytes.
constexpr absl::string_view kMagic("\x93NUMPY\x01\x00", 8);
constexpr size_t kPreamble = kMagic.size() + 2;
constexpr size_t kAlignment = 64;

absl::Status Write(const std::string& path, absl::string_view type, const void* elements,
                   size_t count, size_t size) {
  std::string header =
      absl::StrFormat("{'descr': '%s', 'fortran_order': False, 'shape': (%u,), }", type, count);
  const size_t padded =
      (kPreamble + header.size() + 1 + kAlignment - 1) / kAlignment * kAlignment - kPreamble;
  header.resize(padded - 1, ' ');
  header += '\n';
  std::ofstream file(path, std::ios::binary);
  file << kMagic << static_cast<char>(padded % 256) << static_cast<char>(padded / 256) << header;
  file.write(static_cast<const char*>(elements), static_cast<std::streamsize>(count * size));
  file.close();
  return file ? absl::OkStatus() : absl::UnavailableError(absl::StrCat("cannot write ", path));
}

}  // namespace

absl::StatusOr<std::vector<float>> ReadFloats(const std::string& path) {
  const std::string content = ContentOf(path);
  if (content.empty()) return absl::NotFoundError(absl::StrCat("cannot read ", path));
  const auto bad = [&path](absl::string_view what) {
    return absl::InvalidArgumentError(absl::StrCat(path, ": ", what));
  };
  if (content.size() < kPreamble || content.substr(0, kMagic.size()) != kMagic) {
    return bad("no .npy file of version 1.0");
  }
  const size_t length = static_cast<unsigned char>(content[kMagic.size()]) +
                        size_t{256} * static_cast<unsigned char>(content[kMagic.size() + 1]);
  const std::string header = content.substr(kPreamble, length);
  if (header.find("'<f4'") == std::string::npos) return bad("not float32");
  if (header.find("'fortran_order': False") == std::string::npos) return bad("not in C order");
  const size_t begin = std::min(content.size(), kPreamble + length);
  if ((content.size() - begin) % sizeof(float) != 0) return bad("cut short");
  std::vector<float> elements((content.size() - begin) / sizeof(float));
  std::memcpy(elements.data(), content.data() + begin, content.size() - begin);
  return elements;
}

absl::Status WriteFloats(const std::string& path, const std::vector<float>& elements) {
  return Write(path, "<f4", elements.data(), elements.size(), sizeof(float));
}

absl::Status WriteDoubles(const std::string& path, const std::vector<double>& elements) {
  return Write(path, "<f8", elements.data(), elements.size(), sizeof(double));
}

}  // namespace rectifier::prove
