#include "client/cpp/files/npy_file.h"

#include <cstring>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "client/cpp/files/npy.h"
#include "client/cpp/files/text_tensor.h"

namespace rectifier::client {
namespace {

// `status` with the name of the file in front.
absl::Status InFile(absl::string_view path, const absl::Status& status) {
  const absl::string_view name = path == "-" ? "standard input" : path;
  return absl::Status(status.code(), absl::StrCat(name, ": ", status.message()));
}

absl::string_view TextOf(const FileBytes& file) {
  return {reinterpret_cast<const char*>(file.bytes().data()), file.bytes().size()};
}

// The header decides how much is read, and one byte more tells whether the file has ended there.
absl::StatusOr<Tensor> ReadNpy(FileBytes& file) {
  absl::Status status = file.ReadUpTo(kNpyMagic.size());
  if (status.ok() && IsNpy(TextOf(file))) status = file.ReadUpTo(kMostNpyHeaderBytes);
  if (!status.ok()) return status;
  const absl::StatusOr<NpyHeader> header = ParseNpyHeader(file.bytes());
  if (!header.ok()) return header.status();
  status = file.ReadUpTo(header->FileBytes() + 1);
  if (!status.ok()) return status;
  return ParseNpy(file.bytes(), file.owner());
}

// Looks at a first page before it reads on.
absl::StatusOr<Tensor> ReadText(FileBytes& file) {
  constexpr size_t kPage = 4096;
  absl::Status status = file.ReadUpTo(kPage);
  if (!status.ok()) return status;
  const absl::string_view beginning = TextOf(file).substr(0, kPage);
  if (!LooksLikeText(beginning)) {
    return absl::InvalidArgumentError(
        absl::StrCat("it is neither a .npy file, which starts with \\x93NUMPY, nor text; it starts "
                     "with ",
                     absl::CHexEscape(beginning.substr(0, kNpyMagic.size()))));
  }
  status = file.ReadUpTo(kMaxTextBytes + 1);
  if (!status.ok()) return status;
  if (file.bytes().size() > kMaxTextBytes) {
    return absl::InvalidArgumentError(
        absl::StrCat("it is text of more than ", kMaxTextBytes >> 20,
                     " MiB; so many numbers belong into a .npy file"));
  }
  return ParseText(TextOf(file));
}

}  // namespace

absl::StatusOr<NpyInput> NpyInput::Open(const std::string& path) {
  absl::StatusOr<FileBytes> file = FileBytes::Open(path);
  if (!file.ok()) return InFile(path, file.status());
  absl::StatusOr<NpyInput> input = Read(*std::move(file), FileFormat::kNpy);
  return input.ok() ? std::move(input) : InFile(path, input.status());
}

absl::StatusOr<NpyInput> NpyInput::OpenNpyOrText(const std::string& path) {
  absl::StatusOr<FileBytes> file = FileBytes::Open(path);
  if (!file.ok()) return InFile(path, file.status());
  if (absl::Status status = file->ReadUpTo(kNpyMagic.size()); !status.ok()) {
    return InFile(path, status);
  }
  const FileFormat format = IsNpy(TextOf(*file)) ? FileFormat::kNpy : FileFormat::kText;
  absl::StatusOr<NpyInput> input = Read(*std::move(file), format);
  return input.ok() ? std::move(input) : InFile(path, input.status());
}

absl::StatusOr<NpyInput> NpyInput::Read(FileBytes file, FileFormat format) {
  absl::StatusOr<Tensor> tensor = format == FileFormat::kNpy ? ReadNpy(file) : ReadText(file);
  if (!tensor.ok()) return tensor.status();
  return NpyInput(*std::move(tensor), format,
                  format == FileFormat::kNpy ? file.mapping() : nullptr);
}

void NpyInput::ReleasePages() const {
  if (mapping_ != nullptr) mapping_->ReleasePages();
}

absl::StatusOr<NpyOutput> NpyOutput::Create(const std::string& path, ElementType type,
                                            Shape shape) {
  NpyOutput output(type, std::move(shape));
  output.file_.emplace(path);
  const std::string header = FormatNpyHeader(type, output.shape_);
  const size_t size = header.size() + *ElementCount(output.shape_) * SizeOf(type);
  absl::StatusOr<std::shared_ptr<Mapping>> mapping =
      Mapping::Create(output.file_->partial_path(), size);
  if (!mapping.ok()) return mapping.status();
  output.mapping_ = *std::move(mapping);
  output.data_offset_ = header.size();
  std::memcpy(output.mapping_->bytes().data(), header.data(), header.size());
  return output;
}

absl::StatusOr<NpyOutput> NpyOutput::InMemory(ElementType type, Shape shape) {
  NpyOutput output(type, std::move(shape));
  auto mapping = Mapping::Anonymous(*ElementCount(output.shape_) * SizeOf(type));
  if (!mapping.ok()) return mapping.status();
  output.mapping_ = *std::move(mapping);
  return output;
}

Tensor NpyOutput::tensor() const {
  return *Tensor::View(type_, shape_, mapping_->bytes().subspan(data_offset_), mapping_);
}

}  // namespace rectifier::client
