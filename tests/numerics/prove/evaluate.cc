#include "tests/numerics/prove/evaluate.h"

#include "tests/numerics/prove/order.h"

namespace rectifier::prove {

Evaluator::Evaluator(const Expression* expression, absl::Span<const double> arguments)
    : expression_(expression),
      arguments_(arguments.begin(), arguments.end()),
      values_(expression->size()) {}

Outcome Evaluator::Evaluate(const arb_t x0, double scale, Working working) {
  for (std::optional<Series>& value : values_) value.reset();
  working_ = working;
  decisions_.clear();
  x_ = Series(working.length > 1 ? 2 : 1);
  arb_set(x_[0], x0);
  if (working.length > 1) arb_set_d(x_[1], scale);
  try {
    const Series& result = Value(values_.size() - 1);
    for (size_t k = 0; k < result.size(); ++k) {
      if (!arb_is_finite(result[k])) return Outcome::kUndecided;
    }
  } catch (const Stop& stop) {
    return stop.outcome;
  }
  return Outcome::kDone;
}

const Series& Evaluator::Value(size_t node) {
  if (!values_[node].has_value()) values_[node] = Compute((*expression_)[node]);
  return *values_[node];
}

Series Evaluator::Compute(const Node& node) {
  const auto operand = [&](size_t i) -> const Series& { return Value(node.operands[i]); };
  Series constant(1);
  switch (node.operation) {
    case Operation::kNumber:
      arb_set_fmpq(constant[0], node.number.get(), working_.precision);
      return constant;
    case Operation::kPi:
      arb_const_pi(constant[0], working_.precision);
      return constant;
    case Operation::kSymbol:
      if (node.symbol == 0) return x_;
      SetArgument(constant[0], node, arguments_[node.symbol - 1], working_.precision);
      return constant;
    case Operation::kAdd:
      return Add(operand(0), operand(1), working_);
    case Operation::kMultiply:
      return Multiply(operand(0), operand(1), working_);
    case Operation::kPower:
      return RaiseTo(node);
    case Operation::kExp:
      return Exp(operand(0), working_);
    case Operation::kLog:
      if (arb_is_nonpositive(operand(0)[0])) throw Stop{Outcome::kUndefined};
      return Log(operand(0), working_);
    case Operation::kErf:
      return Erf(operand(0), working_);
    case Operation::kErfc:
      return Erfc(operand(0), working_);
    case Operation::kSin:
      return Sin(operand(0), working_);
    case Operation::kCos:
      return Cos(operand(0), working_);
    case Operation::kAtan:
      return Atan(operand(0), working_);
    case Operation::kSinh:
      return Sinh(operand(0), working_);
    case Operation::kCosh:
      return Cosh(operand(0), working_);
    case Operation::kTanh:
      return Tanh(operand(0), working_);
    case Operation::kLogistic:
      return Logistic(operand(0), working_);
    case Operation::kSoftplus:
      return Softplus(operand(0), working_);
    case Operation::kRootSum:
      return RootSum(operand(0), operand(1), working_);
    case Operation::kRootShare:
      return RootShare(operand(0), operand(1), working_);
    case Operation::kAbs: {
      const int sign = SignOf(node);
      return sign == 0 ? constant : sign < 0 ? Negate(operand(0)) : operand(0);
    }
    case Operation::kSign:
      arb_set_si(constant[0], SignOf(node));
      return constant;
    case Operation::kPiecewise:
      return Choose(node);
    default:
      throw Stop{Outcome::kUndefined};  // a condition is no number
  }
}

// A base of zero has no value where the exponent is negative, nor has a negative base where it is
// not whole.
Series Evaluator::RaiseTo(const Node& node) {
  const Series& base = Value(node.operands[0]);
  const Rational& exponent = (*expression_)[node.operands[1]].number;
  const bool whole = fmpz_is_one(fmpq_denref(exponent.get())) != 0;
  if (fmpq_sgn(exponent.get()) < 0 && arb_is_zero(base[0])) throw Stop{Outcome::kUndefined};
  if (!whole && arb_is_negative(base[0])) throw Stop{Outcome::kUndefined};
  return Power(base, exponent.get(), working_);
}

Series Evaluator::Choose(const Node& node) {
  for (size_t i = 0; i + 1 < node.operands.size(); i += 2) {
    if (Condition(node.operands[i + 1])) return Value(node.operands[i]);
  }
  throw Stop{Outcome::kUndefined};
}

bool Evaluator::Condition(size_t index) {
  const Node& node = (*expression_)[index];
  switch (node.operation) {
    case Operation::kTrue:
      return true;
    case Operation::kNot:
      return !Condition(node.operands[0]);
    case Operation::kAnd:
      return Condition(node.operands[0]) && Condition(node.operands[1]);
    case Operation::kOr:
      return Condition(node.operands[0]) || Condition(node.operands[1]);
    default:
      break;
  }
  const std::optional<int> order = Order(Value(node.operands[0])[0], Value(node.operands[1])[0]);
  if (!order.has_value()) throw Stop{Outcome::kUndecided};
  const bool holds = Holds(node.operation, *order);
  decisions_ += holds ? '+' : '-';
  return holds;
}

int Evaluator::SignOf(const Node& node) {
  const std::optional<int> order = Order(Value(node.operands[0])[0], Ball().get());
  if (!order.has_value()) throw Stop{Outcome::kUndecided};
  decisions_ += static_cast<char>('0' + *order);
  return *order;
}

}  // namespace rectifier::prove
