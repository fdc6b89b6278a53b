// How `rectifier eval` shows its results.
#ifndef RECTIFIER_CLIENT_CPP_COMMAND_EVAL_RESULTS_H_
#define RECTIFIER_CLIENT_CPP_COMMAND_EVAL_RESULTS_H_

#include <ostream>
#include <string>
#include <vector>

#include "client/cpp/tensor.h"
#include "client/cpp/whole_evaluation.h"

namespace rectifier::client {

struct NamedTensor {
  std::string name;
  Tensor tensor;
};

// Tables for people: tensors of one shape are the columns of one table. A big tensor shows its
// first and last elements.
void PrintTables(const std::vector<NamedTensor>& tensors, std::ostream& out);

// {"activation": ..., "results": {NAME: {"element_type": ..., "shape": [...], "values": [...]}}},
// values row-major. What JSON has no number for is "NaN", "Infinity" or "-Infinity".
void PrintJson(const std::string& activation, const std::vector<NamedOutput>& outputs,
               std::ostream& out);

// The files written: a table, or with `json` {"files": [{"path", "element_type", "shape"}]}.
void PrintFiles(const std::vector<NamedOutput>& outputs, bool json, std::ostream& out);

}  // namespace rectifier::client

#endif  // RECTIFIER_CLIENT_CPP_COMMAND_EVAL_RESULTS_H_
