// A serialized EvaluateRequest becomes messages and payloads. Payloads stay where they arrived, in
// gRPC's slices; only the rest, which is small, is parsed by protobuf. What is counted by a limit
// is counted first, so that a few bytes on the wire cannot become many times as many in memory.
#ifndef RECTIFIER_SERVER_WIRE_REQUEST_PARSER_H_
#define RECTIFIER_SERVER_WIRE_REQUEST_PARSER_H_

#include <cstddef>
#include <vector>

#include "absl/status/status.h"
#include "google/protobuf/io/zero_copy_stream.h"
#include "rectifier/v1/activation.pb.h"
#include "server/limits.h"
#include "server/wire/data_field.h"

namespace rectifier {

// Reads `stream` to its end. `request` gets everything but the tensors' `data`, which goes into
// `data`, by tensor; that points into what the stream's Next() gave. Unknown fields are skipped; of
// a field that is given more than once the last one counts, as protobuf has it. Errors:
// INVALID_ARGUMENT, naming the field of which there are too many or the place where the bytes are
// no longer a request.
absl::Status ParseRequest(google::protobuf::io::ZeroCopyInputStream* stream, const Limits& limits,
                          v1::EvaluateRequest* request, std::vector<DataField>* data);

// The first message of a stream.
struct HeaderMessage {
  v1::StreamHeader header;      // without its tensors
  v1::EvaluateRequest tensors;  // has the tensors, but for their `data`
  std::vector<DataField> data;
};

// Any later message.
struct ChunkMessage {
  DataField input;
  DataField second_input;
  DataField upstream;
};

// Read one EvaluateStreamRequest as ParseRequest does. Errors: also INVALID_ARGUMENT where it is
// not what is due.
absl::Status ParseHeader(google::protobuf::io::ZeroCopyInputStream* stream, const Limits& limits,
                         HeaderMessage* message);
absl::Status ParseChunk(google::protobuf::io::ZeroCopyInputStream* stream, const Limits& limits,
                        ChunkMessage* message);

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_WIRE_REQUEST_PARSER_H_
