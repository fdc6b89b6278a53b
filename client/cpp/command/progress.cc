#include "client/cpp/command/progress.h"

#include <cmath>
#include <iostream>

#include "absl/strings/str_format.h"
#include "client/cpp/command/terminal.h"

namespace rectifier::client {
namespace {

// Moves to the start of the line, and erases it.
constexpr char kClearLine[] = "\r\033[K";

}  // namespace

ProgressBar::~ProgressBar() {
  if (drawn_) std::cerr << kClearLine << std::flush;
}

void ProgressBar::Update(int64_t done, int64_t total) {
  if (!ErrorsGoToTerminal()) return;
  drawn_ = true;
  std::cerr << kClearLine << FormatProgress(done, total, absl::Now() - start_) << std::flush;
}

std::string FormatProgress(int64_t done, int64_t total, absl::Duration elapsed) {
  constexpr int kCells = 30;
  const double fraction = total == 0 ? 1 : static_cast<double>(done) / static_cast<double>(total);
  const int full = static_cast<int>(fraction * kCells);
  const double left = fraction == 0 ? 0 : absl::ToDoubleSeconds(elapsed) * (1 / fraction - 1);
  return absl::StrFormat("[%s%s] %3.0f %%  %d of %d elements, %.0f s left", std::string(full, '#'),
                         std::string(kCells - full, '-'), std::floor(fraction * 100), done, total,
                         std::ceil(left));
}

}  // namespace rectifier::client
