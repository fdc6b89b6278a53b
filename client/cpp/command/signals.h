// An interrupt leaves no partial files behind.
#ifndef RECTIFIER_CLIENT_CPP_COMMAND_SIGNALS_H_
#define RECTIFIER_CLIENT_CPP_COMMAND_SIGNALS_H_

namespace rectifier::client {

// From now on signals that end a process, such as SIGINT, SIGTERM and SIGPIPE, remove partial files
// (partial_file.h) before they end it, as they would have otherwise. A write to a pipe that nobody
// reads, or to a file that grows too large, fails instead. To be called before any thread is
// started.
void RemovePartialFilesOnSignals();

// Whether this thread has written to a pipe that nobody reads.
bool HasBrokenPipe();

// Ends the process by SIGPIPE where HasBrokenPipe(), as if nothing had held the signal back.
void EndOfBrokenPipe();

}  // namespace rectifier::client

#endif  // RECTIFIER_CLIENT_CPP_COMMAND_SIGNALS_H_
