#include "server/http_options.h"

#include "absl/flags/flag.h"
#include "server/byte_count.h"

ABSL_FLAG(std::string, http_listen, "",
          "host:port or unix:/path that serves the API and the Open Inference Protocol over "
          "HTTP/1.1, in JSON and binary, and the page at /; empty: off");
ABSL_FLAG(std::vector<std::string>, http_allowed_hosts, {},
          "names, with commas between, by which callers reach --http_listen (the field Host), "
          "beside addresses in digits and localhost; *: any, which lets a web page that has its "
          "own name point to this server call it");
ABSL_FLAG(std::vector<std::string>, http_allowed_origins, {},
          "origins of web pages, such as https://example.com, with commas between, that may call "
          "--http_listen from a browser, beside its own; *: any");
ABSL_FLAG(bool, http_metrics, false,
          "whether --http_listen has /metrics, too, for who may call; the page at / shows what "
          "they say");
ABSL_FLAG(rectifier::ByteCount, max_json_bytes, {rectifier::HttpOptions().max_json_bytes},
          "size of a request in JSON");

namespace rectifier {

HttpOptions HttpOptionsFromFlags() {
  return {.listen = absl::GetFlag(FLAGS_http_listen),
          .allowed_hosts = absl::GetFlag(FLAGS_http_allowed_hosts),
          .allowed_origins = absl::GetFlag(FLAGS_http_allowed_origins),
          .metrics = absl::GetFlag(FLAGS_http_metrics),
          .max_json_bytes = absl::GetFlag(FLAGS_max_json_bytes).bytes};
}

}  // namespace rectifier
