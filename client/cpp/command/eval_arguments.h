// The arguments of `rectifier eval`, and what they ask for.
#ifndef RECTIFIER_CLIENT_CPP_COMMAND_EVAL_ARGUMENTS_H_
#define RECTIFIER_CLIENT_CPP_COMMAND_EVAL_ARGUMENTS_H_

#include <CLI/CLI.hpp>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "client/cpp/client.h"
#include "client/cpp/npy_file.h"

namespace rectifier::client {

// A parameter's value as it is written: 0.25, first, @slopes.npy, @slopes.npy:AXIS.
struct ParameterText {
  std::string name;
  std::string value;
};

struct EvalArguments {
  std::string activation;
  std::vector<ParameterText> parameters;
  std::vector<double> numbers;  // an input of rank 1
  std::vector<std::string> inputs;
  std::string upstream;
  std::vector<Quantity> quantities = {Quantity::kValue};
  std::string preset;
  std::optional<ElementType> type;
  std::string output;  // the prefix of the files to write, or ""
  bool json = false;
};

// Adds the options of `eval`; what is wrong with them, or with the `numbers` behind `--`, is thrown
// as a CLI::ParseError while parsing. `arguments` must outlive `command`.
void AddEvalOptions(CLI::App& command, const std::vector<std::string>& numbers,
                    EvalArguments& arguments);

// The evaluation that the arguments ask for, over files that stay open.
class EvalInput {
 public:
  // Errors: those of opening the files; INVALID_ARGUMENT where standard input is read twice.
  static absl::StatusOr<EvalInput> Load(const EvalArguments& arguments);

  const Evaluation& evaluation() const { return evaluation_; }

  // See Mapping::ReleasePages.
  void ReleasePages() const;

 private:
  absl::StatusOr<Tensor> Open(const std::string& path);
  absl::StatusOr<Argument> ParseValue(const std::string& text);

  Evaluation evaluation_;
  std::vector<NpyInput> files_;
  bool reads_standard_input_ = false;
};

}  // namespace rectifier::client

#endif  // RECTIFIER_CLIENT_CPP_COMMAND_EVAL_ARGUMENTS_H_
