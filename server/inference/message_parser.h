// A serialized ModelInferRequest becomes a message and payloads, as wire/request_parser.h does it
// for Evaluate: payloads stay where they arrived, and what is counted by a limit is counted before
// anything is allocated for it.
#ifndef RECTIFIER_SERVER_INFERENCE_MESSAGE_PARSER_H_
#define RECTIFIER_SERVER_INFERENCE_MESSAGE_PARSER_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "google/protobuf/io/zero_copy_stream.h"
#include "grpcpp/support/byte_buffer.h"
#include "inference/inference_service.pb.h"
#include "server/limits.h"
#include "server/wire/request_parser.h"

namespace rectifier {

// Whole numbers are for arguments, such as axes, that have few: so many may be in a request, in all
// its tensors, because they are widened.
inline constexpr int64_t kMaxIntegers = 4096;
// A whole number of up to this size is the one double nearest to it; 2^53 is that of 2^53 + 1, too.
inline constexpr double kMaxExactInteger = 0x1p53 - 1;

// The InferTensorContents of one input.
struct TypedContents {
  // The fields of InferTensorContents that have elements: bit 1 << number.
  uint32_t fields = 0;
  // Elements of bool_contents, fp32_contents and fp64_contents, as they lie in the message: as one
  // byte each, or little-endian.
  DataField data;
  // Those of the fields of whole numbers.
  std::vector<double> integers;
};

// What a ModelInferRequest has beside its message.
struct InferPayloads {
  std::vector<TypedContents> contents;  // by input
  std::vector<DataField> raw;           // raw_input_contents
};

// Reads `stream` to its end. `request` gets everything but the contents of tensors, which go into
// `payloads`; these point into what the stream's Next() gave. Errors: INVALID_ARGUMENT, naming the
// field of which there are too many or the place where the bytes are no longer a request.
absl::Status ParseInferRequest(google::protobuf::io::ZeroCopyInputStream* stream,
                               const Limits& limits, inference::ModelInferRequest* request,
                               InferPayloads* payloads);

// The `id` of a message, which need not be a ModelInferRequest; empty where it has none.
std::string RequestId(const grpc::ByteBuffer& message);

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_INFERENCE_MESSAGE_PARSER_H_
