// Termination signals, taken by a normal thread: in a signal handler gRPC's Shutdown deadlocks.
#ifndef RECTIFIER_SERVER_POSIX_SIGNALS_H_
#define RECTIFIER_SERVER_POSIX_SIGNALS_H_

#include "absl/time/time.h"

namespace rectifier {

// Blocks SIGTERM and SIGINT for this thread and all it starts, and ignores SIGPIPE and SIGXFSZ,
// because writing fails then as well. It is called before any other thread exists, because the
// kernel gives a signal to any thread that does not block it.
void BlockTerminationSignals();

// Waits for SIGTERM or SIGINT; gives its number, or 0 where none came within `timeout`.
int WaitForTerminationSignal(absl::Duration timeout = absl::InfiniteDuration());

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_POSIX_SIGNALS_H_
