#include "server/inference/region_parameters.h"

#include <cstdint>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/argument_check.h"
#include "core/field_error.h"

namespace rectifier {
namespace {

using inference::InferParameter;

absl::Status WrongParameter(const std::string& path, absl::string_view name,
                            std::string description, const char* reason,
                            absl::StatusCode code = absl::StatusCode::kInvalidArgument) {
  return FieldError({.path = absl::StrCat(path, ".parameters[", Quoted(name), "]"),
                     .description = std::move(description),
                     .reason = reason},
                    code);
}

// A count of bytes; none where the parameter is not there.
absl::StatusOr<std::optional<uint64_t>> FindCount(const InferParameters& parameters,
                                                  const std::string& path, const char* name) {
  const auto found = parameters.find(name);
  if (found == parameters.end()) return std::nullopt;
  const InferParameter& parameter = found->second;
  if (parameter.parameter_choice_case() == InferParameter::kUint64Param) {
    return parameter.uint64_param();
  }
  if (parameter.parameter_choice_case() == InferParameter::kInt64Param &&
      parameter.int64_param() >= 0) {
    return static_cast<uint64_t>(parameter.int64_param());
  }
  return WrongParameter(path, name, "must be a whole number of bytes, of at least 0",
                        "WRONG_ARGUMENT_TYPE");
}

absl::StatusOr<std::shared_ptr<const RegisteredRegion>> FindNamed(const InferParameter& parameter,
                                                                  const std::string& path,
                                                                  const RegionAccess* access) {
  if (access == nullptr || !access->regions.is_on()) {
    return WrongParameter(path, kRegionParameter,
                          "no shared memory is registered with this server, which would take it "
                          "with --system_shared_memory_owners; give the bytes in the message",
                          "NO_SHARED_MEMORY");
  }
  if (parameter.parameter_choice_case() != InferParameter::kStringParam) {
    return WrongParameter(path, kRegionParameter, "the name of a region is a string",
                          "WRONG_ARGUMENT_TYPE");
  }
  auto region = access->regions.Find(access->caller, parameter.string_param());
  if (region != nullptr) return region;
  return WrongParameter(
      path, kRegionParameter,
      absl::StrCat("this caller has registered no region ", Quoted(parameter.string_param())),
      "UNKNOWN_REGION", absl::StatusCode::kNotFound);
}

}  // namespace

bool IsRegionParameter(absl::string_view name) {
  return name == kRegionParameter || name == kRegionOffsetParameter ||
         name == kRegionBytesParameter;
}

bool NamesRegion(const InferParameters& parameters) {
  return parameters.contains(kRegionParameter);
}

absl::StatusOr<std::optional<RegionTarget>> FindRegion(const InferParameters& parameters,
                                                       const std::string& path,
                                                       const RegionAccess* access) {
  const auto offset = FindCount(parameters, path, kRegionOffsetParameter);
  if (!offset.ok()) return offset.status();
  const auto bytes = FindCount(parameters, path, kRegionBytesParameter);
  if (!bytes.ok()) return bytes.status();
  const auto name = parameters.find(kRegionParameter);
  if (name == parameters.end()) {
    if (!*offset && !*bytes) return std::nullopt;
    return WrongParameter(path, kRegionParameter, "an offset or a size is given without a region",
                          "NO_REGION");
  }
  auto region = FindNamed(name->second, path, access);
  if (!region.ok()) return region.status();
  if (!*bytes) {
    return WrongParameter(path, kRegionBytesParameter, "it is needed beside the region's name",
                          "NO_REGION_SIZE");
  }
  const uint64_t from = offset->value_or(0);
  if (absl::Status status = CheckWithin(**region, from, **bytes); !status.ok()) {
    return WrongParameter(path, kRegionBytesParameter, std::string(status.message()),
                          "REGION_OUT_OF_BOUNDS");
  }
  return RegionTarget{.part = {.region = *std::move(region), .offset = from, .size = **bytes},
                      .path = absl::StrCat(path, ".parameters[", Quoted(kRegionParameter), "]")};
}

}  // namespace rectifier
