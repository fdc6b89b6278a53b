#include "server/http/message.h"

namespace rectifier::http {

const std::string* Head::Find(absl::string_view name) const {
  for (const auto& [key, value] : fields) {
    if (key == name) return &value;
  }
  return nullptr;
}

absl::string_view Head::path() const {
  const absl::string_view whole = target;
  return whole.substr(0, whole.find('?'));
}

size_t Response::body_bytes() const {
  size_t bytes = 0;
  for (const grpc::Slice& slice : body) bytes += slice.size();
  return bytes;
}

grpc::Slice SliceOf(const std::shared_ptr<const std::string>& body, absl::string_view part) {
  if (part.empty()) return grpc::Slice();
  auto* const kept = new std::shared_ptr<const std::string>(body);
  return grpc::Slice(
      const_cast<char*>(part.data()), part.size(),
      [](void* owner) { delete static_cast<std::shared_ptr<const std::string>*>(owner); }, kept);
}

}  // namespace rectifier::http
