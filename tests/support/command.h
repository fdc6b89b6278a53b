// Runs a program to its end, as a user would in a shell.
#ifndef RECTIFIER_TESTS_SUPPORT_COMMAND_H_
#define RECTIFIER_TESTS_SUPPORT_COMMAND_H_

#include <sys/types.h>

#include <string>
#include <vector>

namespace rectifier::testing {

struct CommandResult {
  int exit_code = 0;  // 128 + N where signal N ended it
  std::string out;
  std::string err;
};

// Runs arguments[0] (a path) with the other arguments and `input` on its standard input.
CommandResult RunCommand(const std::vector<std::string>& arguments, const std::string& input = "");

// Starts a program with its standard streams on these descriptors, and gives its process id. It
// dies with the test that started it.
pid_t Spawn(const std::vector<std::string>& arguments, int in, int out, int err);

// Waits for the end of a child, and gives its exit code, or 128 + the signal that ended it.
int WaitForExit(pid_t child);

}  // namespace rectifier::testing

#endif  // RECTIFIER_TESTS_SUPPORT_COMMAND_H_
