// .npy files, mapped into memory: an array may be larger than memory.
//
//   absl::StatusOr<NpyInput> input = NpyInput::Open("x.npy");
//   const Tensor& x = input->tensor();
#ifndef RECTIFIER_CLIENT_CPP_FILES_NPY_FILE_H_
#define RECTIFIER_CLIENT_CPP_FILES_NPY_FILE_H_

#include <cstddef>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "client/cpp/client/tensor.h"
#include "client/cpp/files/file_bytes.h"
#include "client/cpp/files/mapping.h"
#include "client/cpp/files/partial_file.h"

namespace rectifier::client {

// What an array to read may be written in.
enum class FileFormat { kNpy, kText };

// An array to read. A file that shrinks while it is read ends the process (SIGBUS), as with any
// mapped file.
class NpyInput {
 public:
  // "-" is standard input. What cannot be mapped, such as a pipe, is read into memory.
  // Errors: those of opening the file, or INVALID_ARGUMENT for its content; they name the path.
  static absl::StatusOr<NpyInput> Open(const std::string& path);

  // Does the same, but a file that does not start as .npy files do may be text (text_tensor.h).
  static absl::StatusOr<NpyInput> OpenNpyOrText(const std::string& path);

  const Tensor& tensor() const { return tensor_; }
  FileFormat format() const { return format_; }

  // See Mapping::ReleasePages.
  void ReleasePages() const;

 private:
  NpyInput(Tensor tensor, FileFormat format, std::shared_ptr<const Mapping> mapping)
      : tensor_(std::move(tensor)), format_(format), mapping_(std::move(mapping)) {}

  static absl::StatusOr<NpyInput> Read(FileBytes file, FileFormat format);

  Tensor tensor_;
  FileFormat format_;
  std::shared_ptr<const Mapping> mapping_;  // null where it was read into memory
};

// An array to fill, in a file or in memory.
class NpyOutput {
 public:
  // The file appears under `path` with Commit; until then it is a PartialFile.
  static absl::StatusOr<NpyOutput> Create(const std::string& path, ElementType type, Shape shape);

  // An array that has no file.
  static absl::StatusOr<NpyOutput> InMemory(ElementType type, Shape shape);

  // All elements, which are to be written, row-major.
  std::byte* data() { return mapping_->bytes().data() + data_offset_; }

  // The elements as they are now. The tensor shares the memory.
  Tensor tensor() const;

  // "" where there is no file.
  std::string path() const { return file_.has_value() ? file_->path() : ""; }

  absl::Status Commit() { return file_.has_value() ? file_->Commit() : absl::OkStatus(); }

  // See Mapping::ReleasePages.
  void ReleasePages() const { mapping_->ReleasePages(); }

 private:
  NpyOutput(ElementType type, Shape shape) : type_(type), shape_(std::move(shape)) {}

  std::optional<PartialFile> file_;
  ElementType type_;
  Shape shape_;
  std::shared_ptr<Mapping> mapping_;
  size_t data_offset_ = 0;
};

}  // namespace rectifier::client

#endif  // RECTIFIER_CLIENT_CPP_FILES_NPY_FILE_H_
