// A progress bar on a terminal; silent where standard error is none.
#ifndef RECTIFIER_TESTS_NUMERICS_PROVE_PROGRESS_H_
#define RECTIFIER_TESTS_NUMERICS_PROVE_PROGRESS_H_

#include <cstddef>
#include <string>

namespace rectifier::prove {

class Progress {
 public:
  Progress(std::string title, size_t steps);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void Show(size_t done);

 private:
  std::string title_;
  size_t steps_;
  bool visible_;
};

}  // namespace rectifier::prove

#endif  // RECTIFIER_TESTS_NUMERICS_PROVE_PROGRESS_H_
