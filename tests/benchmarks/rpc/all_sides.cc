#include "tests/benchmarks/rpc/side.h"

namespace rectifier {

std::vector<SideMaker> AllSides() {
  return {MakeFloorUnixSide,    MakeRectifierUnixSide, MakeInferenceSide,  MakeBuffersSide,
          MakeStreamSide,       MakeProtobufSide,      MakeNumpySide,      MakeFloorTcpSide,
          MakeRectifierTcpSide, MakeInferenceTcpSide,  MakeHttpBinarySide, MakeHttpJsonSide};
}

}  // namespace rectifier
