// The float-floats that float32 results are rounded from against double-doubles: were one of them
// off by more than its kernel says, a result next to a tie would be rounded to the wrong side
// unnoticed.
#include "tests/core/activations/float32_errors.h"
#include "gtest/gtest.h"
#include "tests/core/numbers/number_array.h"

namespace rectifier {
namespace {

TEST(Float32ErrorsTest, AreWhatTheKernelsSayOnEveryTarget) {
  for (int64_t target : TargetsHere()) {
    for (const Float32Error& error : Float32ErrorsOn(target, 4099)) {
      EXPECT_GT(error.inputs, 10000) << error.quantity << " on " << hwy::TargetName(target);
      EXPECT_LT(error.part, 1) << error.quantity << " on " << hwy::TargetName(target) << " at "
                               << std::hexfloat << error.x;
      // A bound that is far too wide would compute far too many results again.
      EXPECT_GT(error.part, 0.2) << error.quantity << " on " << hwy::TargetName(target);
    }
  }
}

}  // namespace
}  // namespace rectifier
