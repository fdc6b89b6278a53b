#include "tests/core/numbers/elements_on_targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "tests/core/numbers/elements_on_targets.cc"
#include "hwy/foreach_target.h"

#include <cstring>
#include <type_traits>

#include "core/numbers/element-inl.h"
#include "core/numbers/partial-inl.h"
#include "core/numbers/rounding-inl.h"

HWY_BEFORE_NAMESPACE();
namespace rectifier {
namespace HWY_NAMESPACE {
namespace {

template <class T>
void LoadAllOf(const char* from, double* to, size_t count) {
  for (size_t i = 0; i < count; i += kLanes) Store(LoadElements<T>(from + i * sizeof(T)), to + i);
}

template <class T>
void StoreAllOf(const double* numbers, const double* given, char* to, size_t count) {
  for (size_t i = 0; i < count; i += kLanes) {
    const Double number = Load(numbers + i);
    if (given == nullptr) {
      StoreElements<T>(number, to + i * sizeof(T));
    } else {
      StoreElements<T>(number, Narrowed<T>(Load(given + i)), to + i * sizeof(T));
    }
  }
}

template <class T>
void FindHalfwayOf(const double* numbers, double* halfway, size_t count) {
  if constexpr (!std::is_same_v<T, double>) {
    for (size_t i = 0; i < count; i += kLanes) {
      Ties<T> ties;
      if constexpr (kIsHalf<T>) {
        ties.Add(RoundedHalf<T>(Narrowed<T>(Load(numbers + i))));
      } else {
        ties.Add(RoundedFloat<bounds::kDoubleLanes>(Load(numbers + i)));
      }
      uint8_t bits[8] = {};
      hn::StoreMaskBits(typename Ties<T>::D(), ties.Lanes(), bits);
      for (size_t lane = 0; lane < kLanes; ++lane) halfway[i + lane] = bits[0] >> lane & 1;
    }
  }
}

}  // namespace

void LoadAll(ElementType type, const char* from, double* to, size_t count) {
  Visit(type, [&](auto t) { LoadAllOf<typename decltype(t)::type>(from, to, count); });
}
void StoreAll(ElementType type, const double* numbers, const double* given, char* to,
              size_t count) {
  Visit(type, [&](auto t) { StoreAllOf<typename decltype(t)::type>(numbers, given, to, count); });
}
void FindHalfway(ElementType type, const double* numbers, double* halfway, size_t count) {
  Visit(type, [&](auto t) { FindHalfwayOf<typename decltype(t)::type>(numbers, halfway, count); });
}
void LoadFirst(ElementType type, const char* from, size_t count, double past_end, double* to) {
  Visit(type, [&](auto t) HWY_ATTR {
    Store(LoadSome<typename decltype(t)::type>(from, count, past_end), to);
  });
}
void StoreFirst(ElementType type, const double* numbers, size_t count, char* to) {
  Visit(type,
        [&](auto t) HWY_ATTR { StoreSome<typename decltype(t)::type>(Load(numbers), count, to); });
}
size_t Lanes() { return kLanes; }

}  // namespace HWY_NAMESPACE
}  // namespace rectifier
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace rectifier {

HWY_EXPORT(LoadAll);
HWY_EXPORT(StoreAll);
HWY_EXPORT(FindHalfway);
HWY_EXPORT(LoadFirst);
HWY_EXPORT(StoreFirst);
HWY_EXPORT(Lanes);

namespace {

std::vector<double> PaddedNumbers(const std::vector<double>& numbers) {
  return Padded(NumberArray(numbers)).hi;
}

// Elements side by side, from an odd address on.
class Memory {
 public:
  Memory(ElementType type, const ElementBits& elements)
      : Memory(type, elements.size(), elements.size()) {
    for (size_t i = 0; i < elements.size(); ++i) {
      std::memcpy(data() + i * size_, &elements[i], size_);
    }
  }
  Memory(ElementType type, size_t count, size_t room)
      : size_(SizeOf(type)), count_(count), bytes_(1 + room * size_) {}

  char* data() { return bytes_.data() + 1; }
  ElementBits Bits() const {
    ElementBits bits(count_);
    for (size_t i = 0; i < count_; ++i) std::memcpy(&bits[i], &bytes_[1 + i * size_], size_);
    return bits;
  }

 private:
  size_t size_;
  size_t count_;
  std::vector<char> bytes_;
};

ElementBits Stored(int64_t target, ElementType type, const std::vector<double>& numbers,
                   const double* given) {
  const std::vector<double> padded = PaddedNumbers(numbers);
  Memory memory(type, numbers.size(), padded.size());
  OnTarget(target, [&] {
    HWY_DYNAMIC_DISPATCH(StoreAll)(type, padded.data(), given, memory.data(), padded.size());
  });
  return memory.Bits();
}

}  // namespace

std::vector<double> LoadedOn(int64_t target, ElementType type, const ElementBits& elements) {
  std::vector<double> numbers = PaddedNumbers(std::vector<double>(elements.size()));
  ElementBits padded = elements;
  padded.resize(numbers.size());
  Memory memory(type, padded);
  OnTarget(target, [&] {
    HWY_DYNAMIC_DISPATCH(LoadAll)(type, memory.data(), numbers.data(), numbers.size());
  });
  numbers.resize(elements.size());
  return numbers;
}

ElementBits StoredOn(int64_t target, ElementType type, const std::vector<double>& numbers) {
  return Stored(target, type, numbers, nullptr);
}

ElementBits StoredBesideOn(int64_t target, ElementType type, const std::vector<double>& numbers,
                           const std::vector<double>& given) {
  return Stored(target, type, numbers, PaddedNumbers(given).data());
}

std::vector<double> HalfwayOn(int64_t target, ElementType type,
                              const std::vector<double>& numbers) {
  const std::vector<double> padded = PaddedNumbers(numbers);
  std::vector<double> halfway(padded.size());
  OnTarget(target, [&] {
    HWY_DYNAMIC_DISPATCH(FindHalfway)(type, padded.data(), halfway.data(), padded.size());
  });
  halfway.resize(numbers.size());
  return halfway;
}

std::vector<double> LoadedSomeOn(int64_t target, ElementType type, const ElementBits& elements,
                                 size_t count, double past_end) {
  Memory memory(type, elements);
  std::vector<double> numbers(LanesOn(target));
  OnTarget(target, [&] {
    HWY_DYNAMIC_DISPATCH(LoadFirst)(type, memory.data(), count, past_end, numbers.data());
  });
  return numbers;
}

ElementBits StoredSomeOn(int64_t target, ElementType type, const std::vector<double>& numbers,
                         size_t count, const ElementBits& elements) {
  Memory memory(type, elements);
  OnTarget(target, [&] {
    HWY_DYNAMIC_DISPATCH(StoreFirst)(type, numbers.data(), count, memory.data());
  });
  return memory.Bits();
}

size_t LanesOn(int64_t target) {
  size_t lanes = 0;
  OnTarget(target, [&] { lanes = HWY_DYNAMIC_DISPATCH(Lanes)(); });
  return lanes;
}

}  // namespace rectifier
#endif  // HWY_ONCE
