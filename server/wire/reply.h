// The memory of a reply: what a protocol writes into a message, with gaps where results are
// computed.
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
#include "server/shared_memory/region_copies.h"
#include "server/wire/reply_pool.h"
#include "server/wire/request.h"

namespace rectifier {

// One output: the bytes that come before its payload, and the payload. Where it has a destination
// or a region, the payload is not in the message.
struct ReplyPiece {
  std::string head;
  ElementType type = ElementType::kFloat64;
  PayloadForm form = PayloadForm::kData;
  size_t elements = 0;
  const Destination* destination = nullptr;  // where the results are computed
  const RegionTarget* region = nullptr;      // where they are copied to
  std::byte* payload = nullptr;              // once it is allocated

  // In the message.
  size_t payload_bytes() const;
  // Of the results that are copied to a region.
  size_t region_bytes() const { return region != nullptr ? elements * SizeOf(type) : 0; }
  // Where in the payload the results are computed. Results that are narrower than the doubles of
  // `values` lie at its end, so that widening them in place overwrites none unread.
  size_t result_offset() const { return payload_bytes() - elements * SizeOf(type); }
  bool is_large() const;
  void WidenInPlace() const;
  // Where the results are computed.
  std::byte* results() const;
};

// What comes of one job: the bytes before all of it, and its outputs.
struct ReplyPart {
  std::string head;
  std::vector<ReplyPiece> pieces;

  // The size of all of it.
  size_t bytes() const;
};

// A reply in the making: laid out first, so that its size is known before anything is allocated;
// the results are then computed into the very bytes that are sent. Large payloads lie in buffers of
// a pool, all else in between in slices of its own.
class Reply {
 public:
  Reply() = default;
  // The message is `parts`, one after the other, by job.
  explicit Reply(std::vector<ReplyPart> parts);

  // The size of the serialized message.
  size_t bytes() const { return bytes_; }
  // The same, with the results that are copied to regions.
  size_t memory_bytes() const { return bytes_ + region_bytes_; }

  // Allocates it, not zeroed, and sets the outputs of the jobs that it was laid out for.
  // Errors: RESOURCE_EXHAUSTED where the memory is not to be had.
  absl::Status Allocate(absl::Span<Job> jobs, ReplyPool& pool);

  // The copies to make after the jobs have run, and before Take.
  RegionCopies Writes() const;

  // The message, after the jobs have run. It is called once.
  grpc::ByteBuffer Take();

 private:
  // Neighbouring bytes of the message, with gaps where small payloads go; or one large payload.
  struct Segment {
    size_t bytes = 0;
    bool is_large = false;
    ReplyPool::Buffer buffer;  // where it is large; else `own`
    std::unique_ptr<std::byte[]> own;

    std::byte* memory() const { return is_large ? buffer.data() : own.get(); }
    grpc::Slice Release();
  };

  void Cut();
  bool AllocateSegments(ReplyPool& pool);
  bool AllocateRegionResults(ReplyPool& pool);
  void Fill();

  std::vector<ReplyPart> parts_;
  std::vector<Segment> segments_;
  std::vector<ReplyPool::Buffer> region_results_;
  size_t bytes_ = 0;
  size_t region_bytes_ = 0;
};

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_WIRE_REPLY_H_
