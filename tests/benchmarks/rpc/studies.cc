#include "tests/benchmarks/rpc/studies.h"

#include <memory>
#include <utility>

#include "tests/benchmarks/rpc/beside.h"
#include "tests/benchmarks/rpc/stream_contenders.h"
#include "tests/benchmarks/rpc/unary_caller.h"

namespace rectifier {
namespace {

constexpr size_t kKiB = size_t{1} << 10;
constexpr size_t kMiB = size_t{1} << 20;

// More payload in flight would not fit into 8 GB with all servers: a service that parses, computes
// and serializes holds each payload eight times over.
constexpr size_t kMostInflight = 256 * kMiB;

// A study in which sides simply call.
Study StudyOf(std::string name, std::vector<Case> cases, std::vector<SideMaker> makers) {
  return {std::move(name), std::move(cases),
          [makers = std::move(makers)](Servers& servers, const Workload& workload) {
            std::vector<Contender> contenders;
            for (const SideMaker make : makers) {
              contenders.push_back(make()->Prepare(servers, workload));
            }
            return contenders;
          }};
}

std::vector<Case> Grid(const std::vector<size_t>& sizes, const std::vector<int>& inflight) {
  std::vector<Case> cases;
  for (const size_t bytes : sizes) {
    for (const int calls : inflight) {
      if (bytes * static_cast<size_t>(calls) > kMostInflight) continue;
      cases.push_back({.tensor_bytes = bytes, .inflight = calls});
    }
  }
  return cases;
}

// Calls of 64 bytes run alone, and beside big calls; both in every round.
Study BesideStudy() {
  const auto contenders = [](Servers& servers, const Workload& workload) {
    std::vector<Contender> found;
    for (const Program program : {Program::kFloor, Program::kRectifier}) {
      if (!Servers::Has(program)) continue;
      const bool is_floor = program == Program::kFloor;
      const std::string name = is_floor ? "floor unix" : "rectifier unix";
      const ServerProcess& server = servers.Get(program);
      const Endpoint endpoint = {.target = server.unix_target(), .is_floor = is_floor};
      found.push_back({name, MakeUnaryCaller(endpoint, workload), {&server}});
      auto beside = MakeBesideCaller(MakeUnaryCaller(endpoint, workload), endpoint);
      found.push_back({name + " beside", std::move(beside), {&server}});
    }
    return found;
  };
  return {"beside", {{.tensor_bytes = 64}}, contenders};
}

// How much of the kernel's speed calls reach. The activation is relu, whose kernel is as fast as
// memory, so that whatever else takes time shows.
Study BuffersStudy(std::vector<Case> cases) {
  Study study = StudyOf("buffers", std::move(cases),
                        {MakeKernelSide, MakeBuffersSide, MakeRectifierUnixSide});
  study.activation = "relu";
  return study;
}

Study StreamStudy(size_t bytes) { return {"stream", {{.tensor_bytes = bytes}}, StreamContenders}; }

// Time per call by one thing after the other, the others held.
std::vector<Study> ScaleStudies() {
  const std::vector<SideMaker> makers = {MakeFloorUnixSide, MakeRectifierUnixSide,
                                         MakeProtobufSide};
  std::vector<Case> evaluations;
  for (const int count : {1, 4, 16, 64, 256, 1024}) {
    evaluations.push_back({.tensor_bytes = 4 * kKiB, .evaluations = count});
  }
  std::vector<Case> inflight;
  for (const int calls : {1, 2, 4, 8, 16, 32, 64}) {
    inflight.push_back({.tensor_bytes = 64 * kKiB, .inflight = calls});
  }
  std::vector<Case> connections;
  for (const int count : {1, 2, 4, 8, 16, 32}) {
    connections.push_back({.tensor_bytes = 64 * kKiB, .inflight = 32, .connections = count});
  }
  const std::vector<size_t> sizes = {64,         1 * kKiB, 4 * kKiB, 16 * kKiB, 64 * kKiB,
                                     256 * kKiB, 1 * kMiB, 4 * kMiB, 16 * kMiB, 64 * kMiB};
  return {StudyOf("size", Grid(sizes, {1}), makers),
          StudyOf("evaluations", std::move(evaluations), makers),
          StudyOf("inflight", std::move(inflight), makers),
          StudyOf("connections", std::move(connections), makers),
          StudyOf("processes", Grid({64, 64 * kKiB, 1 * kMiB}, {1, 16}),
                  {MakeRectifierTcpSide, MakeTwoRectifiersSide})};
}

}  // namespace

std::vector<Study> StudiesOf(const std::string& scope) {
  if (scope == "whole") {
    const std::vector<size_t> sizes = {64, 4 * kKiB, 64 * kKiB, 1 * kMiB, 16 * kMiB, 64 * kMiB};
    return {StudyOf("calls", Grid(sizes, {1, 4, 16}), AllSides()), BesideStudy(),
            BuffersStudy(Grid({16 * kMiB}, {1, 4})), StreamStudy(kLongStream)};
  }
  if (scope == "quick") {
    return {StudyOf("calls", Grid({64, 1 * kMiB, 16 * kMiB, 64 * kMiB}, {1, 16}), AllSides()),
            BesideStudy(), BuffersStudy(Grid({16 * kMiB}, {1, 4})), StreamStudy(kLongStream)};
  }
  if (scope == "smoke") {
    return {StudyOf("calls", Grid({64, 64 * kKiB}, {1, 4}), AllSides()),
            StudyOf("processes", Grid({64}, {4}), {MakeTwoRectifiersSide}),
            BuffersStudy(Grid({64 * kKiB}, {1, 4})), StreamStudy(kMiB)};
  }
  if (scope == "scale") return ScaleStudies();
  return {};
}

}  // namespace rectifier
