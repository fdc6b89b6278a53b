// Files of raw float32, by which the programs here and compare.py exchange inputs and results. A
// narrower element type travels as the float32 that equals it.
#ifndef RECTIFIER_TESTS_NUMERICS_COMPARE_FLOAT_FILES_H_
#define RECTIFIER_TESTS_NUMERICS_COMPARE_FLOAT_FILES_H_

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "core/element_type.h"

namespace rectifier {

// The type of that name; nullopt where there is none.
std::optional<ElementType> ElementTypeNamed(absl::string_view name);

// The numbers of the file, each rounded to `type`, as stored in a tensor. Errors: throws
// std::ios_base::failure.
std::vector<std::byte> ReadTensor(const std::string& path, ElementType type);

// Errors: throws std::ios_base::failure.
void WriteTensor(const std::string& path, ElementType type, const std::vector<std::byte>& tensor);

}  // namespace rectifier

#endif  // RECTIFIER_TESTS_NUMERICS_COMPARE_FLOAT_FILES_H_
