#include "server/inference/model_methods.h"

#include "absl/strings/str_cat.h"
#include "core/argument_check.h"
#include "core/field_error.h"
#include "server/inference/datatype.h"
#include "server/inference/model.h"

namespace rectifier {
namespace {

constexpr char kServerName[] = "rectifier";
constexpr char kReady[] = "READY";
// A tensor of any size. The protocol has no word for any rank, which a tensor may have too.
constexpr int64_t kAnySize = -1;

bool TakesTwoInputs(const Activation& activation) { return activation.kind() == Kind::kPairs; }

// A parameter's gradient has its argument's type; a number's, and a default's, is float64.
ElementType TypeOf(const ModelOutput& output) {
  return output.quantity == Quantity::kParameterGradient ? ElementType::kFloat64
                                                         : ElementType::kFloat32;
}

absl::Status NoRegion(const std::string& name) {
  if (name.empty()) return absl::OkStatus();
  return FieldError({.path = "name",
                     .description = absl::StrCat("no CUDA region ", Quoted(name),
                                                 " is registered; this server computes on CPUs"),
                     .reason = "NO_SHARED_MEMORY"},
                    absl::StatusCode::kNotFound);
}

}  // namespace

absl::StatusOr<const Activation*> ModelMethods::Find(const std::string& name,
                                                     const std::string& version) const {
  return FindModel(catalogue_, name, version, "name", "version");
}

absl::Status ModelMethods::Answer(const inference::ServerLiveRequest& /*request*/,
                                  inference::ServerLiveResponse* response) const {
  response->set_live(true);
  return absl::OkStatus();
}

absl::Status ModelMethods::Answer(const inference::ServerReadyRequest& /*request*/,
                                  inference::ServerReadyResponse* response) const {
  response->set_ready(health_.IsReady());
  return absl::OkStatus();
}

absl::Status ModelMethods::Answer(const inference::ModelReadyRequest& request,
                                  inference::ModelReadyResponse* response) const {
  const auto activation = Find(request.name(), request.version());
  if (!activation.ok()) return activation.status();
  response->set_ready(health_.IsReady());
  return absl::OkStatus();
}

absl::Status ModelMethods::Answer(const inference::ServerMetadataRequest& /*request*/,
                                  inference::ServerMetadataResponse* response) const {
  response->set_name(kServerName);
  response->set_version(RECTIFIER_VERSION);
  for (const char* extension :
       {"model_configuration", "model_repository", "parameters", "statistics"}) {
    response->add_extensions(extension);
  }
  return absl::OkStatus();
}

absl::Status ModelMethods::Answer(const inference::ModelMetadataRequest& request,
                                  inference::ModelMetadataResponse* response) const {
  const auto activation = Find(request.name(), request.version());
  if (!activation.ok()) return activation.status();
  response->set_name(request.name());
  response->add_versions(kModelVersion);
  response->set_platform(kServerName);
  const auto add = [](absl::string_view name, ElementType type, auto* list) {
    auto* tensor = list->Add();
    tensor->set_name(std::string(name));
    tensor->set_datatype(std::string(DatatypeName(type)));
    tensor->add_shape(kAnySize);
  };
  for (const ModelInput& input : InputsOf(**activation)) {
    add(input.name, input.type, response->mutable_inputs());
  }
  for (const ModelOutput& output : OutputsOf(**activation, TakesTwoInputs(**activation))) {
    add(output.name, TypeOf(output), response->mutable_outputs());
  }
  return absl::OkStatus();
}

absl::Status ModelMethods::Answer(const inference::ModelConfigRequest& request,
                                  inference::ModelConfigResponse* response) const {
  const auto activation = Find(request.name(), request.version());
  if (!activation.ok()) return activation.status();
  inference::ModelConfig* config = response->mutable_config();
  config->set_name(request.name());
  config->set_platform(kServerName);
  config->set_backend(kServerName);
  for (const ModelInput& input : InputsOf(**activation)) {
    inference::ModelInput* described = config->add_input();
    described->set_name(std::string(input.name));
    described->set_data_type(DatatypeInConfig(input.type));
    described->add_dims(kAnySize);
    described->set_optional(input.is_optional);
  }
  for (const ModelOutput& output : OutputsOf(**activation, TakesTwoInputs(**activation))) {
    inference::ModelOutput* described = config->add_output();
    described->set_name(output.name);
    described->set_data_type(DatatypeInConfig(TypeOf(output)));
    described->add_dims(kAnySize);
  }
  return absl::OkStatus();
}

absl::Status ModelMethods::Answer(const inference::ModelStatisticsRequest& request,
                                  inference::ModelStatisticsResponse* response) const {
  if (request.name().empty()) {
    for (inference::ModelStatistics& statistics : statistics_.OfAll()) {
      *response->add_model_stats() = std::move(statistics);
    }
    return absl::OkStatus();
  }
  const auto activation = Find(request.name(), request.version());
  if (!activation.ok()) return activation.status();
  *response->add_model_stats() = statistics_.Of(**activation, request.name());
  return absl::OkStatus();
}

absl::Status ModelMethods::Answer(const inference::RepositoryIndexRequest& request,
                                  inference::RepositoryIndexResponse* response) const {
  if (!request.repository_name().empty()) {
    return FieldError({.path = "repository_name",
                       .description = absl::StrCat(Quoted(request.repository_name()),
                                                   " is given; there is one repository, without a "
                                                   "name: leave it out"),
                       .reason = "UNKNOWN_REPOSITORY"});
  }
  for (const Activation& activation : catalogue_.All()) {
    auto* model = response->add_models();
    model->set_name(std::string(activation.spec->name));
    model->set_version(kModelVersion);
    model->set_state(kReady);
  }
  return absl::OkStatus();
}

absl::Status ModelMethods::Answer(const inference::CudaSharedMemoryStatusRequest& request,
                                  inference::CudaSharedMemoryStatusResponse* /*response*/) const {
  return NoRegion(request.name());
}

absl::Status ModelMethods::Answer(
    const inference::CudaSharedMemoryUnregisterRequest& /*request*/,
    inference::CudaSharedMemoryUnregisterResponse* /*response*/) const {
  return absl::OkStatus();
}

}  // namespace rectifier
