// From a ModelInferRequest to core: the message and its payloads become the request that every
// protocol's do (wire/request.h). Whoever else has such a message, whatever it came in, can have it
// mapped here.
#ifndef RECTIFIER_SERVER_INFERENCE_INFER_REQUEST_H_
#define RECTIFIER_SERVER_INFERENCE_INFER_REQUEST_H_

#include <cstddef>
#include <deque>
#include <memory>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/catalogue.h"
#include "google/protobuf/arena.h"
#include "grpcpp/support/byte_buffer.h"
#include "inference/inference_service.pb.h"
#include "server/inference/message_parser.h"
#include "server/inference/model.h"
#include "server/inference/region_parameters.h"
#include "server/limits.h"
#include "server/shared_memory/region_copies.h"
#include "server/wire/reply_pool.h"
#include "server/wire/request.h"

namespace rectifier {

// What the views of a DecodedRequest point into, and what its reply needs.
struct InferRequest {
  explicit InferRequest(const grpc::ByteBuffer& request)
      : bytes(request),
        message(google::protobuf::Arena::Create<inference::ModelInferRequest>(&arena)) {}

  grpc::ByteBuffer bytes;  // shares gRPC's slices
  google::protobuf::Arena arena;
  inference::ModelInferRequest* message;  // without the contents of tensors
  InferPayloads payloads;
  std::deque<std::vector<std::byte>> copies;  // of payloads that had to be widened or put together
  const RegionAccess* regions = nullptr;      // null: none may be named
  std::deque<ReplyPool::Buffer> region_copies;
  RegionCopies reads;  // which fill region_copies

  const Activation* activation = nullptr;  // by the name given
  std::vector<absl::string_view> inputs;   // the names of the evaluation's inputs, in their order
  struct Wanted {
    ModelOutput output;
    absl::string_view name;  // as it was asked for
    std::optional<RegionTarget> region = {};
  };
  std::vector<Wanted> outputs;  // in the order of the reply
};

// The InferRequest that MapInferRequest has made `request` of.
inline const InferRequest& InferRequestOf(const DecodedRequest& request) {
  return *static_cast<const InferRequest*>(request.storage.get());
}

// Checks what needs no activation but its names: limits (before anything is allocated for what they
// count), datatypes, shapes against payloads, names. Errors: INVALID_ARGUMENT, with the path of the
// field at fault; NOT_FOUND for a model or version that is not there.
absl::StatusOr<DecodedRequest> DecodeInferRequest(const grpc::ByteBuffer& bytes,
                                                  const Catalogue& catalogue, const Limits& limits,
                                                  const RegionAccess* regions = nullptr);

// Does so for a message that has been parsed.
absl::StatusOr<DecodedRequest> MapInferRequest(std::shared_ptr<InferRequest> request,
                                               const Catalogue& catalogue, const Limits& limits);

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_INFERENCE_INFER_REQUEST_H_
