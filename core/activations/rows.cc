#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/activations/rows.cc"
#include "hwy/foreach_target.h"

#include <utility>

#include "core/activations/families.h"
#include "core/activations/rows-inl.h"

HWY_BEFORE_NAMESPACE();
namespace rectifier {
namespace HWY_NAMESPACE {
std::vector<Activation> SoftmaxRowsTable() {
  return RowFamily<Softmax, Softmin, QuietSoftmax, GumbelSoftmax>::Activations();
}
}  // namespace HWY_NAMESPACE
}  // namespace rectifier
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace rectifier {
HWY_EXPORT(SoftmaxRowsTable);
std::vector<Activation> SoftmaxRows() { return HWY_DYNAMIC_DISPATCH(SoftmaxRowsTable)(); }

// The parts are compiled by themselves: together they take a compiler many minutes.
std::vector<Activation> RowsFamily() {
  std::vector<Activation> rows = SoftmaxRows();
  for (const auto part : {&LogRows, &SparseRows}) {
    for (Activation& activation : part()) rows.push_back(std::move(activation));
  }
  return rows;
}
}  // namespace rectifier
#endif
