// oneDNN's elementwise primitives, as the peer in benchmarks.
#ifndef RECTIFIER_TESTS_BENCHMARKS_ONEDNN_PEER_H_
#define RECTIFIER_TESTS_BENCHMARKS_ONEDNN_PEER_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace rectifier {

// Forward and backward of one activation over `count` floats, on one thread.
class OneDnnPeer {
 public:
  // Names, ours, of the activations that oneDNN has too.
  static std::vector<std::string> Names();

  OneDnnPeer(const std::string& activation, int64_t count);
  ~OneDnnPeer();

  // y = f(x), dx = f'(x) dy: two primitives, two passes over memory.
  void Run();

 private:
  struct Primitives;
  std::unique_ptr<Primitives> primitives_;
};

}  // namespace rectifier

#endif  // RECTIFIER_TESTS_BENCHMARKS_ONEDNN_PEER_H_
