#include "server/http/tensor_json.h"

#include <cstdint>
#include <cstring>
#include <limits>
#include <optional>
#include <type_traits>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "server/http/json_text.h"
#include "server/http/json_to_message.h"

namespace rectifier::http {
namespace {

using Kind = JsonReader::Kind;

enum class Half : uint16_t {};   // FP16's bits
enum class Brain : uint16_t {};  // BF16's
enum class Truth : uint8_t {};   // BOOL's

float FromBits(uint32_t bits) {
  float number;
  std::memcpy(&number, &bits, sizeof(number));
  return number;
}

float ToFloat(Brain brain) { return FromBits(static_cast<uint32_t>(brain) << 16); }

// Exact: what has ten bits of fraction fits into 23.
float ToFloat(Half half) {
  const auto bits = static_cast<uint32_t>(half);
  const uint32_t sign = (bits & 0x8000) << 16, exponent = (bits >> 10) & 31,
                 fraction = bits & 0x3FF;
  if (exponent == 31) return FromBits(sign | 0x7F800000 | (fraction << 13));
  if (exponent != 0) return FromBits(sign | ((exponent + 112) << 23) | (fraction << 13));
  const float subnormal = static_cast<float>(fraction) * 0x1p-24F;
  return sign == 0 ? subnormal : -subnormal;
}

// Calls `use` with a value of the type that elements of the datatype have in memory.
template <class Use>
void WithType(const Datatype& datatype, Use use) {
  const absl::string_view name = datatype.name;
  if (name == "FP64") return use(double{});
  if (name == "FP32") return use(float{});
  if (name == "FP16") return use(Half{});
  if (name == "BF16") return use(Brain{});
  if (name == "BOOL") return use(Truth{});
  if (name == "INT8") return use(int8_t{});
  if (name == "INT16") return use(int16_t{});
  if (name == "INT32") return use(int32_t{});
  if (name == "INT64") return use(int64_t{});
  if (name == "UINT8") return use(uint8_t{});
  if (name == "UINT16") return use(uint16_t{});
  if (name == "UINT32") return use(uint32_t{});
  return use(uint64_t{});
}

template <class Element>
void AppendRaw(Element element, std::string* raw) {
  char bytes[sizeof(element)];
  std::memcpy(bytes, &element, sizeof(bytes));
  raw->append(bytes, sizeof(bytes));
}

class ElementReader {
 public:
  ElementReader(JsonReader& reader, const Datatype& datatype, const FieldPath& path, size_t most,
                std::string* raw)
      : reader_(reader), datatype_(datatype), path_(path), most_(most), raw_(*raw) {}

  template <class Element>
  absl::Status Array() {
    if (reader_.Peek() != Kind::kArray) return Unexpected("an array");
    for (bool more = reader_.BeginArray(); more && reader_.NextElement();) {
      absl::Status status = reader_.Peek() == Kind::kArray ? Array<Element>() : Next<Element>();
      if (!status.ok()) return status;
    }
    return reader_.error().empty() ? absl::OkStatus() : path_.Error(reader_.error());
  }

 private:
  FieldPath Here() const { return FieldPath(&path_, static_cast<int64_t>(count_)); }

  absl::Status Unexpected(absl::string_view expected) {
    if (reader_.Peek() == Kind::kNothing) {
      reader_.Skip();
      return path_.Error(reader_.error());
    }
    return Here().Error(
        absl::StrCat(expected, " is expected at byte ", reader_.position(), " of the JSON"));
  }

  template <class Element>
  absl::Status Next() {
    if (count_ == most_) {
      return path_.Error(absl::StrFormat("it has more than %d numbers, which is the most that this "
                                         "server takes in JSON; binary data has no such limit",
                                         most_),
                         "TOO_MANY_VALUES");
    }
    absl::Status status = Read<Element>();
    ++count_;
    return status;
  }

  template <class Element>
  absl::Status Read() {
    if constexpr (std::is_same_v<Element, Truth>) {
      return ReadTruth();
    } else if constexpr (std::is_floating_point_v<Element>) {
      return ReadReal<Element>();
    } else if constexpr (std::is_integral_v<Element>) {
      return ReadInteger<Element>();
    } else {
      return path_.Error(
          absl::StrCat(datatype_.name, " has no form in JSON; send it as binary data, or as FP32"));
    }
  }

  absl::Status ReadTruth() {
    bool truth;
    if (reader_.Peek() == Kind::kNumber) {
      uint32_t number;
      absl::Status status = ReadWhole(reader_, Here(), &number);
      if (!status.ok()) return status;
      if (number > 1) return Here().Error("it must be true, false, 0 or 1");
      truth = number == 1;
    } else if (reader_.Peek() != Kind::kBool) {
      return Unexpected("true or false");
    } else if (!reader_.ReadBool(&truth)) {
      return path_.Error(reader_.error());
    }
    raw_ += static_cast<char>(truth);
    return absl::OkStatus();
  }

  template <class Real>
  absl::Status ReadReal() {
    absl::string_view text;
    const Kind kind = reader_.Peek();
    if (kind != Kind::kNumber && kind != Kind::kString) return Unexpected("a number");
    if (!(kind == Kind::kNumber ? reader_.ReadNumber(&text) : reader_.ReadString(&text))) {
      return path_.Error(reader_.error());
    }
    std::optional<Real> number;
    if constexpr (std::is_same_v<Real, float>) {
      number = ParseFloat(text);
    } else {
      number = ParseDouble(text);
    }
    if (!number) {
      return Here().Error(absl::StrCat("it is no number of ", datatype_.name,
                                       "; \"NaN\", \"Infinity\" and \"-Infinity\" are strings"));
    }
    AppendRaw(*number, &raw_);
    return absl::OkStatus();
  }

  template <class Integer>
  absl::Status ReadInteger() {
    using Wide = std::conditional_t<std::is_signed_v<Integer>, int64_t, uint64_t>;
    Wide number;
    absl::Status status = ReadWhole(reader_, Here(), &number);
    if (!status.ok()) return status;
    if (number < std::numeric_limits<Integer>::min() ||
        number > std::numeric_limits<Integer>::max()) {
      return Here().Error(absl::StrCat(number, " is no number of ", datatype_.name));
    }
    AppendRaw(static_cast<Integer>(number), &raw_);
    return absl::OkStatus();
  }

  JsonReader& reader_;
  const Datatype& datatype_;
  const FieldPath& path_;
  const size_t most_;
  std::string& raw_;
  size_t count_ = 0;
};

template <class Element>
void AppendElement(Element element, std::string* json) {
  if constexpr (std::is_same_v<Element, Truth>) {
    *json += element == Truth{0} ? "false" : "true";
  } else if constexpr (std::is_floating_point_v<Element>) {
    AppendJson(element, json);
  } else if constexpr (std::is_integral_v<Element>) {
    absl::StrAppend(json, +element);
  } else {
    AppendJson(ToFloat(element), json);
  }
}

}  // namespace

absl::Status ReadElements(JsonReader& reader, const Datatype& datatype, const FieldPath& path,
                          size_t most, std::string* raw) {
  absl::Status status;
  WithType(datatype, [&](auto element) {
    status = ElementReader(reader, datatype, path, most, raw).template Array<decltype(element)>();
  });
  return status;
}

void AppendElements(absl::string_view raw, const Datatype& datatype, std::string* json) {
  WithType(datatype, [&](auto element) {
    *json += '[';
    for (size_t i = 0; i + sizeof(element) <= raw.size(); i += sizeof(element)) {
      std::memcpy(&element, raw.data() + i, sizeof(element));
      if (i > 0) *json += ',';
      AppendElement(element, json);
    }
    *json += ']';
  });
}

}  // namespace rectifier::http
