#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/activations/rows.cc"
#include "hwy/foreach_target.h"

#include "core/activations/entmax-inl.h"
#include "core/activations/families.h"
#include "core/activations/log_rows-inl.h"
#include "core/activations/rows-inl.h"
#include "core/activations/sparse_rows-inl.h"

HWY_BEFORE_NAMESPACE();
namespace rectifier {
namespace HWY_NAMESPACE {
std::vector<Activation> RowsTable() {
  return RowFamily<Softmax, Softmin, QuietSoftmax, GumbelSoftmax, LogSoftmax, LogSumExp, LogMeanExp,
                   Lse0, Hardmax, Sparsemax, Entmax, Maxout, CRelu>::Activations();
}
}  // namespace HWY_NAMESPACE
}  // namespace rectifier
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace rectifier {
HWY_EXPORT(RowsTable);
std::vector<Activation> RowsFamily() { return HWY_DYNAMIC_DISPATCH(RowsTable)(); }
}  // namespace rectifier
#endif
