// How `rectifier eval` shows its results.
#ifndef RECTIFIER_CLIENT_CPP_COMMAND_EVAL_RESULTS_H_
#define RECTIFIER_CLIENT_CPP_COMMAND_EVAL_RESULTS_H_

#include <ostream>
#include <string>
#include <vector>

#include "client/cpp/client/tensor.h"
#include "client/cpp/command/eval_output.h"

namespace rectifier::client {

struct NamedTensor {
  std::string name;
  Tensor tensor;
};

// Tables for people: tensors of one shape are the columns of one table. A big tensor shows its
// first and last elements. Where that is wider than `width`, numbers are rounded to fewer digits,
// and a line says so; what is too wide even then goes into tables one below the other.
void PrintTables(const std::vector<NamedTensor>& tensors, size_t width, std::ostream& out);

// {"activation": NAME, "inputs": [TENSOR, ...], "results": {NAME: TENSOR, ...}}, where a TENSOR is
// {"element_type", "shape", "values"}, values row-major. What JSON has no number for is "NaN",
// "Infinity" or "-Infinity".
void PrintJson(const std::string& activation, const std::vector<NamedTensor>& inputs,
               const std::vector<NamedTensor>& results, std::ostream& out);

// The files written: a table, or with `json` {"files": [{"path", "element_type", "shape"}]}.
void PrintFiles(const std::vector<WrittenFile>& files, bool json, std::ostream& out);

}  // namespace rectifier::client

#endif  // RECTIFIER_CLIENT_CPP_COMMAND_EVAL_RESULTS_H_
