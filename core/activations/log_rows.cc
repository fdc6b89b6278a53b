#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/activations/log_rows.cc"
#include "hwy/foreach_target.h"

#include "core/activations/families.h"
#include "core/activations/log_rows-inl.h"

HWY_BEFORE_NAMESPACE();
namespace rectifier {
namespace HWY_NAMESPACE {
std::vector<Activation> LogRowsTable() {
  return RowFamily<LogSoftmax, LogSumExp, LogMeanExp, Lse0>::Activations();
}
}  // namespace HWY_NAMESPACE
}  // namespace rectifier
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace rectifier {
HWY_EXPORT(LogRowsTable);
std::vector<Activation> LogRows() { return HWY_DYNAMIC_DISPATCH(LogRowsTable)(); }
}  // namespace rectifier
#endif
