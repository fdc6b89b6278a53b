// A file that is there when it is complete, and not before.
#ifndef RECTIFIER_CLIENT_CPP_FILES_PARTIAL_FILE_H_
#define RECTIFIER_CLIENT_CPP_FILES_PARTIAL_FILE_H_

#include <string>

#include "absl/status/status.h"

namespace rectifier::client {

// Stands for `path`.partial, which whoever makes this object creates and fills. It goes away with
// the object, or becomes `path` with Commit.
class PartialFile {
 public:
  explicit PartialFile(std::string path);
  PartialFile(PartialFile&& other) noexcept;
  PartialFile& operator=(PartialFile&&) = delete;
  ~PartialFile();

  const std::string& path() const { return path_; }
  std::string partial_path() const;

  absl::Status Commit();

 private:
  std::string path_;
  bool is_pending_ = true;
};

// Removes the files of all objects that are neither committed nor destroyed, and lets none be made,
// committed or destroyed from then on. A process that is about to end by a signal calls it.
void RemovePartialFilesForGood();

}  // namespace rectifier::client

#endif  // RECTIFIER_CLIENT_CPP_FILES_PARTIAL_FILE_H_
