// Evaluates an input of any size, whole: a small one by one call, a larger one through a stream, in
// the memory of a few chunks. What a stream cannot take goes piece by piece, by a call each: rows
// along an inner axis that together outgrow a message, tensor arguments that do, and anything on
// servers without streams.
//
//   absl::StatusOr<std::vector<NamedOutput>> outputs = EvaluateWhole(
//       client, {.activation = "gelu", .inputs = {NpyInput::Open("x.npy")->tensor()}},
//       {.open = [](const std::string& name, ElementType type, const Shape& shape) {
//         return NpyOutput::Create("out." + name + ".npy", type, shape);
//       }});
//
// A stream gives the bits of one call. So do pieces, but for parameter gradients: the sum of those
// of the pieces, which the server has rounded to float64, added in twice the digits and rounded to
// the argument's own type. With n pieces it may differ from that of one call by n 2^-53 of the
// largest piece's, and by a unit in the last place.
#ifndef RECTIFIER_CLIENT_CPP_FILES_EVALUATE_FILE_H_
#define RECTIFIER_CLIENT_CPP_FILES_EVALUATE_FILE_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "client/cpp/client/client.h"
#include "client/cpp/files/npy_file.h"

namespace rectifier::client {

// Gives the memory or file for the result of that name.
using OpenOutput =
    std::function<absl::StatusOr<NpyOutput>(const std::string&, ElementType, const Shape&)>;

struct WholeOptions {
  OpenOutput open;
  // Inputs and upstream are rounded to this type, piece by piece.
  std::optional<ElementType> type = {};
  // They hold for each call, and for each 16 MiB or so of a stream. A server that is too busy is
  // asked again, after the delay it names, until the timeout has passed.
  CallOptions call = {};
  // It is told after each piece or chunk how many elements of the input are done, and of how many.
  std::function<void(int64_t, int64_t)> progress = [](int64_t, int64_t) {};
};

struct NamedOutput {
  // value, gradient (of two inputs: gradient.0 and gradient.1), second_derivative,
  // parameter_gradient.NAME
  std::string name;
  NpyOutput array;
};

// Errors: those of Evaluate, and of `open`. Nothing is committed: that is left to the caller.
absl::StatusOr<std::vector<NamedOutput>> EvaluateWhole(Client& client, const Evaluation& whole,
                                                       const WholeOptions& options);

}  // namespace rectifier::client

#endif  // RECTIFIER_CLIENT_CPP_FILES_EVALUATE_FILE_H_
