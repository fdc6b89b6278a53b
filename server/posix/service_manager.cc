#include "server/posix/service_manager.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "server/posix/file_descriptor.h"

namespace rectifier {
namespace {

absl::Status Unavailable(absl::string_view name, int error) {
  return absl::UnavailableError(absl::StrCat("NOTIFY_SOCKET=", name, ": ", std::strerror(error)));
}

}  // namespace

absl::Status NotifyServiceManager(absl::string_view state) {
  const char* variable = std::getenv("NOTIFY_SOCKET");
  if (variable == nullptr || *variable == '\0') return absl::OkStatus();
  const absl::string_view name = variable;
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if ((name[0] != '/' && name[0] != '@') || name.size() >= sizeof(address.sun_path)) {
    return absl::InvalidArgumentError(absl::StrCat(
        "NOTIFY_SOCKET=", name, ": neither an absolute path nor @name, or longer than a socket's"));
  }
  std::memcpy(address.sun_path, name.data(), name.size());
  if (name[0] == '@') address.sun_path[0] = '\0';  // Linux's abstract names begin with a zero byte
  const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size());

  const FileDescriptor socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!socket.is_open()) return Unavailable(name, errno);
  const ssize_t sent = sendto(socket.get(), state.data(), state.size(), MSG_NOSIGNAL,
                              reinterpret_cast<const sockaddr*>(&address), length);
  return sent < 0 ? Unavailable(name, errno) : absl::OkStatus();
}

absl::Duration WatchdogTime() {
  const auto number = [](const char* name) {
    const char* const text = std::getenv(name);
    int64_t value = 0;
    return text != nullptr && absl::SimpleAtoi(text, &value) ? value : 0;
  };
  const int64_t microseconds = number("WATCHDOG_USEC");
  const int64_t process = number("WATCHDOG_PID");
  const bool is_meant = process == 0 || process == getpid();
  return microseconds > 0 && is_meant ? absl::Microseconds(microseconds) : absl::InfiniteDuration();
}

}  // namespace rectifier
