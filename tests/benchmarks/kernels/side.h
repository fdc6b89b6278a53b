// The sides of a comparison: ourselves, memcpy, and the peers that were found when this was built.
#ifndef RECTIFIER_TESTS_BENCHMARKS_KERNELS_SIDE_H_
#define RECTIFIER_TESTS_BENCHMARKS_KERNELS_SIDE_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/evaluation.h"
#include "tests/benchmarks/kernels/arrays.h"

namespace rectifier {

// What every side computes: value and gradient of one activation over the same arrays.
struct Task {
  // The library has checked and described it: activation, type, shape [rows, row], outputs.
  Evaluation evaluation;
  const Arrays* arrays = nullptr;
  int64_t row = 1;  // the length of the last axis, which rows and pairs work along
  int threads = 1;

  absl::string_view activation() const { return evaluation.activation->spec->name; }
  int64_t rows() const { return evaluation.elements / row; }
};

class Side {
 public:
  Side() = default;
  virtual ~Side() = default;
  Side(const Side&) = delete;
  Side& operator=(const Side&) = delete;

  virtual std::string name() const = 0;

  // Something that computes `task` each time it is called, with nothing left to allocate where the
  // side's interface allows that; null where the side has no such activation or element type.
  // One side's latest is valid at a time: a further Prepare may change the number of threads.
  virtual std::function<void()> Prepare(const Task& task) = 0;
};

// All that this was built with, ourselves first.
std::vector<std::unique_ptr<Side>> AllSides();

std::unique_ptr<Side> MakeRectifierSide();
// Reads x once and writes the outputs block by block, which stays in the cache.
std::unique_ptr<Side> MakeMemcpyInBlocksSide();
// One memcpy per output, which reads x again but may bypass the cache.
std::unique_ptr<Side> MakeMemcpyWholeSide();
std::unique_ptr<Side> MakeOneDnnSide();   // defined where oneDNN was found
std::unique_ptr<Side> MakePyTorchSide();  // defined where libtorch was found

}  // namespace rectifier

#endif  // RECTIFIER_TESTS_BENCHMARKS_KERNELS_SIDE_H_
