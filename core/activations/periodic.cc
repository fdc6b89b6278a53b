#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/activations/periodic.cc"
#include "hwy/foreach_target.h"

#include "core/activations/families.h"
#include "core/activations/periodic-inl.h"

HWY_BEFORE_NAMESPACE();
namespace rectifier {
namespace HWY_NAMESPACE {
std::vector<Activation> PeriodicTable() { return PeriodicActivations::Activations(); }
}  // namespace HWY_NAMESPACE
}  // namespace rectifier
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace rectifier {
HWY_EXPORT(PeriodicTable);
std::vector<Activation> PeriodicFamily() { return HWY_DYNAMIC_DISPATCH(PeriodicTable)(); }
}  // namespace rectifier
#endif
