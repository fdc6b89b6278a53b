#include "client/cpp/command/eval_output.h"

#include <cerrno>
#include <fstream>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "client/cpp/command/terminal.h"
#include "client/cpp/files/npy.h"
#include "client/cpp/files/partial_file.h"
#include "client/cpp/files/text_tensor.h"

namespace rectifier::client {
namespace {

constexpr absl::string_view kNpySuffix = ".npy";
constexpr absl::string_view kTextSuffixes[] = {".csv", ".txt"};

// Commits all files, or leaves none that was not there before.
absl::StatusOr<std::vector<WrittenFile>> WriteTexts(
    const std::vector<std::pair<std::string, Tensor>>& texts) {
  std::vector<PartialFile> files;
  for (const auto& [path, tensor] : texts) {
    const absl::StatusOr<std::string> text = FormatText(tensor);
    if (!text.ok()) {
      return absl::Status(text.status().code(), absl::StrCat(path, ": ", text.status().message()));
    }
    files.emplace_back(path);
    errno = 0;
    std::ofstream file(files.back().partial_path(), std::ios::binary);
    file << *text;
    file.close();
    if (!file) return absl::ErrnoToStatus(errno, absl::StrCat("cannot write ", path));
  }
  std::vector<WrittenFile> written;
  for (size_t i = 0; i < texts.size(); ++i) {
    if (absl::Status status = files[i].Commit(); !status.ok()) return status;
    written.push_back({texts[i].first, texts[i].second});
  }
  return written;
}

absl::Status WriteTo(std::ostream& out, FileFormat format, const Tensor& tensor) {
  if (format == FileFormat::kNpy) {
    if (OutputGoesToTerminal()) {
      return absl::InvalidArgumentError(
          "--output: - would write a .npy file to the terminal; send it to a file or a command");
    }
    out << FormatNpyHeader(tensor.type(), tensor.shape());
    out.write(reinterpret_cast<const char*>(tensor.bytes().data()),
              static_cast<std::streamsize>(tensor.bytes().size()));
    return absl::OkStatus();
  }
  const absl::StatusOr<std::string> text = FormatText(tensor);
  if (text.ok()) out << *text;
  return text.status();
}

}  // namespace

EvalOutput::EvalOutput(const std::string& path, bool has_one_result, FileFormat input_format)
    : suffix_(kNpySuffix) {
  if (path.empty()) place_ = Place::kMemory;
  if (path == kStandardStream) {
    place_ = Place::kStream;
    format_ = input_format;
  }
  absl::string_view stem = path;
  has_one_name_ = absl::ConsumeSuffix(&stem, kNpySuffix) && has_one_result;
  for (absl::string_view suffix : kTextSuffixes) {
    if (!absl::ConsumeSuffix(&stem, suffix)) continue;
    format_ = FileFormat::kText;
    suffix_ = std::string(suffix);
    has_one_name_ = has_one_result;
    break;
  }
  stem_ = std::string(stem);
}

absl::StatusOr<NpyOutput> EvalOutput::Open(const std::string& name, ElementType type,
                                           const Shape& shape) const {
  if (place_ == Place::kFile && format_ == FileFormat::kNpy) {
    return NpyOutput::Create(PathOf(name), type, shape);
  }
  return NpyOutput::InMemory(type, shape);
}

absl::StatusOr<std::vector<WrittenFile>> EvalOutput::Finish(std::vector<NamedOutput>& outputs,
                                                            std::ostream& out) const {
  std::vector<WrittenFile> written;
  if (place_ == Place::kMemory) return written;
  if (place_ == Place::kStream) {
    if (outputs.size() != 1) return absl::InternalError("standard output takes one result");
    if (absl::Status status = WriteTo(out, format_, outputs[0].array.tensor()); !status.ok()) {
      return status;
    }
    return written;
  }
  std::vector<std::pair<std::string, Tensor>> texts;
  for (NamedOutput& output : outputs) {
    if (format_ == FileFormat::kText) {
      texts.emplace_back(PathOf(output.name), output.array.tensor());
      continue;
    }
    if (absl::Status status = output.array.Commit(); !status.ok()) return status;
    written.push_back({output.array.path(), output.array.tensor()});
  }
  return format_ == FileFormat::kText ? WriteTexts(texts) : written;
}

std::string EvalOutput::PathOf(const std::string& name) const {
  return has_one_name_ ? absl::StrCat(stem_, suffix_) : absl::StrCat(stem_, ".", name, suffix_);
}

}  // namespace rectifier::client
