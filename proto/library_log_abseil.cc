// Of newer versions, which log with Abseil.
#include "absl/base/log_severity.h"
#include "absl/log/globals.h"
#include "absl/log/initialize.h"
#include "absl/log/log_entry.h"
#include "absl/log/log_sink.h"
#include "absl/log/log_sink_registry.h"
#include "absl/strings/match.h"
#include "proto/library_log.h"

namespace rectifier {
namespace {

LibraryLogLevel LevelOf(const absl::LogEntry& entry) {
  if (entry.verbosity() != absl::LogEntry::kNoVerbosityLevel) return LibraryLogLevel::kDebug;
  if (entry.log_severity() == absl::LogSeverity::kInfo) return LibraryLogLevel::kInfo;
  if (entry.log_severity() == absl::LogSeverity::kWarning) return LibraryLogLevel::kWarning;
  if (entry.log_severity() == absl::LogSeverity::kError) return LibraryLogLevel::kError;
  return LibraryLogLevel::kFatal;
}

class Sink final : public absl::LogSink {
 public:
  explicit Sink(LibraryLogHandler handler) : handler_(handler) {}

  void Send(const absl::LogEntry& entry) override {
    if (!entry.stacktrace().empty()) return;  // a fatal message comes once more, with a stack trace
    const bool is_protobuf = absl::StrContains(entry.source_filename(), "protobuf");
    handler_(is_protobuf ? "protobuf" : "grpc", LevelOf(entry), std::string(entry.text_message()));
  }

 private:
  const LibraryLogHandler handler_;
};

}  // namespace

void HandleLibraryLog(LibraryLogHandler handler) {
  absl::SetStderrThreshold(absl::LogSeverityAtLeast::kInfinity);
  absl::InitializeLog();
  // It is never destroyed, because threads of gRPC may log until the process ends.
  absl::AddLogSink(new Sink(handler));
}

}  // namespace rectifier
