#include "tests/numerics/prove/progress.h"

#include <unistd.h>

#include <cstdio>
#include <utility>

namespace rectifier::prove {
namespace {

constexpr size_t kWidth = 40;

}  // namespace

Progress::Progress(std::string title, size_t steps)
    : title_(std::move(title)), steps_(steps), visible_(isatty(STDERR_FILENO) != 0) {
  Show(0);
}

Progress::~Progress() {
  if (visible_) std::fputs("\r\033[K", stderr);
}

void Progress::Show(size_t done) {
  if (!visible_ || steps_ == 0) return;
  const std::string bar(kWidth * done / steps_, '#');
  std::fprintf(stderr, "\r%-32s [%-*s] %3zu %%", title_.c_str(), static_cast<int>(kWidth),
               bar.c_str(), 100 * done / steps_);
}

}  // namespace rectifier::prove
