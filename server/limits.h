// What the server accepts. A limit is written once, in the list below: its field here, its flag
// with default and help (command_line.cc), its interval (options.cc) and its place in GetServerInfo
// (wire/describe.cc) follow; the API has a field of the same name.
#ifndef RECTIFIER_SERVER_LIMITS_H_
#define RECTIFIER_SERVER_LIMITS_H_

#include <cstdint>
#include <limits>

namespace rectifier {

inline constexpr int64_t kMaxMessage =
    std::numeric_limits<int32_t>::max();  // gRPC's and protobuf's
inline constexpr int64_t kMaxCount = int64_t{1} << 20;
inline constexpr int64_t kMaxBytes = int64_t{1} << 50;  // far more than a machine has
inline constexpr int64_t kLargestPage = int64_t{1} << 16;

}  // namespace rectifier

// LIMIT(name, type of the flag, default, least, most, help). Least and most may depend on `limits`
// that stand before it in the list: these have been checked.
// clang-format off
#define RECTIFIER_LIMITS(LIMIT)                                                                    \
  LIMIT(max_message_bytes, ByteCount, int64_t{256} << 20, 1, kMaxMessage,                          \
        "size of a serialized request or response")                                                \
  LIMIT(max_elements, int64_t, int64_t{1} << 27, 1, kMaxMessage, "elements of one tensor")         \
  LIMIT(max_values, int64_t, int64_t{1} << 20, 1, kMaxMessage / 8,                                 \
        "numbers of one request that are given as `values`")                                       \
  LIMIT(max_tensors, int64_t, 1024, 1, kMaxCount, "tensors of one request")                        \
  LIMIT(max_evaluations, int64_t, 1024, 1, kMaxCount, "evaluations of one request")                \
  LIMIT(max_arguments, int64_t, 16, 1, kMaxCount, "arguments of one evaluation")                   \
  LIMIT(max_rank, int64_t, 16, 1, 64, "dimensions of a tensor")                                    \
  LIMIT(max_inflight_bytes, ByteCount, int64_t{1} << 30,                                           \
        2 * limits.max_message_bytes, kMaxBytes,                                                   \
        "bytes of requests and replies of all calls in progress; at least twice "                  \
        "--max_message_bytes")                                                                     \
  LIMIT(max_inflight_bytes_per_connection, ByteCount, 0, 0, kMaxBytes,                             \
        "those of one connection; 0: as many as it leaves to the others, which is always the most") \
  LIMIT(max_inflight_calls, int64_t, 4096, 1, kMaxCount,                                           \
        "Evaluate calls and streams in progress")                                                  \
  LIMIT(max_inflight_calls_per_connection, int64_t, 0, 0, kMaxCount,                               \
        "those of one connection; 0: as many as it leaves to the others, which is always the most") \
  LIMIT(max_streams, int64_t, 256, 1, kMaxCount, "streams in progress")                            \
  LIMIT(max_streams_per_connection, int64_t, 0, 0, kMaxCount,                                      \
        "those of one connection; 0: as many as it leaves to the others, which is always the most") \
  LIMIT(max_buffer_bytes, ByteCount, int64_t{1} << 30, kLargestPage, kMaxBytes,                    \
        "bytes of all shared buffers")                                                             \
  LIMIT(max_buffer_bytes_per_connection, ByteCount, int64_t{512} << 20, kLargestPage,              \
        limits.max_buffer_bytes,                                                                   \
        "bytes of the shared buffers of one connection; at most --max_buffer_bytes")               \
  /* So many connections, with 64 buffers each, take half of a process's mappings. */              \
  LIMIT(max_buffer_connections, int64_t, 64, 1, 512,                                               \
        "connections to --buffers_listen, each with at most 64 buffers")
// clang-format on

namespace rectifier {

struct Limits {
#define RECTIFIER_FIELD(name, type, initial, least, most, help) int64_t name = initial;
  RECTIFIER_LIMITS(RECTIFIER_FIELD)
#undef RECTIFIER_FIELD
};

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_LIMITS_H_
