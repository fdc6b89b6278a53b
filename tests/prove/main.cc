#include <atomic>
#include <bit>
#include <chrono>
#include <cstdio>
#include <mutex>
#include <thread>
#include "tests/prove/float32_sweep.h"
using namespace rectifier;
using namespace rectifier::prove;
int main(int argc, char** argv) {
  auto formulas = ReadFormulas("tests/oracle/expressions.txt");
  const Catalogue& c = Catalogue::Best();
  auto subject = MakeSubject(c, **c.Find(argv[1]), *formulas, {});
  if (!subject.ok()) {
    puts(subject.status().ToString().c_str());
    return 1;
  }
  size_t lo = argc > 3 ? atoi(argv[3]) : 0, hi = argc > 4 ? atoi(argv[4]) : kSegments;
  std::atomic<size_t> next{lo};
  std::vector<Finding> total(subject->columns.size());
  std::mutex m;
  auto t0 = std::chrono::steady_clock::now();
  std::vector<std::thread> threads;
  for (int i = 0; i < atoi(argv[2]); ++i)
    threads.emplace_back([&] {
      Float32Sweep sweep(&*subject);
      for (size_t s; (s = next++) < hi;) {
        auto t = std::chrono::steady_clock::now();
        size_t e = sweep.evaluations();
        auto f = sweep.Segment(s);
        double sec = std::chrono::duration<double>(std::chrono::steady_clock::now() - t).count();
        std::lock_guard l(m);
        if (getenv("V"))
          printf("segment %zu %.3f s, %zu evaluations\n", s, sec, sweep.evaluations() - e);
        for (size_t k = 0; k < f.size(); ++k) total[k].Add(f[k]);
      }
      flint_cleanup();
    });
  for (auto& t : threads) t.join();
  for (size_t k = 0; k < total.size(); ++k)
    printf("%s %s worst %.5f at %a (%08x) correct %.6f%% of %zu\n", argv[1],
           subject->columns[k].name.c_str(), total[k].worst_ulp,
           (double)std::bit_cast<float>((uint32_t)total[k].worst_bits),
           (uint32_t)total[k].worst_bits, 100.0 * total[k].correct / total[k].inputs,
           total[k].inputs);
  printf("%.2f s\n", std::chrono::duration<double>(std::chrono::steady_clock::now() - t0).count());
}
