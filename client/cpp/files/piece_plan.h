// How an input that outgrows one message is cut into pieces that one call each can carry.
//
// Elementwise activations are cut anywhere; rows and split pairs only between whole rows: their
// axis is never cut. A piece is a box of the input; that of an activation that draws random numbers
// is contiguous, because draws go by an element's index.
#ifndef RECTIFIER_CLIENT_CPP_FILES_PIECE_PLAN_H_
#define RECTIFIER_CLIENT_CPP_FILES_PIECE_PLAN_H_

#include <cstddef>
#include <cstdint>
#include <optional>

#include "absl/status/statusor.h"
#include "client/cpp/client/client.h"
#include "client/cpp/client/tensor.h"
#include "client/cpp/files/box.h"

namespace rectifier::client {

// The axis that rows run along, counted from the front; nullopt where elements stand alone.
using RowAxis = std::optional<size_t>;

// Errors: INVALID_ARGUMENT where the evaluation's `axis` is not one of the input's.
absl::StatusOr<RowAxis> FindRowAxis(const v1::ActivationDescription& activation,
                                    const Evaluation& evaluation);

// Both numbers count elements of one input.
struct CallCapacity {
  int64_t limit = 0;      // what one call may carry by the server's limits on request and reply
  int64_t preferred = 0;  // <= limit: enough for full speed in little memory
};

// `type` is that of the inputs as they will be sent; `values` is how many elements the value has
// for each of an input's, at most. Where there is an upstream, its shape says so.
CallCapacity FindCallCapacity(const Evaluation& evaluation, ElementType type,
                              const v1::Limits& limits, int64_t values = 1);

// The pieces of an input, in row-major order and of about equal sizes.
class PiecePlan {
 public:
  enum class Pieces { kBoxes, kContiguous };

  // Pieces are up to the preferred size, or one row where that is larger; a row of contiguous
  // pieces is all that lies from the axis on. Errors: INVALID_ARGUMENT where one row is over the
  // limit.
  static absl::StatusOr<PiecePlan> Make(Shape shape, RowAxis axis, CallCapacity capacity,
                                        Pieces pieces = Pieces::kBoxes);

  int64_t size() const { return size_; }
  Box operator[](int64_t i) const;

 private:
  Shape shape_;
  Shape block_;  // of the largest piece
  Shape grid_;   // pieces along each dimension
  int64_t size_ = 1;
};

}  // namespace rectifier::client

#endif  // RECTIFIER_CLIENT_CPP_FILES_PIECE_PLAN_H_
