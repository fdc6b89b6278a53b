#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/activations/bounded.cc"
#include "hwy/foreach_target.h"

#include "core/activations/bounded-inl.h"
#include "core/activations/families.h"

HWY_BEFORE_NAMESPACE();
namespace rectifier {
namespace HWY_NAMESPACE {
std::vector<Activation> BoundedTable() { return BoundedActivations::Activations(); }
}  // namespace HWY_NAMESPACE
}  // namespace rectifier
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace rectifier {
HWY_EXPORT(BoundedTable);
std::vector<Activation> BoundedFamily() { return HWY_DYNAMIC_DISPATCH(BoundedTable)(); }
}  // namespace rectifier
#endif
