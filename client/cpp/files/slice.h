// The parts of an evaluation that belong to one piece of its input: upstream, value and tensor
// arguments are cut to match.
#ifndef RECTIFIER_CLIENT_CPP_FILES_SLICE_H_
#define RECTIFIER_CLIENT_CPP_FILES_SLICE_H_

#include <cstdint>
#include <optional>

#include "absl/status/statusor.h"
#include "client/cpp/client/client.h"
#include "client/cpp/client/tensor.h"
#include "client/cpp/files/box.h"
#include "client/cpp/files/piece_plan.h"

namespace rectifier::client {

// The part of a tensor of the output's shape.
Box OutputBox(const Box& piece, RowAxis axis, const Shape& output);

// The shape of the whole output, given that of one piece's.
Shape OutputShape(const Shape& input, RowAxis axis, const Shape& piece_output);

// The part of a tensor argument of `shape` that meets the piece. `along` means what Argument::axis
// does. Errors: INVALID_ARGUMENT where the argument does not broadcast against the input.
absl::StatusOr<Box> ArgumentBox(const Box& piece, const Shape& input, const Shape& shape,
                                std::optional<int32_t> along);

// The evaluation of one piece; with parameter gradients its tensor arguments are float64, so that
// the gradients of the pieces are. Errors: INVALID_ARGUMENT, naming the field that does not fit the
// first input.
absl::StatusOr<Evaluation> Slice(const Evaluation& whole, const Box& piece, RowAxis axis);

}  // namespace rectifier::client

#endif  // RECTIFIER_CLIENT_CPP_FILES_SLICE_H_
