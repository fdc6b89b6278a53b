#include "tests/benchmarks/rpc/shared_tensors.h"

#include <cstdio>
#include <cstdlib>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "client/cpp/client/client.h"
#include "client/cpp/shared_memory/shared_buffer.h"

namespace rectifier {
namespace {

template <class T>
T ValueOrExit(absl::StatusOr<T> value) {
  if (value.ok()) return *std::move(value);
  std::fprintf(stderr, "rpc_benchmark: no shared buffers: %s\n",
               std::string(value.status().message()).c_str());
  std::exit(1);
}

absl::string_view Text(const client::BufferRegion& region) {
  return {reinterpret_cast<const char*>(region.bytes.data()), region.bytes.size()};
}

// A buffer for each call, in which tensor follows tensor.
SharedCall ShareCall(client::SharedBuffers& buffers, const Workload& workload) {
  const size_t size = workload.of().tensor_bytes;
  const client::SharedBuffer buffer = ValueOrExit(buffers.Allocate(3 * workload.of().payload()));
  SharedCall call;
  for (size_t offset = 0; offset < 3 * workload.of().payload(); offset += 3 * size) {
    call.push_back({.x = ValueOrExit(buffer.Region(offset, size)),
                    .value = ValueOrExit(buffer.Region(offset + size, size)),
                    .gradient = ValueOrExit(buffer.Region(offset + 2 * size, size))});
    workload.FillInput(call.back().x.bytes);
  }
  return call;
}

}  // namespace

std::vector<SharedCall> ShareTensors(const ServerProcess& server, const Workload& workload) {
  client::Client client = client::Client::Connect(server.unix_target());
  client::SharedBuffers buffers = ValueOrExit(client.ConnectBuffers());
  std::vector<SharedCall> calls;
  for (int i = 0; i < workload.of().inflight; ++i) calls.push_back(ShareCall(buffers, workload));
  return calls;
}

absl::Status CheckResults(const SharedCall& call, const Workload& workload) {
  absl::Status status;
  for (const SharedTensors& tensors : call) {
    status.Update(workload.CheckResult(Workload::Result::kValue, Text(tensors.value)));
    status.Update(workload.CheckResult(Workload::Result::kGradient, Text(tensors.gradient)));
  }
  return status;
}

}  // namespace rectifier
