// The evaluation that the arguments of `rectifier eval` ask for.
#ifndef RECTIFIER_CLIENT_CPP_COMMAND_EVAL_INPUT_H_
#define RECTIFIER_CLIENT_CPP_COMMAND_EVAL_INPUT_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "client/cpp/client/client.h"
#include "client/cpp/command/eval_arguments.h"
#include "client/cpp/files/npy_file.h"

namespace rectifier::client {

// The evaluation is over files that stay open. Numbers in text, which have no type, take that of
// the arguments, or else that of an input from a .npy file, or else float64.
class EvalInput {
 public:
  // Errors: those of opening the files; INVALID_ARGUMENT where standard input is read twice.
  static absl::StatusOr<EvalInput> Load(const EvalArguments& arguments);

  // Its quantities are those of the arguments, where these do not ask for all.
  Evaluation& evaluation() { return evaluation_; }
  const Evaluation& evaluation() const { return evaluation_; }

  // The format of the inputs; that of numbers on the command line is text.
  FileFormat format() const { return format_; }

  // See Mapping::ReleasePages.
  void ReleasePages() const;

 private:
  absl::StatusOr<Tensor> Open(const std::string& path);
  absl::Status LoadInputs(const EvalArguments& arguments);
  absl::StatusOr<Argument> ParseValue(const std::string& text);

  Evaluation evaluation_;
  std::vector<NpyInput> files_;
  FileFormat format_ = FileFormat::kText;
  bool reads_standard_input_ = false;
};

}  // namespace rectifier::client

#endif  // RECTIFIER_CLIENT_CPP_COMMAND_EVAL_INPUT_H_
