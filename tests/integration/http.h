// One HTTP GET, for /metrics and /healthz.
#ifndef RECTIFIER_TESTS_INTEGRATION_HTTP_H_
#define RECTIFIER_TESTS_INTEGRATION_HTTP_H_

#include <string>

namespace rectifier::testing {

struct HttpReply {
  int status = 0;  // 0: no connection
  std::string body;
};

// `address` is host:port with an IPv4 host.
HttpReply HttpGet(const std::string& address, const std::string& path);

// A connection that has sent `bytes`, which need not be a request; the caller closes it.
int HttpSend(const std::string& address, const std::string& bytes);

// The value of a series, "name{label=\"value\"}", in Prometheus's text format; NaN where absent.
double SeriesValue(const std::string& metrics, const std::string& series);

}  // namespace rectifier::testing

#endif  // RECTIFIER_TESTS_INTEGRATION_HTTP_H_
