// What an interrupt leaves behind: nothing.
#ifndef RECTIFIER_CLIENT_CPP_COMMAND_SIGNALS_H_
#define RECTIFIER_CLIENT_CPP_COMMAND_SIGNALS_H_

namespace rectifier::client {

// From now on SIGINT, SIGTERM and SIGHUP remove partial files (partial_file.h) before they end the
// process, as they would have otherwise. To be called before any thread is started.
void RemovePartialFilesOnSignals();

}  // namespace rectifier::client

#endif  // RECTIFIER_CLIENT_CPP_COMMAND_SIGNALS_H_
