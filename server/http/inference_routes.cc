#include "server/http/inference_routes.h"

#include "inference/inference_service.pb.h"

namespace rectifier::http {
namespace {

// Words come before what stands for any word.
constexpr Route kRoutes[] = {
    {"GET", "", "ServerMetadata", Form::kWhole},
    {"GET", "models/stats", "ModelStatistics", Form::kWhole},
    {"POST", "repository/index", "RepositoryIndex", Form::kList, true},
    {"POST", "repository/models/:model_name/load", "RepositoryModelLoad", Form::kNever},
    {"POST", "repository/models/:model_name/unload", "RepositoryModelUnload", Form::kNever},
    {"GET", "systemsharedmemory/status", "SystemSharedMemoryStatus", Form::kList},
    {"GET", "systemsharedmemory/region/:name/status", "SystemSharedMemoryStatus", Form::kList},
    {"POST", "systemsharedmemory/region/:name/register", "SystemSharedMemoryRegister",
     Form::kNothing, true},
    {"POST", "systemsharedmemory/region/:name/unregister", "SystemSharedMemoryUnregister",
     Form::kNothing},
    {"POST", "systemsharedmemory/unregister", "SystemSharedMemoryUnregister", Form::kNothing},
    {"GET", "cudasharedmemory/status", "CudaSharedMemoryStatus", Form::kList},
    {"GET", "cudasharedmemory/region/:name/status", "CudaSharedMemoryStatus", Form::kList},
    {"POST", "cudasharedmemory/region/:name/register", "CudaSharedMemoryRegister", Form::kNever},
    {"POST", "cudasharedmemory/region/:name/unregister", "CudaSharedMemoryUnregister",
     Form::kNothing},
    {"POST", "cudasharedmemory/unregister", "CudaSharedMemoryUnregister", Form::kNothing},
    {"GET", "trace/setting", "TraceSetting", Form::kNever},
    {"POST", "trace/setting", "TraceSetting", Form::kNever},
    {"GET", "logging", "LogSettings", Form::kNever},
    {"POST", "logging", "LogSettings", Form::kNever},
    {"GET", "models/:name", "ModelMetadata", Form::kWhole},
    {"GET", "models/:name/ready", "ModelReady", Form::kWhole},
    {"GET", "models/:name/config", "ModelConfig", Form::kField},
    {"GET", "models/:name/stats", "ModelStatistics", Form::kWhole},
    {"POST", "models/:name/infer", "ModelInfer", Form::kWhole},
    {"GET", "models/:name/versions/:version", "ModelMetadata", Form::kWhole},
    {"GET", "models/:name/versions/:version/ready", "ModelReady", Form::kWhole},
    {"GET", "models/:name/versions/:version/config", "ModelConfig", Form::kField},
    {"GET", "models/:name/versions/:version/stats", "ModelStatistics", Form::kWhole},
    {"POST", "models/:name/versions/:version/infer", "ModelInfer", Form::kWhole},
};

}  // namespace

absl::Span<const Route> InferenceRoutes() { return kRoutes; }

const google::protobuf::MethodDescriptor* FindInferenceMethod(const char* name) {
  return inference::ModelInferRequest::descriptor()
      ->file()
      ->FindServiceByName("GRPCInferenceService")
      ->FindMethodByName(name);
}

}  // namespace rectifier::http
