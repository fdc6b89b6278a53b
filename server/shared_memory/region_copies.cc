#include "server/shared_memory/region_copies.h"

#include <algorithm>

#include "absl/types/span.h"
#include "core/field_error.h"

namespace rectifier {
namespace {

constexpr size_t kPieceBytes = size_t{1} << 20;

// A caller whose region has been cut short has given a wrong one.
absl::Status InField(const std::string& path, const absl::Status& error) {
  const bool is_short = absl::IsOutOfRange(error);
  return FieldError({.path = path,
                     .description = std::string(error.message()),
                     .reason = is_short ? "REGION_CUT_SHORT" : "REGION_UNUSABLE"},
                    is_short ? absl::StatusCode::kInvalidArgument : error.code());
}

}  // namespace

void RegionCopies::Add(const RegionTarget& region, std::byte* memory, size_t size) {
  if (size == 0) return;
  copies_.push_back({region, memory, size});
  left_ += size;
  bytes_ += size;
}

absl::Status RegionCopies::CopyNext() {
  if (left_ == 0) return absl::OkStatus();
  const Copy& copy = copies_[current_];
  const absl::Span<std::byte> piece(copy.memory + done_, std::min(kPieceBytes, copy.size - done_));
  const SharedMemoryObject& object = copy.region.part.region->object;
  const uint64_t offset = copy.region.part.offset_in_object() + done_;
  const absl::Status status =
      way_ == Way::kFromRegions ? object.Read(offset, piece) : object.Write(offset, piece);
  if (!status.ok()) return InField(copy.region.path, status);
  done_ += piece.size();
  left_ -= piece.size();
  if (done_ == copy.size) {
    ++current_;
    done_ = 0;
  }
  return absl::OkStatus();
}

}  // namespace rectifier
