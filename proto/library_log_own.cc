// Of older versions, where each of the libraries has a log of its own.
#include "absl/strings/match.h"
#include "google/protobuf/stubs/logging.h"
#include "grpc/support/log.h"
#include "proto/library_log.h"

namespace rectifier {
namespace {

LibraryLogHandler chosen = nullptr;

// gRPC logs an assertion that fails as an error, and aborts.
LibraryLogLevel LevelOf(const gpr_log_func_args& message) {
  if (message.severity == GPR_LOG_SEVERITY_INFO) return LibraryLogLevel::kInfo;
  if (message.severity == GPR_LOG_SEVERITY_DEBUG) return LibraryLogLevel::kDebug;
  if (absl::StartsWith(message.message, "assertion failed")) return LibraryLogLevel::kFatal;
  return LibraryLogLevel::kError;
}

LibraryLogLevel LevelOf(google::protobuf::LogLevel severity) {
  if (severity == google::protobuf::LOGLEVEL_FATAL) return LibraryLogLevel::kFatal;
  if (severity == google::protobuf::LOGLEVEL_ERROR) return LibraryLogLevel::kError;
  if (severity == google::protobuf::LOGLEVEL_WARNING) return LibraryLogLevel::kWarning;
  return LibraryLogLevel::kInfo;
}

void HandleGrpc(gpr_log_func_args* message) { chosen("grpc", LevelOf(*message), message->message); }

void HandleProtobuf(google::protobuf::LogLevel severity, const char* /*file*/, int /*line*/,
                    const std::string& message) {
  chosen("protobuf", LevelOf(severity), message);
}

}  // namespace

void HandleLibraryLog(LibraryLogHandler handler) {
  chosen = handler;
  gpr_set_log_function(HandleGrpc);
  google::protobuf::SetLogHandler(HandleProtobuf);
}

}  // namespace rectifier
