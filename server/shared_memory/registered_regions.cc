#include "server/shared_memory/registered_regions.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "core/field_error.h"

namespace rectifier {
namespace {

absl::Status WrongField(const char* field, std::string description, const char* reason,
                        absl::StatusCode code = absl::StatusCode::kInvalidArgument) {
  return FieldError({.path = field, .description = std::move(description), .reason = reason}, code);
}

absl::Status CheckName(const std::string& name) {
  if (!name.empty() && name.size() <= kMaxRegionNameBytes) return absl::OkStatus();
  return WrongField("name",
                    absl::StrFormat("it has %d bytes; a region's name has 1 to %d", name.size(),
                                    kMaxRegionNameBytes),
                    "WRONG_REGION_NAME");
}

// The sum of the two might wrap.
absl::Status CheckExtent(uint64_t offset, uint64_t byte_size, uint64_t has) {
  if (byte_size == 0) return WrongField("byte_size", "must be at least 1", "REGION_EMPTY");
  const std::string text = absl::StrFormat("the shared memory has %d bytes", has);
  if (offset >= has) {
    return WrongField("offset", absl::StrFormat("%d is given; %s", offset, text),
                      "REGION_OUT_OF_BOUNDS");
  }
  if (byte_size <= has - offset) return absl::OkStatus();
  return WrongField("byte_size",
                    absl::StrFormat("%d from offset %d is given; %s", byte_size, offset, text),
                    "REGION_OUT_OF_BOUNDS");
}

}  // namespace

bool RegionPart::Overlaps(uint64_t bytes, const RegionPart& other, uint64_t other_bytes) const {
  if (region->object.identity() != other.region->object.identity()) return false;
  return offset_in_object() < other.offset_in_object() + other_bytes &&
         other.offset_in_object() < offset_in_object() + bytes;
}

absl::Status CheckWithin(const RegisteredRegion& region, uint64_t offset, uint64_t size) {
  if (offset <= region.byte_size && size <= region.byte_size - offset) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrFormat("%d bytes from offset %d are given; the region "
                      "has %d",
                      size, offset, region.byte_size));
}

size_t RegisteredRegions::CountOf(const std::string& caller) const {
  size_t count = 0;
  for (auto found = regions_.lower_bound({caller, ""});
       found != regions_.end() && found->first.first == caller; ++found) {
    ++count;
  }
  return count;
}

absl::Status RegisteredRegions::CheckRoom(const Key& key) const {
  if (regions_.contains(key)) {
    return WrongField("name", "a region of this name is already registered; unregister it first",
                      "REGION_EXISTS");
  }
  const size_t has = CountOf(key.first);
  if (has < kMaxRegions - regions_.size()) return absl::OkStatus();
  return WrongField("name",
                    absl::StrFormat("%d regions are registered for this caller, who may have as "
                                    "many as they leave of %d to others; unregister some",
                                    has, kMaxRegions),
                    "TOO_MANY_REGIONS", absl::StatusCode::kResourceExhausted);
}

absl::Status RegisteredRegions::Register(const std::string& caller, const std::string& name,
                                         const std::string& key, uint64_t offset,
                                         uint64_t byte_size) {
  if (absl::Status status = CheckName(name); !status.ok()) return status;
  absl::StatusOr<SharedMemoryObject> object = SharedMemoryObject::Open(key, owners_);
  if (!object.ok()) {
    return WrongField("key", std::string(object.status().message()), "UNKNOWN_SHARED_MEMORY",
                      object.status().code());
  }
  if (absl::Status status = CheckExtent(offset, byte_size, object->size()); !status.ok()) {
    return status;
  }
  auto region =
      std::make_shared<const RegisteredRegion>(RegisteredRegion{.name = name,
                                                                .key = key,
                                                                .offset = offset,
                                                                .byte_size = byte_size,
                                                                .object = *std::move(object)});
  const absl::MutexLock lock(&mutex_);
  if (absl::Status status = CheckRoom({caller, name}); !status.ok()) return status;
  regions_.emplace(Key(caller, name), std::move(region));
  gauge_->Set(static_cast<double>(regions_.size()));
  return absl::OkStatus();
}

void RegisteredRegions::Unregister(const std::string& caller, const std::string& name) {
  const absl::MutexLock lock(&mutex_);
  regions_.erase({caller, name});
  gauge_->Set(static_cast<double>(regions_.size()));
}

void RegisteredRegions::UnregisterAll(const std::string& caller) {
  const absl::MutexLock lock(&mutex_);
  std::erase_if(regions_, [&](const auto& entry) { return entry.first.first == caller; });
  gauge_->Set(static_cast<double>(regions_.size()));
}

RegisteredRegions::List RegisteredRegions::All(const std::string& caller) const {
  List all;
  const absl::ReaderMutexLock lock(&mutex_);
  for (const auto& [key, region] : regions_) {
    if (key.first == caller) all.push_back(region);
  }
  return all;
}

std::shared_ptr<const RegisteredRegion> RegisteredRegions::Find(const std::string& caller,
                                                                const std::string& name) const {
  const absl::ReaderMutexLock lock(&mutex_);
  const auto found = regions_.find({caller, name});
  return found == regions_.end() ? nullptr : found->second;
}

}  // namespace rectifier
