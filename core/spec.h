// What an activation says about itself, as plain constexpr data. Everything that is known about an
// activation outside its kernel (argument checks, ListActivations, the catalogue's page, plots,
// golden data, conformance tests) is read from its Spec. It includes nothing of ours.
#ifndef RECTIFIER_CORE_SPEC_H_
#define RECTIFIER_CORE_SPEC_H_

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <string_view>

#include "absl/strings/string_view.h"

namespace rectifier {

inline constexpr double kInfinity = std::numeric_limits<double>::infinity();

// A short list that can be written inline in a constexpr initializer.
template <class T, size_t kCapacity>
class List {
 public:
  constexpr List() = default;
  constexpr List(std::initializer_list<T> items) {  // NOLINT: implicit, so that specs read plainly
    for (const T& item : items) items_[size_++] = item;  // constexpr: too many do not compile
  }
  constexpr const T* begin() const { return items_; }
  constexpr const T* end() const { return items_ + size_; }
  constexpr size_t size() const { return size_; }
  constexpr bool empty() const { return size_ == 0; }
  constexpr const T& operator[](size_t i) const { return items_[i]; }

 private:
  T items_[kCapacity] = {};
  size_t size_ = 0;
};

// How an activation maps shapes; each kind has its own kernel signature.
enum class Kind : uint8_t {
  kElementwise,  // each element by itself
  kRows,         // along an axis
  kPairs,        // a gate and a value, in two tensors or one that is split along an axis
};

// What an evaluation gives back. With L = sum(upstream * y), every derivative is one of L.
enum class Quantity : uint8_t { kValue, kGradient, kSecondDerivative, kParameterGradient };
inline constexpr Quantity kAllQuantities[] = {Quantity::kValue, Quantity::kGradient,
                                              Quantity::kSecondDerivative,
                                              Quantity::kParameterGradient};

class QuantitySet {
 public:
  constexpr QuantitySet() = default;
  constexpr QuantitySet(std::initializer_list<Quantity> quantities) {
    for (Quantity quantity : quantities) Add(quantity);
  }
  constexpr void Add(Quantity quantity) { bits_ |= Bit(quantity); }
  constexpr bool Has(Quantity quantity) const { return (bits_ & Bit(quantity)) != 0; }
  constexpr bool empty() const { return bits_ == 0; }

 private:
  static constexpr uint8_t Bit(Quantity quantity) {
    return static_cast<uint8_t>(1u << static_cast<unsigned>(quantity));
  }
  uint8_t bits_ = 0;
};

// The interval of allowed arguments. NaN is never allowed, infinity where the interval includes it.
struct Range {
  double low = -kInfinity;
  double high = kInfinity;
  bool low_open = true;
  bool high_open = true;
  double least_size = 0;  // of the absolute value: cuts a piece around 0 out of the interval

  constexpr bool Contains(double value) const {
    const bool above = low_open ? value > low : value >= low;
    const bool below = high_open ? value < high : value <= high;
    return above && below && (value >= least_size || value <= -least_size);
  }
  constexpr bool HasInfinity() const { return Contains(kInfinity) || Contains(-kInfinity); }
};
inline constexpr Range kAnyFinite{};
// The ranges of arguments that are bounds themselves, and absent where they are infinite.
inline constexpr Range kAnyBound{.low_open = false, .high_open = false};
// The same ranges, but open on one side or from 0 on.
inline constexpr Range kLowerBound{.low_open = false};
inline constexpr Range kUpperBound{.high_open = false};
inline constexpr Range kPositiveBound{.low = 0, .high_open = false};
inline constexpr Range kNonNegativeBound{.low = 0, .low_open = false, .high_open = false};
// Factors of exponentials and their arguments: in float32 the product of such an argument, of the
// largest numbers and of an exponential that counts as 0 is still 0.
inline constexpr Range kModerate{
    .low = -1e100, .high = 1e100, .low_open = false, .high_open = false};
inline constexpr Range kModeratePositive{
    .low = 1e-100, .high = 1e100, .low_open = false, .high_open = false};
inline constexpr Range kModerateNotZero{
    .low = -1e100, .high = 1e100, .low_open = false, .high_open = false, .least_size = 1e-100};
inline constexpr Range kPositive{.low = 0};
inline constexpr Range kNonNegative{.low = 0, .low_open = false};
inline constexpr Range kAtLeastOne{.low = 1, .low_open = false};
// A double holds every whole number of this range.
inline constexpr Range kCount{.low = 0, .high = 0x1p53, .low_open = false, .high_open = false};

enum class ParameterType : uint8_t {
  kNumber,
  kInteger,
  kAxes,  // a whole number, a tensor of whole numbers, or the word kAllAxesWord
  kWord,
  // A whole number that starts a sequence of random draws, one for each element
  // (core/functions/philox.h). The kernel's argument is the draw, which the formula calls `u`.
  // Where no seed is given nothing is random, and every draw is default_value.
  kSeed,
  kMask,  // a tensor of zeros, which leave an element out, and ones; absent by default
};

// Parameters with these names shape a rows or pairs evaluation; Bind knows them.
inline constexpr absl::string_view kAxisParameter = "axis";      // the axis to work along
inline constexpr absl::string_view kPiecesParameter = "pieces";  // see RowShape::kGroups
inline constexpr absl::string_view kGateParameter = "gate";      // which half gates
inline constexpr absl::string_view kLayoutParameter = "layout";  // how the halves lie
// It stands beside a seed, and is added to the elements' indices, so that a tensor in pieces can be
// continued.
inline constexpr absl::string_view kOffsetParameter = "offset";
inline constexpr absl::string_view kMaskParameter = "mask";          // which elements take part
inline constexpr absl::string_view kKeepDimsParameter = "keepdims";  // see RowShape::kReduce
// A number or tensor that is added to the x of a rows activation, broadcast to it; it is absent by
// default.
inline constexpr absl::string_view kBiasParameter = "bias";

// The argument and the default that stand for every axis of the input.
inline constexpr absl::string_view kAllAxesWord = "all";
inline constexpr double kAllAxes = kInfinity;

struct Parameter {
  absl::string_view name;
  List<absl::string_view, 6> aliases = {};
  absl::string_view summary;
  ParameterType type = ParameterType::kNumber;
  double default_value = 0;  // of a number or an integer
  Range range = kAnyFinite;
  absl::string_view at_most = {};         // the name of a number that this one may not exceed
  List<absl::string_view, 4> words = {};  // of a word; the first is the default
  bool learnable = false;
  // Whether the double nearest to 1/n, for a whole number n up to kLargestReciprocal, means 1/n:
  // the function has a root or a kink at a place that depends on it, which is at -3 for a sixth,
  // and beside that for the double nearest to a sixth.
  bool reciprocal = false;
};
inline constexpr double kLargestReciprocal = 1000;

inline constexpr absl::string_view kFrameworks[] = {"pytorch", "jax", "keras", "onnx",
                                                    "tensorflow"};

// The names of an activation that something holds for. Where there are none, it holds for all
// names.
using Names = List<absl::string_view, 8>;

// What holds where the caller leaves it open: a number, a word of a parameter that takes words, or
// the axis of the input along which a tensor of rank 1 runs (TensorAxis).
struct TensorAxis {
  int axis;
};
struct Setting {
  enum class Kind : uint8_t { kNumber, kWord, kTensorAxis };

  constexpr Setting() = default;
  constexpr Setting(double number)  // NOLINT: implicit, so that specs read plainly
      : number(number) {}
  constexpr Setting(TensorAxis along)  // NOLINT: as above
      : kind(Kind::kTensorAxis), number(along.axis) {}
  template <size_t kSize>
  constexpr Setting(const char (&text)[kSize])  // NOLINT: as above
      : kind(Kind::kWord), word(text, kSize - 1) {}

  Kind kind = Kind::kNumber;
  double number = 0;  // or the axis
  absl::string_view word = {};
};

// A default that holds under a framework's preset, for some of the activation's names, or both.
// Where several fit, a default for the name goes before one for all names and, among those, one for
// the framework before one for any: `relu6` stops at 6 under every preset.
struct Preset {
  absl::string_view framework;  // one of kFrameworks; empty: under any, and under none
  absl::string_view parameter;
  Setting value;
  Names names = {};
};

// An activation of the catalogue that a framework means by this one's name, or by some of its
// names: it differs at a kink, or is another function. It has this one's kind, its quantities, and
// no parameter that this one lacks; this one's defaults hold for it.
struct Variant {
  absl::string_view framework;   // one of kFrameworks
  absl::string_view activation;  // its canonical name
  Names names = {};
};

// A name that others give to this activation with certain arguments; errors point to it.
struct OtherName {
  absl::string_view name;
  absl::string_view arguments;  // "gate=second"
};

// What a rows activation does to the axis it works along.
enum class RowShape : uint8_t {
  kKeep,    // keeps the shape
  kReduce,  // removes the axis, or leaves it with the size 1 where kKeepDimsParameter says so
  kGroups,  // cuts the axis into groups of `pieces` consecutive elements, and keeps one each
  kTwice,   // makes two halves of it, with an element for each of the input in either
};

// The exact result, with the sign of zero, at one input with default arguments.
struct SpecialValue {
  double x;
  double value;
  double derivative;
};

// Measured worst errors of one quantity, in units in the last place of the exact result; 0.5 is
// correct rounding.
struct UlpBounds {
  double f64 = 0.55;
  double f32 = 0.51;
  double f16 = 0.5;
  double bf16 = 0.5;
};

// An interval in which the relative error of an f64 result is not bounded, because the exact result
// passes through zero or underflows there; the absolute error is. The other types are not affected.
struct HardSpot {
  Quantity quantity;
  double low;  // of x (of the gate, for pairs), times the argument of `times` where there is one
  double high;
  double absolute_error;
  absl::string_view times = {};
};

struct Accuracy {
  UlpBounds value = {};
  UlpBounds gradient = {};
  UlpBounds second_derivative = {};
  UlpBounds parameter_gradient = {};
  List<HardSpot, 6> hard_spots = {};
  absl::string_view note = {};  // why a bound is worse than 2 ULP
};

struct Spec {
  absl::string_view name;
  List<absl::string_view, 12> aliases = {};
  absl::string_view summary;  // one line
  // The definition in SymPy syntax: what the documentation prints, and what the oracle evaluates
  // and differentiates. Symbols: elementwise `x` and the parameters; rows `x` (a sequence) and `i`
  // (the index of the output, unless the axis is reduced); pairs `gate` and `value`. A Piecewise
  // states the convention at a kink: the derivative there is that of the branch that holds it.
  absl::string_view formula;
  List<Parameter, 8> parameters = {};
  List<Preset, 12> presets = {};   // hold for the variants too
  List<Variant, 6> variants = {};  // what is evaluated in this one's place
  // The aliases that name one exact form: variants for all names are not for these.
  Names exact_names = {};
  List<OtherName, 4> other_names = {};
  absl::string_view source;
  bool source_checked = false;         // the formula was compared with what the source itself says
  absl::string_view conventions = {};  // kinks and special values, in words
  List<SpecialValue, 8> special_values = {};
  RowShape row_shape = RowShape::kKeep;
  Accuracy accuracy = {};
};

// Whether an activation is made of pieces, of which an input selects one: where its derivative is
// 0, its gradient is 0 even if the upstream is an infinity or a NaN.
constexpr bool Selects(const Spec& spec) {
  const std::string_view formula(spec.formula.data(), spec.formula.size());
  return formula.find("Piecewise") != std::string_view::npos ||
         formula.find("Abs(") != std::string_view::npos;
}

// How many of the parameters are numbers.
constexpr size_t CountNumbers(const Spec& spec) {
  size_t count = 0;
  for (const Parameter& parameter : spec.parameters) {
    if (parameter.type == ParameterType::kNumber) ++count;
  }
  return count;
}

}  // namespace rectifier

#endif  // RECTIFIER_CORE_SPEC_H_
