#include "server/wire/reply.h"

#include <algorithm>
#include <cstring>
#include <new>
#include <utility>

#include "server/status.h"

namespace rectifier {
namespace {

// A payload of so many bytes or more has a buffer of the pool for itself.
constexpr size_t kLargePayload = size_t{32} << 10;

// Where the count of a reply's bytes stops: far above what is sent, far below where it would wrap.
constexpr size_t kMostBytes = size_t{1} << 62;

}  // namespace

size_t ReplyPiece::payload_bytes() const {
  if (destination != nullptr || region != nullptr) return 0;
  return elements * (form == PayloadForm::kValues ? sizeof(double) : SizeOf(type));
}

bool ReplyPiece::is_large() const { return payload_bytes() >= kLargePayload; }

void ReplyPiece::WidenInPlace() const {
  if (payload_bytes() == 0 || form == PayloadForm::kData || type == ElementType::kFloat64) return;
  const std::byte* results = payload + result_offset();
  for (size_t i = 0; i < elements; ++i) {
    const double wide = LoadElement(type, results + i * SizeOf(type));
    std::memcpy(payload + i * sizeof(double), &wide, sizeof(double));
  }
}

std::byte* ReplyPiece::results() const {
  if (destination != nullptr) return destination->bytes.data();
  if (region != nullptr) return payload;
  return payload_bytes() > 0 ? payload + result_offset() : nullptr;
}

size_t ReplyPart::bytes() const {
  size_t bytes = head.size();
  for (const ReplyPiece& piece : pieces) bytes += piece.head.size() + piece.payload_bytes();
  return bytes;
}

Reply::Reply(std::vector<ReplyPart> parts) : parts_(std::move(parts)) {
  for (const ReplyPart& part : parts_) {
    bytes_ = std::min(bytes_ + part.bytes(), kMostBytes);
    for (const ReplyPiece& piece : part.pieces) {
      region_bytes_ = std::min(region_bytes_ + piece.region_bytes(), kMostBytes);
    }
  }
}

// What lies between large payloads becomes one segment.
void Reply::Cut() {
  segments_.clear();
  const auto small = [this]() -> Segment& {
    if (segments_.empty() || segments_.back().is_large) segments_.emplace_back();
    return segments_.back();
  };
  for (const ReplyPart& part : parts_) {
    small().bytes += part.head.size();
    for (const ReplyPiece& piece : part.pieces) {
      small().bytes += piece.head.size();
      if (piece.is_large()) {
        segments_.push_back({.bytes = piece.payload_bytes(), .is_large = true});
      } else {
        small().bytes += piece.payload_bytes();
      }
    }
  }
}

bool Reply::AllocateSegments(ReplyPool& pool) {
  for (Segment& segment : segments_) {
    if (segment.is_large) {
      segment.buffer = pool.Acquire(segment.bytes);
    } else {
      segment.own.reset(new (std::nothrow) std::byte[segment.bytes]);
    }
    if (segment.memory() == nullptr) return false;
  }
  return true;
}

bool Reply::AllocateRegionResults(ReplyPool& pool) {
  for (ReplyPart& part : parts_) {
    for (ReplyPiece& piece : part.pieces) {
      if (piece.region_bytes() == 0) continue;
      piece.payload = region_results_.emplace_back(pool.Acquire(piece.region_bytes())).data();
      if (piece.payload == nullptr) return false;
    }
  }
  return true;
}

RegionCopies Reply::Writes() const {
  RegionCopies copies(RegionCopies::Way::kToRegions);
  for (const ReplyPart& part : parts_) {
    for (const ReplyPiece& piece : part.pieces) {
      if (piece.region != nullptr) copies.Add(*piece.region, piece.payload, piece.region_bytes());
    }
  }
  return copies;
}

// Writes the heads, and tells each piece where its payload is.
void Reply::Fill() {
  auto segment = segments_.begin();
  size_t offset = 0;
  const auto reserve = [&](size_t bytes) {
    if (offset == segment->bytes) {
      ++segment;
      offset = 0;
    }
    std::byte* const memory = segment->memory() + offset;
    offset += bytes;
    return memory;
  };
  const auto put = [&](const std::string& head) {
    std::memcpy(reserve(head.size()), head.data(), head.size());
  };
  for (ReplyPart& part : parts_) {
    put(part.head);
    for (ReplyPiece& piece : part.pieces) {
      put(piece.head);
      if (piece.region != nullptr) continue;
      piece.payload = piece.payload_bytes() > 0 ? reserve(piece.payload_bytes()) : nullptr;
    }
  }
}

absl::Status Reply::Allocate(absl::Span<Job> jobs, ReplyPool& pool) {
  Cut();
  if (!AllocateSegments(pool) || !AllocateRegionResults(pool)) {
    return OutOfMemory("the reply");
  }
  Fill();
  for (size_t i = 0; i < jobs.size(); ++i) {
    jobs[i].outputs.clear();
    for (const ReplyPiece& piece : parts_[i].pieces) {
      jobs[i].outputs.push_back(piece.results());
    }
  }
  return absl::OkStatus();
}

grpc::Slice Reply::Segment::Release() {
  if (is_large) return std::move(buffer).Release(bytes);
  const auto destroy = [](void* memory) { delete[] static_cast<std::byte*>(memory); };
  return grpc::Slice(own.release(), bytes, destroy);
}

grpc::ByteBuffer Reply::Take() {
  for (const ReplyPart& part : parts_) {
    for (const ReplyPiece& piece : part.pieces) piece.WidenInPlace();
  }
  std::vector<grpc::Slice> slices;
  for (Segment& segment : segments_) slices.push_back(segment.Release());
  segments_.clear();
  region_results_.clear();
  return grpc::ByteBuffer(slices.data(), slices.size());
}

}  // namespace rectifier
