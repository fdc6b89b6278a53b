// prove: worst errors of elementwise activations over all inputs. README.md says how.
#include <cstdio>
#include <map>
#include <string>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "tests/numerics/prove/prove_command.h"
#include "tests/numerics/prove/reference_command.h"
#include "tests/numerics/prove/sample_command.h"

namespace rectifier::prove {
namespace {

const std::map<std::string, ElementType>& TypeNames() {
  static const auto* const names =
      new std::map<std::string, ElementType>{{"f64", ElementType::kFloat64},
                                             {"f32", ElementType::kFloat32},
                                             {"f16", ElementType::kFloat16},
                                             {"bf16", ElementType::kBFloat16}};
  return *names;
}

const std::map<std::string, Quantity>& QuantityNames() {
  static const auto* const names =
      new std::map<std::string, Quantity>{{"value", Quantity::kValue},
                                          {"gradient", Quantity::kGradient},
                                          {"second_derivative", Quantity::kSecondDerivative},
                                          {"parameter_gradient", Quantity::kParameterGradient}};
  return *names;
}

// Turns a name into its number; CLI11's own would show both, of all of them, in the help.
template <class Enum>
CLI::Validator OneOf(const std::map<std::string, Enum>& names) {
  const auto replace = [&names](std::string& word) -> std::string {
    const auto found = names.find(word);
    if (found == names.end()) {
      const std::string all = absl::StrJoin(
          names, ", ", [](std::string* out, const auto& entry) { *out += entry.first; });
      return absl::StrCat("\"", word, "\" given; must be one of ", all);
    }
    word = std::to_string(static_cast<int>(found->second));
    return "";
  };
  return CLI::Validator(replace, "");
}

// The exit code is 0 where all is within its bound, 1 where something is not, 2 where it could not
// be told.
int ExitCode(const absl::StatusOr<bool>& good) {
  if (good.ok()) return *good ? 0 : 1;
  std::fprintf(stderr, "prove: %s\n", std::string(good.status().message()).c_str());
  return 2;
}

int Main(int argc, char** argv) {
  CLI::App app("Proves the worst errors of elementwise activations, over all inputs.");
  ProveOptions options;
  options.state_directory = "build/prove";
  options.command =
      absl::StrJoin(argv + 1, argv + argc, " ", [](std::string* out, char* word) { *out += word; });
  Quantity quantity = Quantity::kValue;
  app.add_option("activation", options.activations, "all elementwise ones by default");
  app.add_option("--type", options.types, "f32,f16,bf16,f64; all four by default")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->type_name("TYPE")
      ->transform(OneOf(TypeNames()));
  const CLI::Option* const quantity_option =
      app.add_option("--quantity", quantity,
                     "value, gradient, second_derivative or parameter_gradient; all by default")
          ->type_name("QUANTITY")
          ->transform(OneOf(QuantityNames()));
  app.add_option("--arguments", options.arguments, "beta=0.5,...; the defaults otherwise");
  app.add_option("--target", options.target, "a CPU target; the best by default");
  app.add_option("--threads", options.threads, "one per CPU by default");
  app.add_option("--state", options.state_directory, "where a killed run is remembered");
  app.add_option("--write", options.write, "a JSON file to merge the results into");

  SampleOptions sample;
  CLI::App* const sample_app = app.add_subcommand("sample", "a sample of it all, as a test");
  sample_app->add_option("activation", sample.activations, "all elementwise ones by default");
  sample_app->add_option("--effort", sample.effort, "1: two minutes; 0.1: a tenth of it");

  ReferenceOptions reference;
  CLI::App* const reference_app =
      app.add_subcommand("reference", "exact results and ours for the float32 inputs of a file");
  reference_app->add_option("activation", reference.activation)->required();
  reference_app->add_option("--quantity", reference.quantity,
                            "value, gradient, second_derivative or d/PARAMETER");
  reference_app->add_option("--arguments", reference.arguments, "beta=0.5,...");
  reference_app->add_option("--input", reference.input, "a .npy file of float32")->required();
  reference_app->add_option("--exact", reference.exact, "a .npy file of float64 to write");
  reference_app->add_option("--ours", reference.ours, "a .npy file of float32 to write");

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error);
  }
  if (*sample_app) return ExitCode(RunSample(sample));
  if (*reference_app) {
    const absl::Status status = WriteReference(reference);
    if (status.ok()) return 0;
    return ExitCode(status);
  }
  if (*quantity_option) options.quantity = quantity;
  return ExitCode(Prove(options));
}

}  // namespace
}  // namespace rectifier::prove

int main(int argc, char** argv) { return rectifier::prove::Main(argc, argv); }
