// Puts the results of the pieces of an input together.
#ifndef RECTIFIER_CLIENT_CPP_FILES_RESULT_ASSEMBLY_H_
#define RECTIFIER_CLIENT_CPP_FILES_RESULT_ASSEMBLY_H_

#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "client/cpp/client/client.h"
#include "client/cpp/files/box.h"
#include "client/cpp/files/evaluate_file.h"
#include "client/cpp/files/piece_plan.h"

namespace rectifier::client {

// The result of a single call, as outputs.
absl::StatusOr<std::vector<NamedOutput>> Keep(const Result& result, const OpenOutput& open);

class ResultAssembly {
 public:
  // `whole` and `activation` must outlive the assembly.
  ResultAssembly(const Evaluation& whole, const v1::ActivationDescription& activation, RowAxis axis,
                 OpenOutput open)
      : whole_(whole), activation_(activation), axis_(axis), open_(std::move(open)) {}

  // Errors: those of opening an output; INTERNAL where the result does not fit the piece.
  absl::Status Add(const Box& piece, const Result& result);

  // It is called after the last piece.
  absl::StatusOr<std::vector<NamedOutput>> Finish() &&;

 private:
  // A parameter gradient so far, in twice the digits of a double.
  struct Sum {
    ElementType type;  // of the argument
    Shape shape;
    std::vector<double> high, low;

    void Add(int64_t element, double term);
    double Rounded(int64_t element) const;
  };

  absl::Status Place(const std::string& name, const Tensor& tensor, const Box& piece);
  absl::Status AddParameterGradient(const std::string& parameter, const Tensor& gradient,
                                    const Box& piece);
  absl::StatusOr<NpyOutput*> Open(const std::string& name, ElementType type, const Shape& shape);

  const Evaluation& whole_;
  const v1::ActivationDescription& activation_;
  RowAxis axis_;
  OpenOutput open_;
  std::vector<NamedOutput> outputs_;
  std::map<std::string, Sum> sums_;  // by parameter
};

}  // namespace rectifier::client

#endif  // RECTIFIER_CLIENT_CPP_FILES_RESULT_ASSEMBLY_H_
