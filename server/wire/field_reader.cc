#include "server/wire/field_reader.h"

#include "absl/strings/str_format.h"
#include "google/protobuf/io/zero_copy_stream_impl_lite.h"
#include "server/status.h"

namespace rectifier {
namespace {

using google::protobuf::internal::WireFormatLite;
using google::protobuf::io::CodedOutputStream;
using google::protobuf::io::StringOutputStream;

// So many fields of a later version are skipped; more of them are nonsense.
constexpr int64_t kMaxUnknownFields = 1024;
// The longest encoding of one number has so many bytes: a packed field holds at least a tenth as
// many numbers as bytes.
constexpr int kMaxVarintBytes = 10;

}  // namespace

absl::Status MalformedRequest(int64_t position, const char* package) {
  return ErrorWithReason(absl::StatusCode::kInvalidArgument, "MALFORMED_REQUEST",
                         absl::StrFormat("the request is not a serialized %s message of its "
                                         "kind: it breaks off or turns invalid (or is not UTF-8) "
                                         "at byte %d",
                                         package, position));
}

absl::Status FieldReader::CheckNoGroup(uint32_t tag) const {
  if (WireFormatLite::GetTagWireType(tag) != WireFormatLite::WIRETYPE_START_GROUP) {
    return absl::OkStatus();
  }
  return ErrorWithReason(absl::StatusCode::kInvalidArgument, "GROUP_IN_REQUEST",
                         absl::StrFormat("there is a group before byte %d; no %s message has one",
                                         Position(), package_));
}

absl::Status FieldReader::Skip(uint32_t tag) {
  if (absl::Status status = CheckNoGroup(tag); !status.ok()) return status;
  return WireFormatLite::SkipField(stream_, tag) ? absl::OkStatus() : Malformed();
}

absl::Status FieldReader::SkipUnknown(uint32_t tag) {
  if (++*unknown_fields_ > kMaxUnknownFields) {
    return ErrorWithReason(absl::StatusCode::kInvalidArgument, "TOO_MANY_UNKNOWN_FIELDS",
                           absl::StrFormat("the request has more than %d fields that this "
                                           "server does not know",
                                           kMaxUnknownFields));
  }
  return Skip(tag);
}

// A field of another wire type than the known one's is unknown to protobuf, too.
absl::Status FieldReader::CountUnknown(const google::protobuf::Descriptor& type) {
  return ForEachField([&](int number, uint32_t tag) {
    const google::protobuf::FieldDescriptor* const field = type.FindFieldByNumber(number);
    const bool is_known =
        field != nullptr &&
        WireFormatLite::GetTagWireType(tag) ==
            WireFormatLite::WireTypeForFieldType(
                static_cast<WireFormatLite::FieldType>(static_cast<int>(field->type())));
    if (!is_known) return SkipUnknown(tag);
    if (field->message_type() == nullptr) return Skip(tag);
    return WithinMessage([&] { return CountUnknown(*field->message_type()); });
  });
}

absl::Status FieldReader::Copy(uint32_t tag, std::string* to) {
  if (absl::Status status = CheckNoGroup(tag); !status.ok()) return status;
  StringOutputStream target(to);
  CodedOutputStream output(&target);
  return WireFormatLite::SkipField(stream_, tag, &output) ? absl::OkStatus() : Malformed();
}

absl::Status FieldReader::CountNumbers(uint32_t tag, int64_t* count) {
  int length = kMaxVarintBytes;
  const bool read = HoldsBytes(tag) ? ReadLength(&length) && stream_->Skip(length)
                                    : WireFormatLite::SkipField(stream_, tag);
  if (!read) return Malformed();
  *count += (length + kMaxVarintBytes - 1) / kMaxVarintBytes;
  return absl::OkStatus();
}

}  // namespace rectifier
