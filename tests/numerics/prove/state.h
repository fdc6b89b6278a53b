// What a run has found so far, on disk: a killed run continues where it stopped.
#ifndef RECTIFIER_TESTS_NUMERICS_PROVE_STATE_H_
#define RECTIFIER_TESTS_NUMERICS_PROVE_STATE_H_

#include <cstddef>
#include <cstdio>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "tests/numerics/prove/sweep.h"

namespace rectifier::prove {

// One file for one sweep. Its first line is the fingerprint of all that findings depend on; a file
// with another is of another program, and starts over.
class State {
 public:
  // Reads what the file at `path` has for this `fingerprint`, and appends to it from now on.
  static absl::StatusOr<State> Open(const std::string& path, absl::string_view fingerprint,
                                    size_t tasks);

  State(State&& other) noexcept;
  State& operator=(State&&) = delete;
  ~State();

  // Findings by task; empty where it has not run.
  TaskFindings& findings() { return findings_; }
  double seconds() const { return seconds_; }

  // Writes down a task of findings().
  void Append(size_t task, double seconds);

  // Closes and removes the file: the run is complete.
  void Remove();

 private:
  State(std::string path, size_t tasks) : path_(std::move(path)), findings_(tasks) {}
  void Read(absl::string_view fingerprint);
  bool ReadLine(absl::string_view line);

  std::string path_;
  TaskFindings findings_;
  double seconds_ = 0;
  std::FILE* file_ = nullptr;
};

// A number that differs for different programs and data, in hexadecimal.
std::string FingerprintOf(absl::string_view data);

// The bytes of a file; "" where it cannot be read.
std::string ContentOf(const std::string& path);

}  // namespace rectifier::prove

#endif  // RECTIFIER_TESTS_NUMERICS_PROVE_STATE_H_
