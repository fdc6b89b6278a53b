#include "tests/numerics/prove/rational.h"

#include <cmath>
#include <cstddef>
#include <vector>

#include "tests/numerics/prove/ball.h"
#include "tests/numerics/prove/order.h"

namespace rectifier::prove {
namespace {

// What conditions are compared with.
constexpr slong kPrecision = 4096;

class Fractions {
 public:
  Fractions(const Expression& expression, absl::Span<const double> arguments, double x)
      : expression_(expression), arguments_(arguments), x_(x), values_(expression.size()) {}

  // The value of the node; nullopt where it is no fraction.
  const std::optional<Rational>& Value(size_t node) {
    if (!values_[node].has_value()) values_[node] = Compute(expression_[node]);
    return values_[node];
  }

 private:
  std::optional<Rational> Compute(const Node& node) {
    switch (node.operation) {
      case Operation::kNumber:
        return node.number;
      case Operation::kSymbol:
        return node.symbol == 0 ? RationalOf(x_) : Argument(node);
      case Operation::kAdd:
      case Operation::kMultiply:
        return Combine(node);
      case Operation::kPower:
        return RaiseTo(node);
      case Operation::kAbs:
      case Operation::kSign:
        return OfSign(node);
      case Operation::kPiecewise:
        return Choose(node);
      default:
        return std::nullopt;
    }
  }

  // The argument counts as its parameter means it. An infinite one, which is a bound that is
  // absent, is no fraction.
  std::optional<Rational> Argument(const Node& node) {
    const double argument = arguments_[node.symbol - 1];
    if (std::isinf(argument)) return std::nullopt;
    const slong n = WholeReciprocal(node, argument);
    if (n == 0) return RationalOf(argument);
    Rational result;
    fmpq_set_si(result.get(), 1, static_cast<ulong>(n));
    return result;
  }

  std::optional<Rational> Combine(const Node& node) {
    const std::optional<Rational> a = Value(node.operands[0]);
    const std::optional<Rational> b = a.has_value() ? Value(node.operands[1]) : std::nullopt;
    if (!b.has_value()) return std::nullopt;
    Rational result;
    (node.operation == Operation::kAdd ? fmpq_add : fmpq_mul)(result.get(), a->get(), b->get());
    return result;
  }

  std::optional<Rational> RaiseTo(const Node& node) {
    const std::optional<Rational> base = Value(node.operands[0]);
    const Rational& exponent = expression_[node.operands[1]].number;
    if (!base.has_value() || fmpz_is_one(fmpq_denref(exponent.get())) == 0) return std::nullopt;
    const slong power = fmpz_get_si(fmpq_numref(exponent.get()));
    if (std::abs(power) > 16 || (power < 0 && fmpq_is_zero(base->get()) != 0)) return std::nullopt;
    Rational result;
    fmpq_pow_si(result.get(), base->get(), power);
    return result;
  }

  std::optional<Rational> OfSign(const Node& node) {
    const std::optional<Rational> a = Value(node.operands[0]);
    if (!a.has_value()) return std::nullopt;
    Rational result;
    if (node.operation == Operation::kAbs) {
      fmpq_abs(result.get(), a->get());
    } else {
      fmpq_set_si(result.get(), fmpq_sgn(a->get()), 1);
    }
    return result;
  }

  std::optional<Rational> Choose(const Node& node) {
    for (size_t i = 0; i + 1 < node.operands.size(); i += 2) {
      const std::optional<bool> holds = Condition(node.operands[i + 1]);
      if (!holds.has_value()) return std::nullopt;
      if (*holds) return Value(node.operands[i]);
    }
    return std::nullopt;
  }

  std::optional<bool> Condition(size_t index) {
    const Node& node = expression_[index];
    switch (node.operation) {
      case Operation::kTrue:
        return true;
      case Operation::kNot: {
        const std::optional<bool> inner = Condition(node.operands[0]);
        return inner.has_value() ? std::optional<bool>(!*inner) : std::nullopt;
      }
      case Operation::kAnd:
      case Operation::kOr: {
        const std::optional<bool> first = Condition(node.operands[0]);
        const bool decides = node.operation == Operation::kOr;
        if (!first.has_value() || *first == decides) return first;
        return Condition(node.operands[1]);
      }
      default:
        break;
    }
    Ball left;
    Ball right;
    if (!SetCompared(left.get(), node.operands[0]) || !SetCompared(right.get(), node.operands[1])) {
      return std::nullopt;
    }
    const std::optional<int> order = Order(left.get(), right.get());
    return order.has_value() ? std::optional<bool>(Holds(node.operation, *order)) : std::nullopt;
  }

  // One side of a comparison, which may be an infinite bound.
  bool SetCompared(arb_t result, size_t index) {
    const Node& node = expression_[index];
    if (node.operation == Operation::kSymbol && node.symbol != 0 &&
        std::isinf(arguments_[node.symbol - 1])) {
      arb_set_d(result, arguments_[node.symbol - 1]);
      return true;
    }
    const std::optional<Rational> value = Value(index);
    if (value.has_value()) arb_set_fmpq(result, value->get(), kPrecision);
    return value.has_value();
  }

  const Expression& expression_;
  absl::Span<const double> arguments_;
  double x_;
  std::vector<std::optional<Rational>> values_;
};

}  // namespace

Rational RationalOf(double number) {
  Rational result;
  arf_get_fmpq(result.get(), Exact(number).get());
  return result;
}

std::optional<Rational> RationalAt(const Expression& expression, absl::Span<const double> arguments,
                                   double x) {
  return Fractions(expression, arguments, x).Value(expression.size() - 1);
}

}  // namespace rectifier::prove
