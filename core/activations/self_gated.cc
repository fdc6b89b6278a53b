#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/activations/self_gated.cc"
#include "hwy/foreach_target.h"

#include "core/activations/families.h"
#include "core/activations/self_gated-inl.h"

HWY_BEFORE_NAMESPACE();
namespace rectifier {
namespace HWY_NAMESPACE {
std::vector<Activation> SelfGatedTable() { return SelfGatedActivations::Activations(); }
}  // namespace HWY_NAMESPACE
}  // namespace rectifier
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace rectifier {
HWY_EXPORT(SelfGatedTable);
std::vector<Activation> SelfGatedFamily() { return HWY_DYNAMIC_DISPATCH(SelfGatedTable)(); }
}  // namespace rectifier
#endif
