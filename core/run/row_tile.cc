#include "core/run/row_tile.h"

#include <algorithm>
#include <variant>

namespace rectifier {
namespace {

// a + a_low += b + b_low, normalized; an infinity stays one.
void AddTo(double& a, double& a_low, double b, double b_low) {
  CompensatedSum sum{a, 0};
  sum.Add(b, 0);
  const double low = sum.lo + (a_low + b_low);
  const double both = sum.hi + low;
  const bool finite = both - both == 0;
  a_low = finite ? low - (both - sum.hi) : 0;
  a = finite ? both : sum.hi;
}

}  // namespace

RowTile::RowTile(const Evaluation& evaluation)
    : evaluation_(evaluation),
      cut_(evaluation),
      kernels_(std::get<RowKernels>(evaluation.activation->kernels)),
      type_(static_cast<size_t>(evaluation.type)) {
  for (size_t i = 0; i < evaluation.arguments.size(); ++i) BindArgument(i);
}

void RowTile::BindArgument(size_t index) {
  const BoundArgument& argument = evaluation_.arguments[index];
  const Parameter& parameter = evaluation_.activation->spec->parameters[index];
  const Shape& input = evaluation_.inputs[0].shape;
  const ArrayKernels& arrays = *evaluation_.arrays;
  parameters_[index] = argument.number;
  if (argument.draws) draws_ = argument.draws;
  if (parameter.name == kBiasParameter) {
    if (!argument.given) return;
    bias_ = argument.number;
    if (argument.tensor) bias_tensor_.emplace(arrays, argument, input);
  } else if (argument.tensor && parameter.type == ParameterType::kMask) {
    mask_.emplace(arrays, argument, input);
  } else if (argument.tensor && parameter.type == ParameterType::kNumber) {
    row_numbers_.emplace(arrays, argument, evaluation_.row_shape);
    row_parameter_ = index;
  }
}

RowOperands RowTile::Operands() const {
  RowOperands operands;
  operands.count = static_cast<size_t>(cut_.length());
  operands.pitch = static_cast<size_t>(cut_.contiguous() ? 1 : cut_.TileWidth());
  operands.parameters = parameters_;
  operands.row_parameter = row_parameter_;
  return operands;
}

void RowTile::Compute(const RowBlock& place, RowOperands operands, const RowTerms& terms) const {
  Plane mask, numbers;
  if (mask_) {
    mask = Room(place);
    operands.mask = mask.get();
    Expand(*mask_, place, mask.get());
  }
  if (row_numbers_) {
    numbers = Doubles(place.rows);
    operands.row_numbers = numbers.get();
    row_numbers_->Expand(cut_.FirstRow(place), place.rows, numbers.get());
  }
  adds() ? ComputeSums(place, operands, terms) : ComputeElements(place, operands, terms);
}

void RowTile::Expand(const BroadcastTensor& tensor, const RowBlock& place, double* to) const {
  cut_.ForEachRun(cut_.input(), place, [&](int64_t begin, int64_t count, int64_t at) {
    tensor.Expand(begin, count, to + at);
  });
}

// Terms are sums of two doubles whatever the element type is, so it takes the kernel of float64 to
// find them.
void RowTile::ComputeElements(const RowBlock& place, RowOperands operands,
                              const RowTerms& terms) const {
  const bool is_double = evaluation_.type == ElementType::kFloat64;
  const bool apart = terms.rows != nullptr && !is_double;
  operands.parameter_terms = apart ? nullptr : terms.rows;
  if (!apart || operands.value || operands.gradient) kernels_.row[type_](operands);
  if (!apart) return;
  const Plane x = Room(place), upstream = Room(place);
  Widen(operands.x, place, cut_.length(), x.get());
  operands.x = x.get();
  if (operands.upstream) {
    Widen(operands.upstream, place, cut_.output_length(), upstream.get());
    operands.upstream = upstream.get();
  }
  operands.value = operands.gradient = nullptr;
  operands.parameter_terms = terms.rows;
  kernels_.row[static_cast<size_t>(ElementType::kFloat64)](operands);
}

void RowTile::ComputeSums(const RowBlock& place, const RowOperands& operands,
                          const RowTerms& terms) const {
  const Plane x = Room(place), x_low = Room(place), upstream = Room(place), value = Room(place),
              gradient = Room(place);
  Widen(operands.x, place, cut_.length(), x.get());
  AddToX(place, x.get(), x_low.get());
  RowOperands planes = operands;
  planes.x = x.get();
  planes.x_low = x_low.get();
  if (operands.upstream) {
    Widen(operands.upstream, place, cut_.output_length(), upstream.get());
    planes.upstream = upstream.get();
  }
  if (operands.value) planes.value = value.get();
  double* const by_x = terms.high ? terms.high : gradient.get();
  if (operands.gradient || terms.high) planes.gradient = by_x;
  planes.gradient_low = terms.low;
  planes.parameter_terms = terms.rows;
  kernels_.sums(planes);
  if (operands.value) Narrow(value.get(), place, cut_.output_length(), operands.value);
  if (operands.gradient) Narrow(by_x, place, cut_.length(), operands.gradient);
}

// x + bias + noise, as sums of two doubles.
void RowTile::AddToX(const RowBlock& place, double* x, double* x_low) const {
  const Plane high = Room(place), low = Room(place);
  cut_.ForEachRun(cut_.input(), place, [&](int64_t begin, int64_t count, int64_t at) {
    std::fill_n(x_low + at, count, 0.0);
    if (bias_) {
      std::fill_n(high.get() + at, count, *bias_);
      if (bias_tensor_) bias_tensor_->Expand(begin, count, high.get() + at);
      for (int64_t i = at; i < at + count; ++i) AddTo(x[i], x_low[i], high[i], 0);
    }
    if (draws_) {
      evaluation_.arrays->gumbel(draws_->seed, draws_->offset + static_cast<uint64_t>(begin),
                                 high.get() + at, low.get() + at, static_cast<size_t>(count));
      for (int64_t i = at; i < at + count; ++i) AddTo(x[i], x_low[i], high[i], low[i]);
    }
  });
}

void RowTile::Widen(const void* from, const RowBlock& place, int64_t length, double* to) const {
  cut_.ForEachLine(length, place.rows, [&](int64_t at, int64_t count) {
    const std::byte* const line = static_cast<const std::byte*>(from) + at * cut_.element_size();
    evaluation_.arrays->load[type_](line, to + at, static_cast<size_t>(count));
  });
}

void RowTile::Narrow(const double* from, const RowBlock& place, int64_t length, void* to) const {
  cut_.ForEachLine(length, place.rows, [&](int64_t at, int64_t count) {
    std::byte* const line = static_cast<std::byte*>(to) + at * cut_.element_size();
    evaluation_.arrays->store[type_](from + at, nullptr, line, static_cast<size_t>(count));
  });
}

}  // namespace rectifier
