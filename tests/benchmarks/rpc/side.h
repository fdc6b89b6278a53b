// The sides of a comparison: ourselves over each transport, the floor, and services as a user would
// write them. A further transport is one more file, declared below and listed in all_sides.cc.
#ifndef RECTIFIER_TESTS_BENCHMARKS_RPC_SIDE_H_
#define RECTIFIER_TESTS_BENCHMARKS_RPC_SIDE_H_

#include <memory>
#include <string>
#include <vector>

#include "tests/benchmarks/rpc/caller.h"
#include "tests/benchmarks/rpc/servers.h"
#include "tests/benchmarks/rpc/workload.h"

namespace rectifier {

// A caller, and the processes whose CPU, page faults and memory are counted while it runs.
struct Contender {
  std::string name;
  std::unique_ptr<Caller> caller;
  std::vector<const ServerProcess*> servers;
};

class Side {
 public:
  Side() = default;
  virtual ~Side() = default;
  Side(const Side&) = delete;
  Side& operator=(const Side&) = delete;

  // Server and transport: "rectifier unix".
  virtual std::string name() const = 0;

  // Starts what it needs of `servers` and connects. The contender's caller is null where the side
  // has no such case, or was not built. `servers` and `workload` outlive the contender.
  virtual Contender Prepare(Servers& servers, const Workload& workload) const = 0;
};

using SideMaker = std::unique_ptr<Side> (*)();

// Instances of rectifierd (Servers::Get) beside the one that is called with bytes: what one kind of
// call makes a process keep counts for no other kind.
inline constexpr int kSecondServer = 1;
inline constexpr int kBuffersServer = 2;
inline constexpr int kStreamServer = 3;
inline constexpr int kHttpServer = 4;

// All that take part in the comparison of calls.
std::vector<SideMaker> AllSides();

// Raw bytes of the same sizes, and no work: nothing over gRPC gets faster than this.
std::unique_ptr<Side> MakeFloorUnixSide();
std::unique_ptr<Side> MakeFloorTcpSide();
std::unique_ptr<Side> MakeRectifierUnixSide();
std::unique_ptr<Side> MakeRectifierTcpSide();
// The Open Inference Protocol, over gRPC and over HTTP.
std::unique_ptr<Side> MakeInferenceSide();
std::unique_ptr<Side> MakeInferenceTcpSide();
std::unique_ptr<Side> MakeHttpBinarySide();
std::unique_ptr<Side> MakeHttpJsonSide();
// It has two processes, and a client that takes turns between them.
std::unique_ptr<Side> MakeTwoRectifiersSide();
// Its tensors are in shared buffers of a process of its own, whose memory includes these.
std::unique_ptr<Side> MakeBuffersSide();
// One EvaluateStream for each call.
std::unique_ptr<Side> MakeStreamSide();
// No call at all: core evaluates the tensors of a call in our own process, in memory that this same
// server shares with us.
std::unique_ptr<Side> MakeKernelSide();
std::unique_ptr<Side> MakeProtobufSide();
std::unique_ptr<Side> MakeNumpySide();

}  // namespace rectifier

#endif  // RECTIFIER_TESTS_BENCHMARKS_RPC_SIDE_H_
