// Turns a request into an Evaluation: what Bind (evaluation.h) does.
#ifndef RECTIFIER_CORE_BINDER_H_
#define RECTIFIER_CORE_BINDER_H_

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "core/catalogue.h"
#include "core/evaluation.h"
#include "core/spec.h"

namespace rectifier {

// "[2, 3]".
std::string ShapeText(absl::Span<const int64_t> shape);

// Each step checks what it binds. A Binder is used once, on one thread.
class Binder {
 public:
  // Both must outlive the binder.
  Binder(const Catalogue& catalogue, const EvaluationRequest& request)
      : catalogue_(catalogue), request_(request) {}

  // Errors: INVALID_ARGUMENT and NOT_FOUND, with the path of the field at fault.
  absl::StatusOr<Evaluation> Bind();

 private:
  const Spec& spec() const { return *evaluation_.activation->spec; }
  Kind kind() const { return evaluation_.activation->kind(); }
  const Shape& input_shape() const { return evaluation_.inputs[0].shape; }

  // The activation, the inputs, and what comes out (binder.cc).

  // The activation by the name given or, where the preset's framework means another one by it, that
  // one: all that follows is about the latter, except for the defaults.
  absl::Status BindActivation();
  absl::Status CheckPreset();
  absl::Status CheckQuantities();
  std::vector<std::string> OfferedQuantities() const;
  absl::Status BindInputs();
  // `tensor` must have `shape` (described as `whose`) and the input's element type.
  absl::Status CheckMatches(absl::string_view path, const TensorView& tensor, const Shape& shape,
                            absl::string_view whose) const;
  absl::Status BindShape();
  absl::Status BindElementwise();
  absl::Status BindUpstream();
  absl::Status DescribeOutputs();
  void AddOutput(Quantity quantity, size_t index, ElementType type, const Shape& shape);

  // The arguments (binder_arguments.cc).

  // Pairs every argument with its parameter, and checks those arguments that need no shape.
  absl::Status MatchArguments();
  std::optional<size_t> FindParameter(absl::string_view name) const;
  absl::Status UnknownParameter(absl::string_view name) const;
  // The number that a parameter has by default, under the name and the preset. A word stands as its
  // index.
  double Default(size_t index) const;
  // Numbers, tensors, masks and the indices of words, by parameter of the Spec.
  absl::Status BindArguments();
  // No argument may exceed the one that its parameter is bounded by, wherever the two meet.
  absl::Status CheckOrder() const;
  absl::Status CheckOrder(size_t low, size_t high) const;
  // Whether parameter `index` is what is added to rows. (An elementwise `bias` is any number.)
  bool IsBias(size_t index) const;
  // What a tensor argument is broadcast to: the input or, for a number of rows, one element for
  // each row.
  const Shape& ShapeMetBy(size_t index) const;
  // Broadcasts a tensor argument against `input`: by NumPy's rules, or along its axis.
  absl::Status BindTensor(const Argument& argument, const Shape& input, BoundArgument& bound) const;
  // The axis of the input along which the preset lets a tensor of rank 1 run. One element meets
  // all.
  std::optional<int64_t> PresetAxis(const Argument& argument) const;
  // `axis`, a whole number, counted from the front. `reason`: what an error begins with.
  absl::StatusOr<int64_t> CheckAxis(double axis, std::string path,
                                    absl::string_view reason = "") const;
  // The argument or default of the parameter `name`, a number that the Spec has.
  double Number(absl::string_view name) const;
  int64_t Integer(absl::string_view name) const;
  absl::string_view Word(absl::string_view name) const;

  // How rows and pairs lie in the input (binder_rows.cc).

  // The axis argument, and the input as [outer, length, inner] around it.
  absl::StatusOr<int64_t> BindAxis();
  absl::Status BindRows();
  absl::Status BindRowsAlongAxes();
  // The axes that rows run along, counted from the front. An input of rank 0 has none, and is a row
  // of one element.
  absl::StatusOr<Shape> BindAxes() const;
  // Each group is a row.
  absl::Status BindGroups();
  // Each element is a row, and gives two as far apart as the input is long.
  absl::Status BindTwice();
  absl::Status BindPairs();

  const Catalogue& catalogue_;
  const EvaluationRequest& request_;
  Evaluation evaluation_;
  // What the caller called it, whose defaults hold for its variants too, and under which preset.
  const Spec* named_ = nullptr;
  absl::string_view name_;
  absl::string_view preset_;
  std::vector<const Argument*> given_;  // by parameter; null where the default holds
  Shape output_shape_;
};

}  // namespace rectifier

#endif  // RECTIFIER_CORE_BINDER_H_
