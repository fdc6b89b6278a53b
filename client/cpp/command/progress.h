// A progress bar on standard error, for a person who waits at a terminal.
#ifndef RECTIFIER_CLIENT_CPP_COMMAND_PROGRESS_H_
#define RECTIFIER_CLIENT_CPP_COMMAND_PROGRESS_H_

#include <cstdint>
#include <string>

#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace rectifier::client {

// It draws nothing where standard error is not a terminal, and erases itself when it is destroyed.
class ProgressBar {
 public:
  ProgressBar() = default;
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;
  ~ProgressBar();

  void Update(int64_t done, int64_t total);

 private:
  const absl::Time start_ = absl::Now();
  bool drawn_ = false;
};

// "[#####-----]  50 %  1000000 of 2000000 elements, 3 s left"
std::string FormatProgress(int64_t done, int64_t total, absl::Duration elapsed);

}  // namespace rectifier::client

#endif  // RECTIFIER_CLIENT_CPP_COMMAND_PROGRESS_H_
