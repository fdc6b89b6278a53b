#include "proto/default_target.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>

namespace rectifier {
namespace {

bool CanEnterDirectory(const std::string& path) {
  struct stat status;
  return stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode) &&
         access(path.c_str(), X_OK) == 0;
}

}  // namespace

std::string DefaultUnixTarget(const std::string& root) {
  const std::string service_directory = root + "/run/rectifier";
  if (CanEnterDirectory(service_directory)) return "unix:" + service_directory + "/rectifierd.sock";

  const char* user_directory = std::getenv("XDG_RUNTIME_DIR");
  // The XDG specification: a relative path is to be ignored.
  if (user_directory != nullptr && user_directory[0] == '/' && CanEnterDirectory(user_directory)) {
    return "unix:" + std::string(user_directory) + "/rectifierd.sock";
  }
  return "unix:/tmp/rectifierd-" + std::to_string(getuid()) + ".sock";
}

}  // namespace rectifier
