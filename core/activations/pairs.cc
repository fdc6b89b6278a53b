#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/activations/pairs.cc"
#include "hwy/foreach_target.h"

#include "core/activations/families.h"
#include "core/activations/pairs-inl.h"

HWY_BEFORE_NAMESPACE();
namespace rectifier {
namespace HWY_NAMESPACE {
std::vector<Activation> PairsTable() { return PairActivations::Activations(); }
}  // namespace HWY_NAMESPACE
}  // namespace rectifier
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace rectifier {
HWY_EXPORT(PairsTable);
std::vector<Activation> PairsFamily() { return HWY_DYNAMIC_DISPATCH(PairsTable)(); }
}  // namespace rectifier
#endif
