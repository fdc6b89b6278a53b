#include "client/cpp/command/eval_arguments.h"

#include <map>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "client/cpp/command/choices.h"
#include "client/cpp/command/eval_output.h"

namespace rectifier::client {
namespace {

// They stand in the order of the choices; what lies behind them is "all".
constexpr Quantity kQuantities[] = {Quantity::kValue, Quantity::kGradient,
                                    Quantity::kSecondDerivative, Quantity::kParameterGradient};
constexpr ElementType kTypes[] = {ElementType::kFloat16, ElementType::kBFloat16,
                                  ElementType::kFloat32, ElementType::kFloat64};

void ParseQuantities(const std::vector<std::string>& names, EvalArguments& arguments) {
  arguments.quantities.clear();
  for (const std::string& name : names) {
    const size_t choice = Choose("--quantity", name, ChoicesOf("QUANTITY"));
    if (choice == std::size(kQuantities)) {
      arguments.all_quantities = true;
      continue;
    }
    if (absl::c_linear_search(arguments.quantities, kQuantities[choice])) {
      throw CLI::ValidationError("--quantity", absl::StrCat("'", name, "' is given twice"));
    }
    arguments.quantities.push_back(kQuantities[choice]);
  }
  if (arguments.all_quantities && names.size() > 1) {
    throw CLI::ValidationError("--quantity", "'all' stands alone");
  }
}

ParameterText ParseParameter(const std::string& text) {
  const size_t equals = text.find('=');
  if (equals == std::string::npos || equals == 0) {
    throw CLI::ValidationError(
        absl::StrCat("'", text, "' is not PARAM=VALUE; numbers of the input stand behind --"));
  }
  return {text.substr(0, equals), text.substr(equals + 1)};
}

double ParseNumber(const std::string& text) {
  double number = 0;
  if (!absl::SimpleAtod(text, &number)) {
    throw CLI::ValidationError(
        absl::StrCat("'", text, "' is not a number; behind -- stand numbers of the input alone"));
  }
  return number;
}

void CheckOutput(const EvalArguments& arguments) {
  if (arguments.output != kStandardStream) return;
  if (arguments.json) {
    throw CLI::ValidationError("--output", "- and --json both write to standard output");
  }
  if (!arguments.HasOneResult()) {
    throw CLI::ValidationError("--output",
                               "- takes one result; give --json, or a file or prefix, for several");
  }
}

// Rejects what each option by itself allows.
void CheckTogether(const EvalArguments& arguments) {
  if (arguments.inputs.empty() && arguments.numbers.empty()) {
    throw CLI::ValidationError("--input",
                               "there is no input: give --input FILE, or numbers after --");
  }
  if (arguments.inputs.size() > 2) {
    throw CLI::ValidationError("--input", "it is given more than twice; a pair is two tensors");
  }
  if (!arguments.inputs.empty() && !arguments.numbers.empty()) {
    throw CLI::ValidationError("--input",
                               "there are two inputs: give either --input or numbers, not both");
  }
  CheckOutput(arguments);
  std::map<std::string, int> times;
  for (const ParameterText& parameter : arguments.parameters) {
    if (++times[parameter.name] > 1) {
      throw CLI::ValidationError(absl::StrCat("parameter '", parameter.name, "' is given twice"));
    }
  }
}

}  // namespace

bool EvalArguments::HasOneResult() const {
  if (all_quantities || quantities.size() != 1) return false;
  if (quantities[0] == Quantity::kParameterGradient) return false;
  return quantities[0] != Quantity::kGradient || inputs.size() < 2;
}

void AddEvalOptions(CLI::App& command, const std::vector<std::string>& numbers,
                    EvalArguments& arguments) {
  command.add_option("ACTIVATION", arguments.activation, "A name or alias from `rectifier list`")
      ->required();
  command.add_option_function<std::vector<std::string>>(
      "PARAM=VALUE",
      [&arguments](const std::vector<std::string>& texts) {
        for (const std::string& text : texts) arguments.parameters.push_back(ParseParameter(text));
      },
      "Parameters; see below");
  command
      .add_option("-i,--input", arguments.inputs,
                  "The input, .npy or text; - is standard input. Twice for a pair in two files")
      ->type_name("FILE")
      ->allow_extra_args(false);
  command.add_option("-u,--upstream", arguments.upstream, "dL/dy, of the output's shape [ones]")
      ->type_name("FILE");
  command
      .add_option_function<std::vector<std::string>>(
          "-q,--quantity",
          [&arguments](const std::vector<std::string>& names) {
            ParseQuantities(names, arguments);
          },
          absl::StrCat(JoinChoices("QUANTITY"),
                       "; several with commas, and as short as is clear [value]"))
      ->type_name("QUANTITY")
      ->delimiter(',')
      ->allow_extra_args(false);
  command
      .add_option("-p,--preset", arguments.preset,
                  absl::StrCat("Take this framework's choices: ", JoinChoices("FRAMEWORK")))
      ->type_name("FRAMEWORK");
  command
      .add_option_function<std::string>(
          "-t,--type",
          [&arguments](const std::string& name) {
            arguments.type = kTypes[Choose("--type", name, ChoicesOf("TYPE"))];
          },
          absl::StrCat("Round input and upstream to ", JoinChoices("TYPE"),
                       " (or f16, bf16, f32, f64) [the input's]"))
      ->type_name("TYPE");
  command
      .add_option("-o,--output", arguments.output,
                  "Instead of a table: one result into PATH.npy or PATH.csv, several into "
                  "PATH.value.npy, PATH.gradient.npy, ...; - is standard output")
      ->type_name("PATH");
  command.add_flag("--json", arguments.json, "Print JSON: input and results, or with -o the files");
  command.parse_complete_callback([numbers, &arguments] {
    for (const std::string& number : numbers) arguments.numbers.push_back(ParseNumber(number));
    CheckTogether(arguments);
  });
}

}  // namespace rectifier::client
