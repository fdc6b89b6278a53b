#include "tests/support/command.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>

namespace rectifier::testing {
namespace {

// The file has no name. Unlike a pipe it takes any amount without a reader.
int AnonymousFile() {
  int file = open("/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (file < 0) {
    std::perror("open /tmp");
    std::abort();
  }
  return file;
}

std::string ReadAll(int file) {
  std::string content;
  lseek(file, 0, SEEK_SET);
  char buffer[1 << 16];
  for (ssize_t got; (got = read(file, buffer, sizeof(buffer))) > 0;) content.append(buffer, got);
  close(file);
  return content;
}

}  // namespace

pid_t Spawn(const std::vector<std::string>& arguments, int in, int out, int err) {
  std::vector<char*> argv;
  for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  const pid_t parent = getpid();
  const pid_t child = fork();
  if (child != 0) return child;
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(127);
  dup2(in, STDIN_FILENO);
  dup2(out, STDOUT_FILENO);
  dup2(err, STDERR_FILENO);
  execv(argv[0], argv.data());
  std::perror(argv[0]);
  _exit(127);
}

int WaitForExit(pid_t child) {
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

CommandResult RunCommand(const std::vector<std::string>& arguments, const std::string& input) {
  const int in = AnonymousFile();
  const int out = AnonymousFile();
  const int err = AnonymousFile();
  if (write(in, input.data(), input.size()) != static_cast<ssize_t>(input.size())) {
    std::perror("write");
    std::abort();
  }
  lseek(in, 0, SEEK_SET);
  CommandResult result;
  result.exit_code = WaitForExit(Spawn(arguments, in, out, err));
  close(in);
  result.out = ReadAll(out);
  result.err = ReadAll(err);
  return result;
}

}  // namespace rectifier::testing
