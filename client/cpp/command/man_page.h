// The manual page, made of the definitions that --help shows.
#ifndef RECTIFIER_CLIENT_CPP_COMMAND_MAN_PAGE_H_
#define RECTIFIER_CLIENT_CPP_COMMAND_MAN_PAGE_H_

#include <string>

#include "absl/strings/string_view.h"
#include "client/cpp/command/definition.h"

namespace rectifier::client {

// The page in roff, with the macros of man(7).
std::string ManPage(const ProgramDefinition& definition, absl::string_view version);

}  // namespace rectifier::client

#endif  // RECTIFIER_CLIENT_CPP_COMMAND_MAN_PAGE_H_
