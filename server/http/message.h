// Requests and responses of HTTP, as those see them who translate them: without sockets.
#ifndef RECTIFIER_SERVER_HTTP_MESSAGE_H_
#define RECTIFIER_SERVER_HTTP_MESSAGE_H_

#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "grpcpp/support/byte_buffer.h"
#include "grpcpp/support/slice.h"
#include "grpcpp/support/status.h"

namespace rectifier::http {

// The head of a request. Names of fields are in lower case; a field that came several times is the
// values with commas between, which is what HTTP says they mean.
struct Head {
  std::string method;  // "POST"
  std::string target;  // "/v2/models/gelu/infer", with what follows a '?'
  std::vector<std::pair<std::string, std::string>> fields;

  // Null where the field is not there.
  const std::string* Find(absl::string_view name) const;
  // The target up to its '?'.
  absl::string_view path() const;
};

struct Response {
  int status = 200;
  std::string content_type = {};  // empty: no content
  std::vector<std::pair<std::string, std::string>> fields = {};
  std::vector<grpc::Slice> body = {};

  size_t body_bytes() const;

  static Response Of(int status, std::string content_type, const std::string& text) {
    return {.status = status, .content_type = std::move(content_type), .body = {grpc::Slice(text)}};
  }
  static Response Json(int status, const std::string& text) {
    return Of(status, "application/json", text);
  }
};

// What became of a call: OK has a reply.
struct Outcome {
  grpc::Status status;
  grpc::ByteBuffer reply;
};

// A call of the server's own, which a request stands for. `Answer` makes the response of what came
// of it, on any thread.
struct ServerCall {
  std::string method = {};  // "/package.Service/Method"
  grpc::ByteBuffer message = {};
  std::optional<absl::Duration> timeout = {};
  std::function<Response(const Outcome&)> answer = {};
  // What the response may take in memory beside the reply: so many bytes for each of its bytes, up
  // to a bound.
  size_t text_per_byte = 0;
  size_t most_text_bytes = std::numeric_limits<size_t>::max();
};

using Translation = std::variant<Response, ServerCall>;

// The bytes of a request's body, without the copy. `body` goes when the last slice does.
grpc::Slice SliceOf(const std::shared_ptr<const std::string>& body, absl::string_view part);

}  // namespace rectifier::http

#endif  // RECTIFIER_SERVER_HTTP_MESSAGE_H_
