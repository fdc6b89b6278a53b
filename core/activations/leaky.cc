#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/activations/leaky.cc"
#include "hwy/foreach_target.h"

#include "core/activations/families.h"
#include "core/activations/leaky-inl.h"

HWY_BEFORE_NAMESPACE();
namespace rectifier {
namespace HWY_NAMESPACE {
std::vector<Activation> LeakyTable() { return LeakyActivations::Activations(); }
}  // namespace HWY_NAMESPACE
}  // namespace rectifier
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace rectifier {
HWY_EXPORT(LeakyTable);
std::vector<Activation> LeakyFamily() { return HWY_DYNAMIC_DISPATCH(LeakyTable)(); }
}  // namespace rectifier
#endif
