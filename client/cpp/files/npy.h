// The .npy format of NumPy: one array behind a short text header.
//
// Written by hand because Debian ships no C++ library for it, and because the usual ones read the
// whole array into memory, trust the header's sizes, or know neither float16 nor bfloat16. The
// format: numpy.org/doc/stable/reference/generated/numpy.lib.format.html.
//
// Read: versions 1.0, 2.0 and 3.0; little-endian f2, f4 and f8 in C order; and V2 as bfloat16,
// which is what NumPy writes for an ml_dtypes.bfloat16 array (it has no name for the type).
#ifndef RECTIFIER_CLIENT_CPP_FILES_NPY_H_
#define RECTIFIER_CLIENT_CPP_FILES_NPY_H_

#include <cstddef>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "client/cpp/client/tensor.h"

namespace rectifier::client {

// Every .npy file starts so.
inline constexpr absl::string_view kNpyMagic("\x93NUMPY", 6);

// No header that is read, with all before it, is longer.
inline constexpr size_t kMostNpyHeaderBytes = (1 << 16) + 12;

inline bool IsNpy(absl::string_view file) { return absl::StartsWith(file, kNpyMagic); }

struct NpyHeader {
  ElementType type = ElementType::kFloat64;
  Shape shape;
  size_t data_offset = 0;  // of the first element, from the start of the file

  // The size of the whole file; as large as can be, where the shape is too large for any file.
  size_t FileBytes() const;
};

// Reads the header at the start of `file`. Errors: INVALID_ARGUMENT, saying what is wrong.
absl::StatusOr<NpyHeader> ParseNpyHeader(absl::Span<const std::byte> file);

// The array in `file`, without a copy; `owner` keeps the bytes alive.
// Errors: INVALID_ARGUMENT, also where the file is shorter or longer than its header says.
absl::StatusOr<Tensor> ParseNpy(absl::Span<const std::byte> file,
                                std::shared_ptr<const void> owner);

// A header of version 1.0, padded so that the elements start at a multiple of 64 bytes.
std::string FormatNpyHeader(ElementType type, absl::Span<const int64_t> shape);

}  // namespace rectifier::client

#endif  // RECTIFIER_CLIENT_CPP_FILES_NPY_H_
