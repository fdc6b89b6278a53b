#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/activations/sparse_rows.cc"
#include "hwy/foreach_target.h"

#include "core/activations/entmax-inl.h"
#include "core/activations/families.h"
#include "core/activations/sparse_rows-inl.h"

HWY_BEFORE_NAMESPACE();
namespace rectifier {
namespace HWY_NAMESPACE {
std::vector<Activation> SparseRowsTable() {
  return RowFamily<Hardmax, Sparsemax, Entmax, Maxout, CRelu>::Activations();
}
}  // namespace HWY_NAMESPACE
}  // namespace rectifier
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace rectifier {
HWY_EXPORT(SparseRowsTable);
std::vector<Activation> SparseRows() { return HWY_DYNAMIC_DISPATCH(SparseRowsTable)(); }
}  // namespace rectifier
#endif
