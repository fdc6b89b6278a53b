#include "server/inference/region_methods.h"

#include "absl/strings/str_cat.h"
#include "core/argument_check.h"
#include "core/field_error.h"

namespace rectifier {
namespace {

using inference::SystemSharedMemoryStatusResponse;

void Describe(const RegisteredRegion& region, SystemSharedMemoryStatusResponse* response) {
  auto& described = (*response->mutable_regions())[region.name];
  described.set_name(region.name);
  described.set_key(region.key);
  described.set_offset(region.offset);
  described.set_byte_size(region.byte_size);
}

}  // namespace

absl::Status RegionMethods::Answer(const inference::SystemSharedMemoryStatusRequest& request,
                                   const std::string& caller,
                                   SystemSharedMemoryStatusResponse* response) const {
  if (request.name().empty()) {
    for (const auto& region : regions_.All(caller)) Describe(*region, response);
    return absl::OkStatus();
  }
  if (const auto region = regions_.Find(caller, request.name())) {
    Describe(*region, response);
    return absl::OkStatus();
  }
  return FieldError(
      {.path = "name",
       .description = absl::StrCat("this caller has registered no region ", Quoted(request.name())),
       .reason = "UNKNOWN_REGION"},
      absl::StatusCode::kNotFound);
}

absl::Status RegionMethods::Answer(
    const inference::SystemSharedMemoryRegisterRequest& request, const std::string& caller,
    inference::SystemSharedMemoryRegisterResponse* /*response*/) const {
  return regions_.Register(caller, request.name(), request.key(), request.offset(),
                           request.byte_size());
}

absl::Status RegionMethods::Answer(
    const inference::SystemSharedMemoryUnregisterRequest& request, const std::string& caller,
    inference::SystemSharedMemoryUnregisterResponse* /*response*/) const {
  if (request.name().empty()) {
    regions_.UnregisterAll(caller);
  } else {
    regions_.Unregister(caller, request.name());
  }
  return absl::OkStatus();
}

}  // namespace rectifier
