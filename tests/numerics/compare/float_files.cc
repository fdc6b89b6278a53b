#include "tests/numerics/compare/float_files.h"

#include <fstream>

namespace rectifier {

std::optional<ElementType> ElementTypeNamed(absl::string_view name) {
  for (ElementType type : kAllElementTypes) {
    if (Name(type) == name) return type;
  }
  return std::nullopt;
}

std::vector<std::byte> ReadTensor(const std::string& path, ElementType type) {
  std::ifstream file;
  file.exceptions(std::ios::failbit | std::ios::badbit);
  file.open(path, std::ios::binary | std::ios::ate);
  std::vector<float> numbers(static_cast<size_t>(file.tellg()) / sizeof(float));
  file.seekg(0);
  file.read(reinterpret_cast<char*>(numbers.data()),
            static_cast<std::streamsize>(numbers.size() * sizeof(float)));
  std::vector<std::byte> tensor(numbers.size() * SizeOf(type));
  for (size_t i = 0; i < numbers.size(); ++i) {
    StoreElement(type, numbers[i], &tensor[i * SizeOf(type)]);
  }
  return tensor;
}

void WriteTensor(const std::string& path, ElementType type, const std::vector<std::byte>& tensor) {
  std::vector<float> numbers(tensor.size() / SizeOf(type));
  for (size_t i = 0; i < numbers.size(); ++i) {
    numbers[i] = static_cast<float>(LoadElement(type, &tensor[i * SizeOf(type)]));
  }
  std::ofstream file;
  file.exceptions(std::ios::failbit | std::ios::badbit);
  file.open(path, std::ios::binary);
  file.write(reinterpret_cast<const char*>(numbers.data()),
             static_cast<std::streamsize>(numbers.size() * sizeof(float)));
}

}  // namespace rectifier
