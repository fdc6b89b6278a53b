// From core to bytes: core's results become a serialized EvaluateResponse. Nothing else knows how
// it looks on the wire.
#ifndef RECTIFIER_SERVER_WIRE_REPLY_H_
#define RECTIFIER_SERVER_WIRE_REPLY_H_

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "core/engine.h"
#include "core/evaluation.h"
#include "grpcpp/support/byte_buffer.h"
#include "server/wire/reply_pool.h"
#include "server/wire/request.h"

namespace rectifier {

// For each output of each job the destination that it goes to, or null.
using OutputDestinations = std::vector<std::vector<const Destination*>>;

// A reply in the making: laid out first, so that its size is known before anything is allocated;
// the results are then computed into the very bytes that are sent. Large payloads lie in buffers of
// a pool, all else in between in slices of its own.
class Reply {
 public:
  Reply() = default;
  Reply(absl::Span<const Job> jobs, absl::Span<const PayloadForm> forms,
        const OutputDestinations& destinations);

  // The size of the serialized EvaluateResponse.
  size_t bytes() const { return bytes_; }

  // Allocates it, not zeroed, and sets the outputs of the jobs that it was laid out for.
  // Errors: RESOURCE_EXHAUSTED where the memory is not to be had.
  absl::Status Allocate(absl::Span<Job> jobs, ReplyPool& pool);

  // The message, after the jobs have run. It is called once.
  grpc::ByteBuffer Take();

 private:
  // One output: the bytes that come before its payload, and the payload.
  struct Piece {
    std::string head;
    ElementType type = ElementType::kFloat64;
    PayloadForm form = PayloadForm::kData;
    size_t elements = 0;
    const Destination* destination = nullptr;  // the payload is not in the message

    size_t payload_bytes() const;
    // Where in the payload the results are computed. Results that are narrower than the doubles of
    // `values` lie at its end, so that widening them in place overwrites none unread.
    size_t result_offset() const { return payload_bytes() - elements * SizeOf(type); }
    bool is_large() const;
    void WidenInPlace() const;
    // Where the results are computed.
    std::byte* results() const;

    std::byte* payload = nullptr;  // once it is allocated
  };

  // Neighbouring bytes of the message, with gaps where small payloads go; or one large payload.
  struct Segment {
    size_t bytes = 0;
    bool is_large = false;
    ReplyPool::Buffer buffer;  // where it is large; else `own`
    std::unique_ptr<std::byte[]> own;

    std::byte* memory() const { return is_large ? buffer.data() : own.get(); }
    grpc::Slice Release();
  };

  struct Result {
    std::string head;
    std::vector<Piece> pieces;
  };

  static Piece LayOut(const Evaluation& evaluation, const OutputDescription& output,
                      PayloadForm form, const Destination* destination);
  void Cut();
  bool AllocateSegments(ReplyPool& pool);
  void Fill();

  std::vector<Result> results_;
  std::vector<Segment> segments_;
  size_t bytes_ = 0;
};

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_WIRE_REPLY_H_
