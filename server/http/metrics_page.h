// GET /metrics, where --http_metrics says so: for who may call.
#ifndef RECTIFIER_SERVER_HTTP_METRICS_PAGE_H_
#define RECTIFIER_SERVER_HTTP_METRICS_PAGE_H_

#include <functional>
#include <string>

#include "absl/strings/string_view.h"
#include "server/http/message.h"

namespace rectifier::http {

bool IsMetrics(absl::string_view path);

// A call of GetServerInfo, so that tokens and limits are those of calls; what `text` gives then is
// the answer. `text` is null where the flag does not say so; else it is thread-safe.
Translation TranslateMetrics(const Head& head, const std::function<std::string()>& text);

}  // namespace rectifier::http

#endif  // RECTIFIER_SERVER_HTTP_METRICS_PAGE_H_
