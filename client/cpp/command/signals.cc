#include "client/cpp/command/signals.h"

#include <csignal>
#include <thread>

#include "client/cpp/files/partial_file.h"

namespace rectifier::client {
namespace {

// The signals that end the process. One that is ignored, as by nohup, stays so.
sigset_t EndingSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  for (int number : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE, SIGXCPU, SIGXFSZ}) {
    struct sigaction action = {};
    sigaction(number, nullptr, &action);
    if (action.sa_handler == SIG_DFL) sigaddset(&signals, number);
  }
  return signals;
}

}  // namespace

// A thread that waits for them may do whatever it likes; a signal handler might not even lock.
void RemovePartialFilesOnSignals() {
  const sigset_t signals = EndingSignals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);  // threads started from here on inherit it
  std::thread([signals] {
    int number = 0;
    if (sigwait(&signals, &number) != 0) return;
    RemovePartialFilesForGood();
    pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);
    raise(number);
  }).detach();
}

bool HasBrokenPipe() {
  sigset_t pending;
  return sigpending(&pending) == 0 && sigismember(&pending, SIGPIPE) == 1;
}

void EndOfBrokenPipe() {
  if (!HasBrokenPipe()) return;
  sigset_t pipe;
  sigemptyset(&pipe);
  sigaddset(&pipe, SIGPIPE);
  pthread_sigmask(SIG_UNBLOCK, &pipe, nullptr);
}

}  // namespace rectifier::client
