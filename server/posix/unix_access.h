// Who may connect to a unix socket: by the permissions of its file, and by who they are.
#ifndef RECTIFIER_SERVER_POSIX_UNIX_ACCESS_H_
#define RECTIFIER_SERVER_POSIX_UNIX_ACCESS_H_

#include <sys/types.h>

#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace rectifier {

struct UnixAccess {
  static constexpr uid_t kOwnUser = static_cast<uid_t>(-1);
  static constexpr gid_t kOwnGroup = static_cast<gid_t>(-1);

  mode_t mode = 0660;
  uid_t owner = kOwnUser;           // kOwnUser: that of the process
  gid_t group = kOwnGroup;          // kOwnGroup: that of the process
  std::vector<uid_t> allowed_uids;  // of callers; empty: all whom the file lets in

  // Whether the process at the other end of `connection` may stay.
  bool Admits(int connection) const;
};

// Errors of the following: INVALID_ARGUMENT, saying what is allowed.
// "0660" and the like: permissions in octal digits.
absl::StatusOr<mode_t> ParseMode(const std::string& text);
// A name that this machine knows, or a number.
absl::StatusOr<uid_t> ParseUser(const std::string& text);
absl::StatusOr<gid_t> ParseGroup(const std::string& text);

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_POSIX_UNIX_ACCESS_H_
