// The texts of --help, no wider than the terminal.
#ifndef RECTIFIER_CLIENT_CPP_COMMAND_HELP_H_
#define RECTIFIER_CLIENT_CPP_COMMAND_HELP_H_

#include <CLI/CLI.hpp>
#include <string>

namespace rectifier::client {

// The help of the program, or of one of its commands, in lines of at most `width` columns.
std::string FormatHelp(const CLI::App& app, const CLI::App& chosen, size_t width);

}  // namespace rectifier::client

#endif  // RECTIFIER_CLIENT_CPP_COMMAND_HELP_H_
