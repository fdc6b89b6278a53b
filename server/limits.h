// What the server accepts. Each limit is a flag (options.cc) and part of GetServerInfo.
#ifndef RECTIFIER_SERVER_LIMITS_H_
#define RECTIFIER_SERVER_LIMITS_H_

#include <cstdint>

namespace rectifier {

struct Limits {
  int64_t max_message_bytes = int64_t{256} << 20;  // of a serialized request or response
  int64_t max_elements = int64_t{1} << 27;         // in one tensor
  int64_t max_tensors = 1024;
  int64_t max_evaluations = 1024;
  int64_t max_arguments = 16;  // in one evaluation
  int64_t max_rank = 16;
  int64_t max_inflight_bytes = int64_t{1} << 30;  // in and out, of all calls in progress
  int64_t max_inflight_calls = 4096;
  int64_t max_streams = 256;                    // in progress
  int64_t max_buffer_bytes = int64_t{1} << 30;  // of all shared buffers
  int64_t max_buffer_bytes_per_connection = int64_t{512} << 20;
  int64_t max_buffer_connections = 64;
};

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_LIMITS_H_
