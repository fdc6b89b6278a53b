// What the Open Inference Protocol asks about the server and its models, beside inference itself.
// Whoever else has these messages, in JSON for one, can have them answered here.
#ifndef RECTIFIER_SERVER_INFERENCE_MODEL_METHODS_H_
#define RECTIFIER_SERVER_INFERENCE_MODEL_METHODS_H_

#include <string>

#include "absl/status/status.h"
#include "core/catalogue.h"
#include "inference/inference_service.pb.h"
#include "server/health.h"
#include "server/inference/model_statistics.h"

namespace rectifier {

// Each Answer sets the response. Errors: NOT_FOUND for a model, version or region that is not
// there; INVALID_ARGUMENT, naming the field at fault. Thread-safe.
class ModelMethods {
 public:
  // All of these outlive it.
  ModelMethods(const Catalogue& catalogue, const Health& health, const ModelStatistics& statistics)
      : catalogue_(catalogue), health_(health), statistics_(statistics) {}

  absl::Status Answer(const inference::ServerLiveRequest& request,
                      inference::ServerLiveResponse* response) const;
  absl::Status Answer(const inference::ServerReadyRequest& request,
                      inference::ServerReadyResponse* response) const;
  absl::Status Answer(const inference::ModelReadyRequest& request,
                      inference::ModelReadyResponse* response) const;
  absl::Status Answer(const inference::ServerMetadataRequest& request,
                      inference::ServerMetadataResponse* response) const;
  absl::Status Answer(const inference::ModelMetadataRequest& request,
                      inference::ModelMetadataResponse* response) const;
  absl::Status Answer(const inference::ModelConfigRequest& request,
                      inference::ModelConfigResponse* response) const;
  absl::Status Answer(const inference::ModelStatisticsRequest& request,
                      inference::ModelStatisticsResponse* response) const;
  absl::Status Answer(const inference::RepositoryIndexRequest& request,
                      inference::RepositoryIndexResponse* response) const;

  // No CUDA region is ever registered: none is found, and there is nothing to unregister.
  absl::Status Answer(const inference::CudaSharedMemoryStatusRequest& request,
                      inference::CudaSharedMemoryStatusResponse* response) const;
  absl::Status Answer(const inference::CudaSharedMemoryUnregisterRequest& request,
                      inference::CudaSharedMemoryUnregisterResponse* response) const;

 private:
  absl::StatusOr<const Activation*> Find(const std::string& name, const std::string& version) const;

  const Catalogue& catalogue_;
  const Health& health_;
  const ModelStatistics& statistics_;
};

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_INFERENCE_MODEL_METHODS_H_
