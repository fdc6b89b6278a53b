#include "server/telemetry/metrics_text.h"

#include <charconv>
#include <cmath>
#include <cstdint>
#include <iterator>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/string_view.h"

namespace rectifier {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

std::string Number(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "+Inf" : "-Inf";
  constexpr double kLargest = 1e15;  // whole numbers up to here are easier to read in full
  if (value == std::trunc(value) && std::abs(value) < kLargest) {
    return absl::StrCat(static_cast<int64_t>(value));
  }
  char digits[32];
  const auto end = std::to_chars(digits, std::end(digits), value, std::chars_format::general);
  return std::string(digits, end.ptr);
}

absl::string_view TypeName(MetricType type) {
  switch (type) {
    case MetricType::Counter:
      return "counter";
    case MetricType::Gauge:
      return "gauge";
    case MetricType::Histogram:
      return "histogram";
    default:
      return "untyped";
  }
}

// `bound` is that of a bucket, and empty where the line is of none.
void AddLine(absl::string_view name, absl::string_view suffix, const ClientMetric& metric,
             absl::string_view bound, absl::string_view value, std::string* text) {
  absl::StrAppend(text, name, suffix);
  std::string labels;
  const auto add = [&labels](absl::string_view label, absl::string_view content) {
    absl::StrAppend(&labels, labels.empty() ? "" : ",", label, "=\"",
                    absl::StrReplaceAll(content, {{"\\", "\\\\"}, {"\n", "\\n"}, {"\"", "\\\""}}),
                    "\"");
  };
  for (const ClientMetric::Label& label : metric.label) add(label.name, label.value);
  if (!bound.empty()) add("le", bound);
  if (!labels.empty()) absl::StrAppend(text, "{", labels, "}");
  absl::StrAppend(text, " ", value, "\n");
}

void AddHistogram(absl::string_view name, const ClientMetric& metric, std::string* text) {
  const ClientMetric::Histogram& histogram = metric.histogram;
  const std::string count = absl::StrCat(histogram.sample_count);
  AddLine(name, "_count", metric, "", count, text);
  AddLine(name, "_sum", metric, "", Number(histogram.sample_sum), text);
  bool has_last = false;
  for (const ClientMetric::Bucket& bucket : histogram.bucket) {
    has_last = std::isinf(bucket.upper_bound);
    AddLine(name, "_bucket", metric, Number(bucket.upper_bound),
            absl::StrCat(bucket.cumulative_count), text);
  }
  if (!has_last) AddLine(name, "_bucket", metric, "+Inf", count, text);
}

}  // namespace

std::string MetricsText(const std::vector<MetricFamily>& families) {
  std::string text;
  for (const MetricFamily& family : families) {
    absl::StrAppend(&text, "# HELP ", family.name, " ",
                    absl::StrReplaceAll(family.help, {{"\\", "\\\\"}, {"\n", "\\n"}}), "\n# TYPE ",
                    family.name, " ", TypeName(family.type), "\n");
    for (const ClientMetric& metric : family.metric) {
      if (family.type == MetricType::Histogram) {
        AddHistogram(family.name, metric, &text);
      } else {
        const bool is_counter = family.type == MetricType::Counter;
        AddLine(family.name, "", metric, "",
                Number(is_counter ? metric.counter.value : metric.gauge.value), &text);
      }
    }
  }
  return text;
}

}  // namespace rectifier
