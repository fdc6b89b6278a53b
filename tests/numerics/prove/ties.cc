#include "tests/numerics/prove/ties.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

#include "tests/numerics/prove/asymptote.h"
#include "tests/numerics/prove/format.h"

namespace rectifier::prove {
namespace {

constexpr double kBeyond = 0x1p128;  // follows the largest float32
// Terms of the series, and bits: the rest of a tiny subnormal x is some 300 bits below it.
constexpr size_t kTerms = 8;
constexpr slong kPrecision = 768;
// A slope of as many bits, times a float32, is an exact double.
constexpr slong kSlopeBits = 28;
// Slopes such as 1/6 and 0.8 have few bits only times one of these.
constexpr double kDivisors[] = {1, 3, 5, 7, 9, 15, 25};
// Constants are multiples of this part of a ULP.
constexpr double kGrid = 0x1p-6;
// Shorter pieces are not looked into.
constexpr size_t kShortPiece = size_t{1} << 10;
// Where as many inputs of a line are undecided the others are left so.
constexpr size_t kPatience = 64;

class Bound {
 public:
  Bound() { mag_init(value_); }
  Bound(const Bound&) = delete;
  Bound& operator=(const Bound&) = delete;
  ~Bound() { mag_clear(value_); }

  // Adds an upper bound of |x|.
  void Add(const arb_t x) {
    mag_t size;
    mag_init(size);
    arb_get_mag(size, x);
    mag_add(value_, value_, size);
    mag_clear(size);
  }
  // Whether |x| is certainly larger.
  bool IsBelow(const arb_t x) const {
    mag_t least;
    mag_init(least);
    arb_get_mag_lower(least, x);
    const bool below = mag_cmp(value_, least) < 0;
    mag_clear(least);
    return below;
  }
  bool IsZero() const { return mag_is_zero(value_) != 0; }
  double ToDouble() const { return mag_get_d(value_); }

 private:
  mag_t value_;
};

void Subtract(double number, Ball* ball) {
  arb_sub(ball->get(), ball->get(), Ball(number).get(), ARF_PREC_EXACT);
}

double NearestOf(const Ball& ball, slong bits) {
  Exact rounded;
  arf_set_round(rounded.get(), arb_midref(ball.get()), bits, ARF_RND_NEAR);
  return arf_get_d(rounded.get(), ARF_RND_NEAR);
}

// a - b, where no bit of it is lost.
std::optional<double> ExactDifference(double a, double b) {
  const double difference = a - b;
  const double shadow = difference - a;
  const double lost = (a - (difference - shadow)) - (b + shadow);
  return lost == 0 ? std::optional<double>(difference) : std::nullopt;
}

// Finite numbers of float32 as they are, and what follows the largest for infinity.
double ValueOf(float number) {
  return std::isinf(number) ? std::copysign(kBeyond, number) : double{number};
}

// nullopt where it has more bits.
std::optional<double> DoubleOf(const Rational& number, slong bits) {
  Ball ball;
  arb_set_fmpq(ball.get(), number.get(), bits);
  if (!arb_is_exact(ball.get())) return std::nullopt;
  return arf_get_d(arb_midref(ball.get()), ARF_RND_NEAR);
}

// The terms for one divisor, where these tell anything.
std::optional<LeadingTerms> TermsFor(double divisor, const Series& series, const arb_t remainder,
                                     const Line& piece, double unit) {
  const double radius = piece.step * (static_cast<double>(piece.count) / 2);
  const double center = piece.first + radius;
  const auto scaled = [&](const arb_t coefficient) {
    Ball product;
    arb_mul(product.get(), coefficient, Ball(divisor).get(), kPrecision);
    return product;
  };
  LeadingTerms terms{.divisor = divisor};
  Ball first = series.size() > 1 ? scaled(series[1]) : Ball();
  Ball slope;
  arb_div(slope.get(), first.get(), Ball(radius).get(), kPrecision);
  terms.slope = NearestOf(slope, kSlopeBits);
  Ball rest = scaled(series[0]);
  Subtract(terms.slope * center, &rest);
  const double steps = std::round(NearestOf(rest, 53) / (unit * kGrid));
  if (!(std::abs(steps) < 0x1p45)) return std::nullopt;
  terms.constant = steps * (unit * kGrid);
  Subtract(terms.constant, &rest);
  Subtract(terms.slope * radius, &first);

  Bound spread;
  spread.Add(first.get());
  for (size_t k = 2; k < series.size(); ++k) spread.Add(scaled(series[k]).get());
  spread.Add(scaled(remainder).get());
  if (arb_is_zero(rest.get()) && spread.IsZero()) return terms;
  if (!spread.IsBelow(rest.get())) return std::nullopt;
  spread.Add(rest.get());
  terms.rest = spread.ToDouble();
  terms.sign = arf_sgn(arb_midref(rest.get()));
  if (terms.rest > divisor * unit * kTolerance) return std::nullopt;
  return terms;
}

}  // namespace

std::optional<bool> IsNearest(const LeadingTerms& terms, double x, double reference, float result) {
  const double here = ValueOf(result);
  const int direction = reference > here ? 1 : -1;
  const float next = std::nextafter(result, static_cast<float>(direction * HUGE_VAL));
  const double tie = here + (ValueOf(next) - here) / 2;
  const double line = terms.slope * x;
  if (std::fma(terms.slope, x, -line) != 0) return std::nullopt;
  const auto target = ExactDifference(terms.divisor * tie, terms.constant);
  if (!target.has_value()) return std::nullopt;
  const double distance = line - *target;
  if (distance != 0 && !(std::abs(distance) > terms.rest * (1 + 0x1p-40))) return std::nullopt;
  const int side = distance != 0 ? (distance > 0 ? 1 : -1) : terms.sign;
  if (side == 0) return std::bit_cast<uint32_t>(result) % 2 == 0;
  return side != direction;
}

TieBreaker::TieBreaker(const Expression* expression, absl::Span<const double> arguments)
    : expression_(expression),
      arguments_(arguments.begin(), arguments.end()),
      evaluator_(expression, arguments),
      oracle_(expression, arguments) {}

void TieBreaker::Start(const Line& line) {
  line_ = line;
  begin_ = end_ = 0;
  undecided_ = 0;
}

Judgement TieBreaker::Judge(size_t i, double reference, float result, bool many) {
  const double x = line_.at(i);
  const auto by_terms = [&](const std::optional<LeadingTerms>& terms) {
    return terms.has_value() ? IsNearest(*terms, x, reference, result) : std::nullopt;
  };
  const auto judgement = [](bool right) { return right ? Judgement::kRight : Judgement::kWrong; };
  if (many) {
    const auto is_nearest = by_terms(TermsAt(i));
    if (is_nearest.has_value()) return judgement(*is_nearest);
    if (undecided_ >= kPatience) return Judgement::kUndecided;
  }
  const RoundedResult exact = oracle_.RoundedAt(x, ElementType::kFloat32);
  if (!exact.Is(result)) return Judgement::kWrong;
  if (exact.exact.decided && exact.exact.defined) return Judgement::kRight;
  const auto is_nearest = by_terms(TermsByAsymptote({x, line_.step, 1}));
  if (is_nearest.has_value()) return judgement(*is_nearest);
  ++undecided_;
  return Judgement::kUndecided;
}

// Those of the largest piece around input `i` that has them.
const std::optional<LeadingTerms>& TieBreaker::TermsAt(size_t i) {
  if (begin_ <= i && i < end_) return terms_;
  Line piece = line_;
  begin_ = 0;
  while (true) {
    end_ = begin_ + piece.count;
    terms_ = LeadingTermsOf(piece);
    if (terms_.has_value() || piece.count <= kShortPiece) return terms_;
    const size_t which = i < begin_ + piece.count / 2 ? 0 : 1;
    begin_ += which * (piece.count / 2);
    piece = piece.Half(which);
  }
}

std::optional<LeadingTerms> TieBreaker::LeadingTermsOf(const Line& piece) {
  const auto terms = TermsBySeries(piece);
  return terms.has_value() ? terms : TermsByAsymptote(piece);
}

std::optional<LeadingTerms> TieBreaker::TermsBySeries(const Line& piece) {
  const double radius = piece.step * (static_cast<double>(piece.count) / 2);
  const Ball center(piece.first + radius);
  Ball whole = center;
  mag_set_d(arb_radref(whole.get()), std::abs(radius));
  if (evaluator_.Evaluate(whole.get(), radius, {.length = kTerms + 1, .precision = kPrecision}) !=
      Outcome::kDone) {
    return std::nullopt;
  }
  Ball remainder;
  if (evaluator_.result().size() > kTerms) arb_set(remainder.get(), evaluator_.result()[kTerms]);
  if (evaluator_.Evaluate(center.get(), radius, {.length = kTerms, .precision = kPrecision}) !=
      Outcome::kDone) {
    return std::nullopt;
  }
  const Series& series = evaluator_.result();
  const double value = arf_get_d(arb_midref(series[0]), ARF_RND_NEAR);
  if (!(std::abs(value) < kBeyond)) return std::nullopt;
  const double unit = UnitInTheLastPlace(ElementType::kFloat32, value);
  for (double divisor : kDivisors) {
    const auto terms = TermsFor(divisor, series, remainder.get(), piece, unit);
    if (terms.has_value()) return terms;
  }
  return std::nullopt;
}

// -1 - x + e^x of x = -2^24 is 2^-24,000,000 off a tie, which no series tells from it.
std::optional<LeadingTerms> TieBreaker::TermsByAsymptote(const Line& piece) const {
  const auto [low, high] = std::minmax({piece.first, piece.at(piece.count - 1)});
  const auto asymptote = AsymptoteOf(*expression_, arguments_, low, high);
  if (!asymptote.has_value()) return std::nullopt;
  const int sign = arf_sgn(asymptote->rest.low.get());
  if (sign != arf_sgn(asymptote->rest.high.get())) return std::nullopt;
  const auto slope = DoubleOf(asymptote->slope, kSlopeBits);
  const auto constant = DoubleOf(asymptote->constant, 53);
  if (!slope.has_value() || !constant.has_value()) return std::nullopt;
  LeadingTerms terms{.slope = *slope, .constant = *constant, .sign = sign};
  Bound rest;
  for (const Exact* end : {&asymptote->rest.low, &asymptote->rest.high}) {
    Ball ball;
    arb_set_arf(ball.get(), end->get());
    rest.Add(ball.get());
  }
  terms.rest = std::max(rest.ToDouble(), std::numeric_limits<double>::denorm_min());
  const double least = std::min(std::abs(terms.slope * low + terms.constant),
                                std::abs(terms.slope * high + terms.constant));
  const double unit = UnitInTheLastPlace(ElementType::kFloat32, least);
  if (terms.rest > unit * kTolerance) return std::nullopt;
  return terms;
}

}  // namespace rectifier::prove
