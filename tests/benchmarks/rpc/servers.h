// The servers of one case, each started when it is first asked for.
#ifndef RECTIFIER_TESTS_BENCHMARKS_RPC_SERVERS_H_
#define RECTIFIER_TESTS_BENCHMARKS_RPC_SERVERS_H_

#include <map>
#include <memory>
#include <string>
#include <utility>

#include "tests/benchmarks/rpc/server_process.h"

namespace rectifier {

enum class Program { kFloor, kProtobuf, kNumpy, kRectifier };

// Each case has new ones: peak memory is then the case's own, and nothing that an earlier case left
// behind weighs on a later one.
class Servers {
 public:
  // Whether the flags name a command for it.
  static bool Has(Program program);

  // Lives as long as this object. `instance`, any number, tells several processes of one program
  // apart.
  const ServerProcess& Get(Program program, int instance = 0);

 private:
  std::map<std::pair<Program, int>, std::unique_ptr<ServerProcess>> running_;
};

}  // namespace rectifier

#endif  // RECTIFIER_TESTS_BENCHMARKS_RPC_SERVERS_H_
