#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/activations/hard.cc"
#include "hwy/foreach_target.h"

#include "core/activations/families.h"
#include "core/activations/hard-inl.h"

HWY_BEFORE_NAMESPACE();
namespace rectifier {
namespace HWY_NAMESPACE {
std::vector<Activation> HardTable() { return HardActivations::Activations(); }
}  // namespace HWY_NAMESPACE
}  // namespace rectifier
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace rectifier {
HWY_EXPORT(HardTable);
std::vector<Activation> HardFamily() { return HWY_DYNAMIC_DISPATCH(HardTable)(); }
}  // namespace rectifier
#endif
