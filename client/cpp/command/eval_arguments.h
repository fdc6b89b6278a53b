// The arguments of `rectifier eval`.
#ifndef RECTIFIER_CLIENT_CPP_COMMAND_EVAL_ARGUMENTS_H_
#define RECTIFIER_CLIENT_CPP_COMMAND_EVAL_ARGUMENTS_H_

#include <CLI/CLI.hpp>
#include <optional>
#include <string>
#include <vector>

#include "client/cpp/client/client.h"

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
  bool all_quantities = false;  // all that the activation offers, instead
  std::string preset;
  std::optional<ElementType> type;
  std::string output;  // see eval_output.h; "" is a table
  bool json = false;

  // Whether there is one result, and it has the name of its quantity.
  bool HasOneResult() const;
};

// Adds the options of `eval`; what is wrong with them, or with the `numbers` behind `--`, is thrown
// as a CLI::ParseError while parsing. `arguments` must outlive `command`.
void AddEvalOptions(CLI::App& command, const std::vector<std::string>& numbers,
                    EvalArguments& arguments);

}  // namespace rectifier::client

#endif  // RECTIFIER_CLIENT_CPP_COMMAND_EVAL_ARGUMENTS_H_
