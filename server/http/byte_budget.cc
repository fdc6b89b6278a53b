#include "server/http/byte_budget.h"

namespace rectifier::http {

bool ByteBudget::Share::Resize(size_t bytes) {
  const absl::MutexLock lock(&budget_.mutex_);
  const size_t others = budget_.held_ - held_;
  const size_t free = budget_.bytes_ - others;
  if (bytes > held_ && (bytes > free || bytes > free - bytes)) return false;
  budget_.held_ = others + bytes;
  held_ = bytes;
  budget_.gauge_->Set(static_cast<double>(budget_.held_));
  return true;
}

}  // namespace rectifier::http
