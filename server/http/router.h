// Which request is for what.
#ifndef RECTIFIER_SERVER_HTTP_ROUTER_H_
#define RECTIFIER_SERVER_HTTP_ROUTER_H_

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "server/http/infer_request_json.h"
#include "server/http/message.h"
#include "server/http/openapi.h"
#include "server/http/site.h"

namespace rectifier::http {

// Thread-safe.
class Router {
 public:
  struct Settings {
    std::vector<std::string> allowed_hosts;
    std::vector<std::string> allowed_origins;
    InferLimits limits;
    size_t max_message_bytes = 0;      // of a body that is not JSON, and of the message it becomes
    std::function<bool()> is_healthy;  // which /healthz tells
    std::function<bool()> is_ready;
    std::function<std::string()> metrics_text;  // null: /metrics is not here
  };

  explicit Router(Settings settings);

  // What can be answered without the body, if anything: errors, health and preflights.
  std::optional<Response> AnswerHead(const Head& head) const;

  // How many bytes the body may have.
  size_t MaxBodyBytes(const Head& head) const;

  // What the whole request stands for. A large body takes a while.
  Translation Translate(const Head& head, const std::shared_ptr<const std::string>& body) const;

  // What browsers look for in a response.
  void AddFields(const Head& head, Response* response) const { site_.AddFields(head, response); }

  // An error that has no call, in the form of the path's protocol.
  static Response Error(const Head& head, int status, const std::string& message);

  // That to a method of HTTP other than those of `allowed`, such as "GET, HEAD".
  static Response NotAllowed(const Head& head, absl::string_view allowed);

 private:
  Response AnswerHealth(absl::string_view path) const;
  static std::optional<Response> AnswerOptions(const Head& head);

  const Settings settings_;
  const Site site_;
  const OpenApi openapi_;
};

}  // namespace rectifier::http

#endif  // RECTIFIER_SERVER_HTTP_ROUTER_H_
