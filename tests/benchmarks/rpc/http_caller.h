// Requests of HTTP/1.1 over TCP: one thread, a connection for each call in flight, and nothing done
// with the responses.
#ifndef RECTIFIER_TESTS_BENCHMARKS_RPC_HTTP_CALLER_H_
#define RECTIFIER_TESTS_BENCHMARKS_RPC_HTTP_CALLER_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "tests/benchmarks/rpc/caller.h"

namespace rectifier {

class HttpCaller final : public Caller {
 public:
  // Looks at the one response of Check: the whole of it, and where its body begins.
  using ReplyCheck = std::function<absl::Status(absl::string_view response, size_t body)>;

  // Keeps so many calls in flight to `address` (127.0.0.1:port). `request` is the whole of it.
  HttpCaller(const std::string& address, int inflight, std::string request, ReplyCheck check);
  ~HttpCaller() override;

  absl::Status Check() override;
  absl::StatusOr<Calls> Run(const Until& until) override;

 private:
  class Connection;

  const std::string request_;
  const ReplyCheck check_;
  std::vector<std::unique_ptr<Connection>> connections_;
};

// The value of a field, named in the server's spelling, of a response's head; empty where it is not
// there.
absl::string_view FieldOf(absl::string_view response, absl::string_view name);

}  // namespace rectifier

#endif  // RECTIFIER_TESTS_BENCHMARKS_RPC_HTTP_CALLER_H_
