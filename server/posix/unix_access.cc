#include "server/posix/unix_access.h"

#include <grp.h>
#include <pwd.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>

#include "absl/strings/numbers.h"

namespace rectifier {
namespace {

constexpr size_t kMostOctalDigits = 4;
constexpr size_t kEntryBytes = size_t{1} << 16;

absl::Status MustBe(const char* what) { return absl::InvalidArgumentError(what); }

// A number that is an identifier: the largest one stands for "none" in the system's calls.
bool ParseId(const std::string& text, uint32_t* id) {
  return absl::SimpleAtoi(text, id) && *id != static_cast<uint32_t>(-1);
}

}  // namespace

bool UnixAccess::Admits(int connection) const {
  if (allowed_uids.empty()) return true;
  ucred peer{};
  socklen_t size = sizeof(peer);
  return getsockopt(connection, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 &&
         std::find(allowed_uids.begin(), allowed_uids.end(), peer.uid) != allowed_uids.end();
}

absl::StatusOr<mode_t> ParseMode(const std::string& text) {
  const bool is_octal = !text.empty() && text.size() <= kMostOctalDigits &&
                        text.find_first_not_of("01234567") == std::string::npos;
  const unsigned long mode = is_octal ? std::stoul(text, nullptr, 8) : 0;
  if (is_octal && mode <= 0777) return static_cast<mode_t>(mode);
  return MustBe("must be octal digits from 0 to 0777, such as 0660");
}

absl::StatusOr<uid_t> ParseUser(const std::string& text) {
  uid_t id;
  if (ParseId(text, &id)) return id;
  std::vector<char> memory(kEntryBytes);
  passwd entry;
  passwd* found = nullptr;
  getpwnam_r(text.c_str(), &entry, memory.data(), memory.size(), &found);
  if (found != nullptr) return found->pw_uid;
  return MustBe("must be a user of this machine, by name or number");
}

absl::StatusOr<gid_t> ParseGroup(const std::string& text) {
  gid_t id;
  if (ParseId(text, &id)) return id;
  std::vector<char> memory(kEntryBytes);
  group entry;
  group* found = nullptr;
  getgrnam_r(text.c_str(), &entry, memory.data(), memory.size(), &found);
  if (found != nullptr) return found->gr_gid;
  return MustBe("must be a group of this machine, by name or number");
}

}  // namespace rectifier
