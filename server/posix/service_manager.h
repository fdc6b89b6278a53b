// Tells whoever manages this process as a service how far it is: systemd, or another that speaks
// its protocol, in which a state is a datagram to the unix socket that NOTIFY_SOCKET names
// (sd_notify(3)).
#ifndef RECTIFIER_SERVER_POSIX_SERVICE_MANAGER_H_
#define RECTIFIER_SERVER_POSIX_SERVICE_MANAGER_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace rectifier {

inline constexpr absl::string_view kServiceReady = "READY=1";
inline constexpr absl::string_view kServiceStopping = "STOPPING=1";
inline constexpr absl::string_view kServiceAlive = "WATCHDOG=1";

// Does nothing where NOTIFY_SOCKET is not set, because nobody waits to hear. Never waits itself.
// Errors: INVALID_ARGUMENT for a value that is no path and no abstract name ("@name"); UNAVAILABLE
// where nobody takes the datagram.
absl::Status NotifyServiceManager(absl::string_view state);

// Within what time the manager wants to hear again that this process is alive, or else ends it, as
// WATCHDOG_USEC and WATCHDOG_PID tell (sd_watchdog_enabled(3)); infinite where it does not.
absl::Duration WatchdogTime();

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_POSIX_SERVICE_MANAGER_H_
