#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/activations/piecewise.cc"
#include "hwy/foreach_target.h"

#include "core/activations/families.h"
#include "core/activations/piecewise-inl.h"

HWY_BEFORE_NAMESPACE();
namespace rectifier {
namespace HWY_NAMESPACE {
std::vector<Activation> PiecewiseTable() { return PiecewiseActivations::Activations(); }
}  // namespace HWY_NAMESPACE
}  // namespace rectifier
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace rectifier {
HWY_EXPORT(PiecewiseTable);
std::vector<Activation> PiecewiseFamily() { return HWY_DYNAMIC_DISPATCH(PiecewiseTable)(); }
}  // namespace rectifier
#endif
