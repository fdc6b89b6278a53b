#include "tests/numerics/prove/asymptote.h"

#include <cmath>
#include <cstddef>
#include <vector>

#include "tests/numerics/prove/rational.h"

namespace rectifier::prove {
namespace {

constexpr slong kPrecision = 96;

Rational WholeNumber(slong number) {
  Rational result;
  fmpq_set_si(result.get(), number, 1);
  return result;
}

Rational Plus(const Rational& a, const Rational& b) {
  Rational sum;
  fmpq_add(sum.get(), a.get(), b.get());
  return sum;
}

Rational Times(const Rational& a, const Rational& b) {
  Rational product;
  fmpq_mul(product.get(), a.get(), b.get());
  return product;
}

bool IsZero(const Rational& a) { return fmpq_is_zero(a.get()) != 0; }

Range RangeOf(const Rational& number) {
  Ball ball;
  arb_set_fmpq(ball.get(), number.get(), kPrecision);
  Range range;
  arb_get_interval_arf(range.low.get(), range.high.get(), ball.get(), kPrecision);
  return range;
}

bool IsPositive(const Range& a) { return arf_sgn(a.low.get()) > 0; }
bool IsNegative(const Range& a) { return arf_sgn(a.high.get()) < 0; }

// A number without a line, and a line without a rest.
Asymptote Rest(const Range& range) { return {Rational(), Rational(), range}; }
Asymptote Constant(const Rational& number) { return {Rational(), number, Range()}; }

Asymptote Add(const Asymptote& a, const Asymptote& b) {
  return {Plus(a.slope, b.slope), Plus(a.constant, b.constant), Sum(a.rest, b.rest)};
}

class Asymptotes {
 public:
  Asymptotes(const Expression& expression, absl::Span<const double> arguments, double low,
             double high)
      : expression_(expression),
        arguments_(arguments),
        x_{Exact(low), Exact(high)},
        ranges_(expression, arguments, low, high),
        values_(expression.size()) {}

  const Asymptote& Value(size_t node) {
    if (!values_[node].has_value()) values_[node] = Compute(node);
    return *values_[node];
  }

 private:
  Asymptote Compute(size_t index) {
    const Node& node = expression_[index];
    switch (node.operation) {
      case Operation::kNumber:
        return Constant(node.number);
      case Operation::kSymbol:
        return OfSymbol(index);
      case Operation::kAdd:
        return Add(Value(node.operands[0]), Value(node.operands[1]));
      case Operation::kMultiply:
        return Multiply(Value(node.operands[0]), Value(node.operands[1]));
      case Operation::kTanh:
      case Operation::kLogistic:
      case Operation::kSoftplus:
        return Saturate(index);
      case Operation::kPiecewise:
        return Choose(node);
      default:
        return Rest(ranges_.Value(index));
    }
  }

  Asymptote OfSymbol(size_t index) {
    const Node& node = expression_[index];
    if (node.symbol == 0) return {WholeNumber(1), Rational(), Range()};
    const double argument = arguments_[node.symbol - 1];
    const bool exact = std::isfinite(argument) && WholeReciprocal(node, argument) == 0;
    return exact ? Constant(RationalOf(argument)) : Rest(ranges_.Value(index));
  }

  // (a + r)(b + s) = ab + as + br + rs: ab is a line where one of the two is a constant.
  Asymptote Multiply(const Asymptote& a, const Asymptote& b) {
    if (IsZero(b.slope)) return MultiplyByConstant(a, b);
    if (IsZero(a.slope)) return MultiplyByConstant(b, a);
    return Rest(Product(All(a), All(b)));
  }

  Asymptote MultiplyByConstant(const Asymptote& a, const Asymptote& b) {
    const Range line = Line(a);
    return {Times(a.slope, b.constant), Times(a.constant, b.constant),
            Sum(Product(Sum(line, a.rest), b.rest), Product(RangeOf(b.constant), a.rest))};
  }

  // tanh(u) = +-(1 - 2 logistic(-+2u)), logistic(u) = 1 - logistic(-u), and softplus(u) = u +
  // softplus(-u).
  Asymptote Saturate(size_t index) {
    const Node& node = expression_[index];
    const Range u = ranges_.Value(node.operands[0]);
    if (node.operation == Operation::kTanh && (IsPositive(u) || IsNegative(u))) {
      const slong sign = IsPositive(u) ? 1 : -1;
      const Range decaying = LogisticOf(Product(RangeOf(WholeNumber(-2 * sign)), u));
      return {Rational(), WholeNumber(sign), Product(RangeOf(WholeNumber(-2 * sign)), decaying)};
    }
    if (node.operation == Operation::kLogistic && IsPositive(u)) {
      return {Rational(), WholeNumber(1), Negative(LogisticOf(Negative(u)))};
    }
    if (node.operation == Operation::kSoftplus && IsPositive(u)) {
      return Add(Value(node.operands[0]), Rest(SoftplusOf(Negative(u))));
    }
    return Rest(ranges_.Value(index));
  }

  Asymptote Choose(const Node& node) {
    for (size_t i = 0; i + 1 < node.operands.size(); i += 2) {
      if (ranges_.Condition(expression_[node.operands[i + 1]])) return Value(node.operands[i]);
    }
    throw Undecided();
  }

  Range Line(const Asymptote& a) const {
    return Sum(Product(RangeOf(a.slope), x_), RangeOf(a.constant));
  }
  Range All(const Asymptote& a) const { return Sum(Line(a), a.rest); }

  const Expression& expression_;
  absl::Span<const double> arguments_;
  Range x_;
  RangeEvaluator ranges_;
  std::vector<std::optional<Asymptote>> values_;
};

}  // namespace

std::optional<Asymptote> AsymptoteOf(const Expression& expression,
                                     absl::Span<const double> arguments, double low, double high) {
  try {
    return Asymptotes(expression, arguments, low, high).Value(expression.size() - 1);
  } catch (const Undecided&) {
    return std::nullopt;
  }
}

}  // namespace rectifier::prove
