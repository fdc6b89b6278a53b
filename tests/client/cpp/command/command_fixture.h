// The command `rectifier` as a subprocess, against two real servers: one as it comes, and one that
// takes small messages only.
#ifndef RECTIFIER_TESTS_CLIENT_CPP_COMMAND_COMMAND_FIXTURE_H_
#define RECTIFIER_TESTS_CLIENT_CPP_COMMAND_COMMAND_FIXTURE_H_

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "client/cpp/client/tensor.h"
#include "tests/support/command.h"
#include "tests/support/rectifierd_process.h"
#include "tests/support/temporary_directory.h"

namespace rectifier::client {

// The names that every test of the command uses.
using nlohmann::json;
using testing::CommandResult;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

// A .npy file with the tensor.
std::string NpyText(const Tensor& tensor);

// All that a program writes to standard output and standard error while both are a terminal of that
// many columns. It is expected to succeed.
std::string RunOnATerminal(const std::vector<std::string>& arguments, int columns = 100);

class CommandTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite();
  static void TearDownTestSuite();

  static CommandResult RunOn(const testing::RectifierdProcess& server,
                             std::vector<std::string> arguments, const std::string& input = "");
  static CommandResult Run(const std::vector<std::string>& arguments,
                           const std::string& input = "");

  // Gives the path.
  std::string Write(const std::string& name, const Tensor& tensor);

  // An array that the command wrote.
  Tensor Read(const std::string& name);

  bool Exists(const std::string& name);

  static testing::RectifierdProcess* server_;
  static testing::RectifierdProcess* small_;
  testing::TemporaryDirectory directory_;
};

}  // namespace rectifier::client

#endif  // RECTIFIER_TESTS_CLIENT_CPP_COMMAND_COMMAND_FIXTURE_H_
