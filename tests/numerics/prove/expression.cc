#include "tests/numerics/prove/expression.h"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "core/spec.h"

namespace rectifier::prove {
namespace {

struct Word {
  Operation operation;
  size_t operands;
};

const std::map<absl::string_view, Word>& Words() {
  static const auto* const words = new std::map<absl::string_view, Word>{
      {"pi", {Operation::kPi, 0}},
      {"true", {Operation::kTrue, 0}},
      {"+", {Operation::kAdd, 2}},
      {"*", {Operation::kMultiply, 2}},
      {"pow", {Operation::kPower, 2}},
      {"exp", {Operation::kExp, 1}},
      {"log", {Operation::kLog, 1}},
      {"erf", {Operation::kErf, 1}},
      {"erfc", {Operation::kErfc, 1}},
      {"sin", {Operation::kSin, 1}},
      {"cos", {Operation::kCos, 1}},
      {"atan", {Operation::kAtan, 1}},
      {"sinh", {Operation::kSinh, 1}},
      {"cosh", {Operation::kCosh, 1}},
      {"tanh", {Operation::kTanh, 1}},
      {"logistic", {Operation::kLogistic, 1}},
      {"softplus", {Operation::kSoftplus, 1}},
      {"rootsum", {Operation::kRootSum, 2}},
      {"rootshare", {Operation::kRootShare, 2}},
      {"abs", {Operation::kAbs, 1}},
      {"sign", {Operation::kSign, 1}},
      {"<", {Operation::kLess, 2}},
      {"<=", {Operation::kLessOrEqual, 2}},
      {">", {Operation::kGreater, 2}},
      {">=", {Operation::kGreaterOrEqual, 2}},
      {"==", {Operation::kEqual, 2}},
      {"!=", {Operation::kNotEqual, 2}},
      {"and", {Operation::kAnd, 2}},
      {"or", {Operation::kOr, 2}},
      {"not", {Operation::kNot, 1}},
  };
  return *words;
}

// Builds the graph word by word.
class Builder {
 public:
  explicit Builder(absl::Span<const std::string> symbols) : symbols_(symbols) {}

  absl::Status Add(absl::string_view word) {
    size_t pairs = 0;
    if (absl::StartsWith(word, "$")) return AddSymbol(word.substr(1));
    if (const auto found = Words().find(word); found != Words().end()) {
      return AddNode({.operation = found->second.operation}, found->second.operands, word);
    }
    if (absl::ConsumePrefix(&word, "piecewise:") && absl::SimpleAtoi(word, &pairs)) {
      return AddNode({.operation = Operation::kPiecewise}, 2 * pairs, "piecewise");
    }
    Node number;
    if (!number.number.Parse(std::string(word))) return Error("not a word", word);
    return AddNode(std::move(number), 0, word);
  }

  absl::StatusOr<Expression> Finish() && {
    if (stack_.size() != 1) return absl::InvalidArgumentError("not one result");
    if (stack_[0] + 1 != nodes_.size()) {  // the result is part of something that was dropped
      return absl::InternalError("the result is not the last node");
    }
    return std::move(nodes_);
  }

 private:
  static absl::Status Error(absl::string_view what, absl::string_view word) {
    return absl::InvalidArgumentError(absl::StrCat(what, ": ", word));
  }

  absl::Status AddSymbol(absl::string_view name) {
    const auto found = std::find(symbols_.begin(), symbols_.end(), name);
    if (found == symbols_.end()) return Error("no such symbol", name);
    const auto index = static_cast<size_t>(found - symbols_.begin());
    return AddNode({.operation = Operation::kSymbol, .symbol = index}, 0, name);
  }

  // Takes the operands off the stack; puts the node, or its equal that is there already, on it.
  absl::Status AddNode(Node node, size_t operands, absl::string_view word) {
    if (stack_.size() < operands) return Error("too few operands", word);
    node.operands.assign(stack_.end() - static_cast<ptrdiff_t>(operands), stack_.end());
    stack_.resize(stack_.size() - operands);
    if (node.operation == Operation::kPower &&
        nodes_[node.operands[1]].operation != Operation::kNumber) {
      return Error("the exponent is no number", word);
    }
    std::string key = absl::StrCat(node.operands.empty() ? word : "", " ",
                                   static_cast<int>(node.operation), " ", node.symbol);
    for (size_t operand : node.operands) absl::StrAppend(&key, " ", operand);
    const auto [entry, is_new] = known_.emplace(key, nodes_.size());
    if (is_new) nodes_.push_back(std::move(node));
    stack_.push_back(entry->second);
    return absl::OkStatus();
  }

  absl::Span<const std::string> symbols_;
  Expression nodes_;
  std::vector<size_t> stack_;
  std::map<std::string, size_t> known_;
};

}  // namespace

slong WholeReciprocal(const Node& symbol, double argument) {
  if (!symbol.reciprocal || !(argument <= 1 && argument >= 1 / kLargestReciprocal)) return 0;
  const double n = std::round(1 / argument);
  return 1 / n == argument ? static_cast<slong>(n) : 0;
}

void SetArgument(arb_t result, const Node& symbol, double argument, slong precision) {
  const slong n = WholeReciprocal(symbol, argument);
  if (n == 0) return arb_set_d(result, argument);
  arb_set_si(result, n);
  arb_inv(result, result, precision);
}

absl::StatusOr<Expression> ParseExpression(absl::string_view text,
                                           absl::Span<const std::string> symbols) {
  Builder builder(symbols);
  for (absl::string_view word : absl::StrSplit(text, ' ', absl::SkipWhitespace())) {
    if (absl::Status status = builder.Add(word); !status.ok()) return status;
  }
  return std::move(builder).Finish();
}

absl::StatusOr<std::map<std::string, Formula>> ReadFormulas(const std::string& path) {
  std::ifstream file(path);
  if (!file) return absl::NotFoundError(absl::StrCat("no file ", path, "; run ./dev generate"));
  std::map<std::string, Formula> formulas;
  Formula* current = nullptr;
  std::vector<bool> reciprocals;  // by symbol of the current one
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line[0] == '#') continue;
    const std::pair<std::string, std::string> parts = absl::StrSplit(line, absl::MaxSplits(' ', 1));
    const auto& [key, rest] = parts;
    if (key == "activation") {
      current = &formulas[rest];
    } else if (current == nullptr) {
      return absl::InvalidArgumentError(absl::StrCat(path, " does not begin with an activation"));
    } else if (key == "symbols") {
      current->symbols = absl::StrSplit(rest, ' ');
      reciprocals.assign(current->symbols.size(), false);
      for (size_t i = 0; i < reciprocals.size(); ++i) {
        absl::string_view name = current->symbols[i];
        reciprocals[i] = absl::ConsumeSuffix(&name, ":reciprocal");
        current->symbols[i] = std::string(name);
      }
    } else {
      absl::StatusOr<Expression> expression = ParseExpression(rest, current->symbols);
      if (!expression.ok()) return expression.status();
      for (Node& node : *expression) {
        node.reciprocal = node.operation == Operation::kSymbol && reciprocals[node.symbol];
      }
      current->expressions[key] = *std::move(expression);
    }
  }
  return formulas;
}

}  // namespace rectifier::prove
