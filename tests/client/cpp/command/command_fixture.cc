#include "tests/client/cpp/command/command_fixture.h"

#include <fcntl.h>
#include <pty.h>
#include <unistd.h>

#include <array>
#include <fstream>

#include "client/cpp/files/npy.h"
#include "client/cpp/files/npy_file.h"

namespace rectifier::client {

using testing::RectifierdProcess;

RectifierdProcess* CommandTest::server_ = nullptr;
RectifierdProcess* CommandTest::small_ = nullptr;

std::string NpyText(const Tensor& tensor) {
  return FormatNpyHeader(tensor.type(), tensor.shape()) +
         std::string(reinterpret_cast<const char*>(tensor.bytes().data()), tensor.bytes().size());
}

std::string RunOnATerminal(const std::vector<std::string>& arguments, int columns) {
  int master = -1;
  int slave = -1;
  const winsize size = {.ws_row = 24, .ws_col = static_cast<unsigned short>(columns)};
  EXPECT_EQ(openpty(&master, &slave, nullptr, nullptr, &size), 0);
  const int null = open("/dev/null", O_RDWR | O_CLOEXEC);
  const pid_t child = testing::Spawn(arguments, null, slave, slave);
  close(slave);
  close(null);
  std::string text;
  std::array<char, 4096> buffer;
  // It reads until the last writer has closed the other end.
  for (ssize_t count; (count = read(master, buffer.data(), buffer.size())) > 0;) {
    text.append(buffer.data(), count);
  }
  close(master);
  EXPECT_EQ(testing::WaitForExit(child), 0) << text;
  return text;
}

void CommandTest::SetUpTestSuite() {
  server_ = new RectifierdProcess();
  small_ = new RectifierdProcess({"--max_message_bytes=65536", "--max_inflight_bytes=262144"});
}

void CommandTest::TearDownTestSuite() {
  delete server_;
  delete small_;
}

CommandResult CommandTest::RunOn(const RectifierdProcess& server,
                                 std::vector<std::string> arguments, const std::string& input) {
  // The target goes before any `--`, behind which all is input.
  arguments.insert(arguments.begin(), {RECTIFIER_COMMAND_PATH, "--target", server.unix_target()});
  return testing::RunCommand(arguments, input);
}

CommandResult CommandTest::Run(const std::vector<std::string>& arguments,
                               const std::string& input) {
  return RunOn(*server_, arguments, input);
}

std::string CommandTest::Write(const std::string& name, const Tensor& tensor) {
  return directory_.Write(name, NpyText(tensor));
}

Tensor CommandTest::Read(const std::string& name) {
  const auto input = NpyInput::Open(directory_.File(name));
  EXPECT_TRUE(input.ok()) << input.status();
  return input->tensor();
}

bool CommandTest::Exists(const std::string& name) {
  return std::ifstream(directory_.File(name)).good();
}

}  // namespace rectifier::client
