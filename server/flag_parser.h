// Sets Abseil's flags from a command line. Abseil's own parser ends the process with exit code 1,
// in words of its own, where a flag is wrong; here that is an error like any other.
#ifndef RECTIFIER_SERVER_FLAG_PARSER_H_
#define RECTIFIER_SERVER_FLAG_PARSER_H_

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/flags/commandlineflag.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace rectifier {

// Knows some of the flags that the process defines: those that `is_ours` picks by their file, and
// --flagfile, --help and --version.
class FlagParser {
 public:
  enum class Wish { kRun, kHelp, kVersion };

  explicit FlagParser(const std::function<bool(absl::string_view file)>& is_ours);

  // Takes --name=value, --name value, and --name and --noname of a bool; files that --flagfile
  // names are read at its place, one flag a line. Of the command line and each file, what comes
  // later wins; in one of them a flag stands once. Errors: INVALID_ARGUMENT, naming the flag, what
  // was given and what is allowed.
  absl::StatusOr<Wish> Parse(const std::vector<std::string>& arguments);

  // Whether it set the flag.
  bool IsGiven(absl::string_view name) const { return given_.count(std::string(name)) > 0; }

  // Every flag with its default, for --help, in lines of at most 80 bytes.
  std::string Help() const;

 private:
  // The command line, or a file, that is `depth` files deep.
  struct Place {
    int depth = 0;
    std::map<absl::string_view, std::string> values = {};  // of the flags it has set, by name
  };

  absl::Status ParseAll(const std::vector<std::string>& arguments, int depth);
  bool NeedsValue(absl::string_view name) const;
  absl::Status SetOne(absl::string_view name, const std::string& value, Place* place);
  absl::Status SetOnce(absl::CommandLineFlag* flag, const std::string& value, Place* place);
  absl::Status ReadFlagFile(const std::string& path, int depth);
  absl::CommandLineFlag* Find(absl::string_view name) const;
  absl::Status Unknown(absl::string_view name) const;

  std::vector<absl::CommandLineFlag*> flags_;  // by name
  std::set<std::string> given_;
  Wish wish_ = Wish::kRun;
};

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_FLAG_PARSER_H_
