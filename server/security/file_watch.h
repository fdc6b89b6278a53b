// Tells when files have changed.
#ifndef RECTIFIER_SERVER_SECURITY_FILE_WATCH_H_
#define RECTIFIER_SERVER_SECURITY_FILE_WATCH_H_

#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "absl/synchronization/notification.h"
#include "absl/time/time.h"

namespace rectifier {

// A thread looks at the files twice a second: inotify misses what is done through links, and on
// network file systems. It sees files that are written in place, renamed into place, and put there
// by a link that changes, as Kubernetes mounts secrets.
class FileWatch {
 public:
  // Calls `changed` on the thread of its own, once soon after the beginning, because the files may
  // have changed since they were read, and then after every change. A change counts when the files
  // have stayed as they are from one look to the next, so that files that are written one after the
  // other are read together. Where `changed` gives false, it is called again after `retry`: files
  // that cannot be used may be later on, as those of a certificate that is not valid yet, or that
  // could not be opened for lack of descriptors.
  FileWatch(std::vector<std::string> paths, std::function<bool()> changed,
            absl::Duration retry = absl::Minutes(1));
  // Waits where `changed` runs.
  ~FileWatch();
  FileWatch(const FileWatch&) = delete;
  FileWatch& operator=(const FileWatch&) = delete;

 private:
  void Run();
  // What the system says of the files, which differs after each change of one of them.
  std::string Look() const;

  const std::vector<std::string> paths_;
  const std::function<bool()> changed_;
  const absl::Duration retry_;
  absl::Notification stopped_;
  std::thread thread_;
};

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_SECURITY_FILE_WATCH_H_
