// What an operator can set about HTTP. Flags are defined in http_options.cc.
#ifndef RECTIFIER_SERVER_HTTP_OPTIONS_H_
#define RECTIFIER_SERVER_HTTP_OPTIONS_H_

#include <cstdint>
#include <string>
#include <vector>

namespace rectifier {

struct HttpOptions {
  std::string listen;                        // "host:port" or "unix:/path"; empty: off
  std::vector<std::string> allowed_hosts;    // beside addresses and localhost; "*": any
  std::vector<std::string> allowed_origins;  // of pages; "*": any
  bool metrics = false;                      // whether /metrics is there, too
  int64_t max_json_bytes = int64_t{32} << 20;
};

HttpOptions HttpOptionsFromFlags();

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_HTTP_OPTIONS_H_
