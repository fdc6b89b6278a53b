// The formulas of tests/numerics/oracle/expressions.txt: all that the prover knows of an
// activation's mathematics. The notation is described in tests/numerics/oracle/README.md.
#ifndef RECTIFIER_TESTS_NUMERICS_PROVE_EXPRESSION_H_
#define RECTIFIER_TESTS_NUMERICS_PROVE_EXPRESSION_H_

#include <cstddef>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "arb.h"
#include "flint/fmpq.h"

namespace rectifier::prove {

enum class Operation {
  kNumber,
  kPi,
  kSymbol,
  kAdd,
  kMultiply,
  kPower,  // the exponent is a number
  kExp,
  kLog,
  kErf,
  kErfc,
  kSin,
  kCos,
  kAtan,
  kSinh,
  kCosh,
  kTanh,
  kLogistic,
  kSoftplus,
  kRootSum,    // u + sqrt(u^2 + b)
  kRootShare,  // 1 + u / sqrt(u^2 + b)
  kAbs,
  kSign,
  kPiecewise,  // operands: an expression and its condition, and so on; the first that holds
  kLess,
  kLessOrEqual,
  kGreater,
  kGreaterOrEqual,
  kEqual,
  kNotEqual,
  kAnd,
  kOr,
  kNot,
  kTrue,
};

// An exact fraction.
class Rational {
 public:
  Rational() { fmpq_init(value_); }
  Rational(const Rational& other) : Rational() { fmpq_set(value_, other.value_); }
  Rational(Rational&& other) noexcept : Rational() { fmpq_swap(value_, other.value_); }
  Rational& operator=(Rational other) {
    fmpq_swap(value_, other.value_);
    return *this;
  }
  ~Rational() { fmpq_clear(value_); }

  // Reads text like "-3" or "8943/200000"; false where it is neither.
  bool Parse(const std::string& text) { return fmpq_set_str(value_, text.c_str(), 10) == 0; }

  fmpq* get() { return value_; }
  const fmpq* get() const { return value_; }

 private:
  fmpq_t value_;
};

struct Node {
  Operation operation = Operation::kNumber;
  std::vector<size_t> operands;  // indices of earlier nodes
  Rational number;               // of kNumber
  size_t symbol = 0;             // of kSymbol: its index in the Formula
  bool reciprocal = false;       // of kSymbol: see Parameter::reciprocal
};

// The n of an argument that its parameter means as 1/n; 0 of every other.
slong WholeReciprocal(const Node& symbol, double argument);

// The argument of a symbol that is not x, as its parameter means it: the double next to a sixth may
// be one.
void SetArgument(arb_t result, const Node& symbol, double argument, slong precision);

// Each expression is a graph in which equal parts are one node. The last node is the result.
using Expression = std::vector<Node>;

// Every quantity of one elementwise activation.
struct Formula {
  std::vector<std::string> symbols;               // x, then the parameters
  std::map<std::string, Expression> expressions;  // value, gradient, second_derivative, d/NAME
};

// One expression in postfix notation. Errors: INVALID_ARGUMENT, naming the word at fault.
absl::StatusOr<Expression> ParseExpression(absl::string_view text,
                                           absl::Span<const std::string> symbols);

// All activations of the file at `path`, by name.
absl::StatusOr<std::map<std::string, Formula>> ReadFormulas(const std::string& path);

}  // namespace rectifier::prove

#endif  // RECTIFIER_TESTS_NUMERICS_PROVE_EXPRESSION_H_
