#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/activations/exponential.cc"
#include "hwy/foreach_target.h"

#include "core/activations/exponential-inl.h"
#include "core/activations/families.h"

HWY_BEFORE_NAMESPACE();
namespace rectifier {
namespace HWY_NAMESPACE {
std::vector<Activation> ExponentialTable() { return ExponentialActivations::Activations(); }
}  // namespace HWY_NAMESPACE
}  // namespace rectifier
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace rectifier {
HWY_EXPORT(ExponentialTable);
std::vector<Activation> ExponentialFamily() { return HWY_DYNAMIC_DISPATCH(ExponentialTable)(); }
}  // namespace rectifier
#endif
