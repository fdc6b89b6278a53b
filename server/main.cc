// rectifierd: serves until SIGTERM or SIGINT, then drains. Exit code 0: no call was lost;
// 1: it could not serve, or calls were lost; 2: a flag is wrong.
#include <signal.h>

#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "core/catalogue.h"
#include "core/known_answers.h"
#include "grpc/grpc.h"
#include "server/command_line.h"
#include "server/posix/allocator.h"
#include "server/posix/service_manager.h"
#include "server/posix/signals.h"
#include "server/probe.h"
#include "server/server.h"
#include "server/telemetry/logging.h"

namespace {

int RunProbe(const rectifier::Options& options) {
  const absl::Status status = rectifier::Probe(options.probe, options.security);
  if (!status.ok()) std::cerr << "rectifierd --probe: " << status.message() << "\n";
  return status.ok() ? 0 : absl::IsInvalidArgument(status) ? 2 : 1;
}

int RunSelfTest(const std::string& target) {
  std::vector<std::string> targets = {target};
  if (target.empty()) targets = rectifier::Catalogue::Targets();
  for (const std::string& each : targets) {
    const absl::Status status =
        rectifier::CheckKnownAnswers(**rectifier::Catalogue::ForTarget(each));
    if (!status.ok()) {
      std::cerr << "rectifierd --selftest: " << each << ": " << status.message() << "\n";
      return 1;
    }
    std::cout << each << ": all known answers are met\n";
  }
  return 0;
}

// A service manager that does not hear it gives up by its own timeout; callers need not suffer.
void TellServiceManager(absl::string_view state) {
  const absl::Status status = rectifier::NotifyServiceManager(state);
  if (status.ok()) return;
  rectifier::LogEvent(rectifier::LogLevel::warn, "service manager not told",
                      {{"message", std::string(status.message())}});
}

// Waits for the signal to end. Meanwhile a service manager that wants to hear so hears that the
// server is well.
int AwaitSignal(const rectifier::Server& server) {
  const absl::Duration period = rectifier::WatchdogTime() / 2;
  for (;;) {
    if (const int signal = rectifier::WaitForTerminationSignal(period); signal != 0) return signal;
    if (server.IsResponsive()) TellServiceManager(rectifier::kServiceAlive);
  }
}

int Serve(const rectifier::Options& options) {
  using rectifier::LogLevel;
  const auto server = rectifier::Server::Start(options);
  if (!server.ok()) {
    rectifier::LogEvent(LogLevel::err, "cannot start",
                        {{"message", std::string(server.status().message())}});
    return 1;
  }
  TellServiceManager(rectifier::kServiceReady);
  const int signal = AwaitSignal(**server);
  TellServiceManager(rectifier::kServiceStopping);
  rectifier::LogEvent(LogLevel::info, "draining", {{"signal", signal}});
  (*server)->AnnounceDrain();
  // The delay is for load balancers to notice. Whoever presses Ctrl-C has none, and a second signal
  // skips it.
  if (signal != SIGINT) rectifier::WaitForTerminationSignal(options.drain_delay);
  return (*server)->Drain(options.drain_timeout) ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  // Debian's Abseil checks the order of locks, gRPC's included, with every one that is taken.
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
  rectifier::BlockTerminationSignals();
  const bool keeps_memory = rectifier::KeepFreedMemory();
  const auto options = rectifier::ParseCommandLine(argc, argv);
  if (!options.ok()) {
    std::cerr << "rectifierd: " << options.status().message() << "\n";
    return 2;
  }
  if (!options->probe.empty()) return RunProbe(*options);
  if (options->selftest) return RunSelfTest(options->cpu_target);
  rectifier::ConfigureLogging(options->log_format, options->log_level,
                              static_cast<size_t>(options->log_queue_bytes));
  if (!keeps_memory) {
    rectifier::LogEvent(rectifier::LogLevel::warn, "malloc takes no settings",
                        {{"consequence", "large requests cost a page fault for each page"}});
  }
  // gRPC 1.51 ends with the last that uses it, and first waits for up to ten seconds for a thread
  // that looks after full sockets. Nothing needs that end.
  grpc_init();
  const int exit_code = Serve(*options);
  rectifier::FlushLog();
  return exit_code;
}
