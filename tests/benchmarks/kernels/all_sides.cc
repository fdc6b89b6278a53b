#include "tests/benchmarks/kernels/side.h"

namespace rectifier {

std::vector<std::unique_ptr<Side>> AllSides() {
  std::vector<std::unique_ptr<Side>> sides;
  sides.push_back(MakeRectifierSide());
  sides.push_back(MakeMemcpyInBlocksSide());
  sides.push_back(MakeMemcpyWholeSide());
#ifdef RECTIFIER_HAS_ONEDNN
  sides.push_back(MakeOneDnnSide());
#endif
#ifdef RECTIFIER_HAS_PYTORCH
  sides.push_back(MakePyTorchSide());
#endif
  return sides;
}

}  // namespace rectifier
