// The part of EvaluateWhole that uses one stream: inputs are read, and outputs written, as it goes.
#ifndef RECTIFIER_CLIENT_CPP_FILES_EVALUATE_FILE_BY_STREAM_H_
#define RECTIFIER_CLIENT_CPP_FILES_EVALUATE_FILE_BY_STREAM_H_

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "client/cpp/client/client.h"
#include "client/cpp/files/evaluate_file.h"

namespace rectifier::client {

// Sends chunks of about `chunk_bytes` of all tensors together. Errors: those of EvaluateStream,
// which does not take rows that outgrow a message (reason ROWS_TOO_LONG), and of `open`.
absl::StatusOr<std::vector<NamedOutput>> EvaluateInStream(Client& client, const Evaluation& whole,
                                                          int64_t chunk_bytes,
                                                          const WholeOptions& options);

}  // namespace rectifier::client

#endif  // RECTIFIER_CLIENT_CPP_FILES_EVALUATE_FILE_BY_STREAM_H_
