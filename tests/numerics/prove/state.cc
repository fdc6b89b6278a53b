#include "tests/numerics/prove/state.h"

#include <fstream>
#include <iterator>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"

namespace rectifier::prove {
namespace {

constexpr absl::string_view kEnd = ".";  // of a line that was written whole
constexpr size_t kFields = 5;            // of one finding

void Print(const Finding& finding, std::string* line) {
  absl::StrAppendFormat(line, " %a %u %u %u %u", finding.worst_ulp, finding.worst_bits,
                        finding.inputs, finding.correct, finding.undecided);
}

bool Parse(const absl::string_view* fields, Finding* finding) {
  char* end = nullptr;
  finding->worst_ulp = std::strtod(std::string(fields[0]).c_str(), &end);
  return absl::SimpleAtoi(fields[1], &finding->worst_bits) &&
         absl::SimpleAtoi(fields[2], &finding->inputs) &&
         absl::SimpleAtoi(fields[3], &finding->correct) &&
         absl::SimpleAtoi(fields[4], &finding->undecided);
}

}  // namespace

absl::StatusOr<State> State::Open(const std::string& path, absl::string_view fingerprint,
                                  size_t tasks) {
  State state(path, tasks);
  state.Read(fingerprint);
  // The file is written anew, so that a line that was cut short is gone.
  state.file_ = std::fopen(path.c_str(), "w");
  if (state.file_ == nullptr) return absl::UnavailableError(absl::StrCat("cannot write ", path));
  std::fprintf(state.file_, "%s\n", std::string(fingerprint).c_str());
  const double seconds = std::exchange(state.seconds_, 0);
  for (size_t task = 0; task < tasks; ++task) {
    if (!state.findings_[task].empty()) state.Append(task, 0);
  }
  state.seconds_ = 0;
  state.Append(tasks, seconds);
  return state;
}

State::State(State&& other) noexcept
    : path_(std::move(other.path_)),
      findings_(std::move(other.findings_)),
      seconds_(other.seconds_),
      file_(std::exchange(other.file_, nullptr)) {}

State::~State() {
  if (file_ != nullptr) std::fclose(file_);
}

void State::Read(absl::string_view fingerprint) {
  std::ifstream file(path_);
  std::string line;
  if (!std::getline(file, line) || line != fingerprint) return;
  while (std::getline(file, line) && ReadLine(line)) continue;
}

bool State::ReadLine(absl::string_view line) {
  const std::vector<absl::string_view> fields = absl::StrSplit(line, ' ');
  size_t task = 0;
  double seconds = 0;
  if (fields.size() < 3 || fields.back() != kEnd || (fields.size() - 3) % kFields != 0 ||
      !absl::SimpleAtoi(fields[0], &task) || !absl::SimpleAtod(fields[1], &seconds) ||
      task > findings_.size()) {
    return false;
  }
  std::vector<Finding> findings((fields.size() - 3) / kFields);
  for (size_t i = 0; i < findings.size(); ++i) {
    if (!Parse(&fields[2 + i * kFields], &findings[i])) return false;
  }
  seconds_ += seconds;
  if (task < findings_.size()) findings_[task] = std::move(findings);
  return true;
}

void State::Append(size_t task, double seconds) {
  seconds_ += seconds;
  std::string line = absl::StrFormat("%u %.6f", task, seconds);
  if (task < findings_.size()) {
    for (const Finding& finding : findings_[task]) Print(finding, &line);
  }
  std::fprintf(file_, "%s %s\n", line.c_str(), std::string(kEnd).c_str());
  std::fflush(file_);
}

void State::Remove() {
  std::fclose(std::exchange(file_, nullptr));
  std::remove(path_.c_str());
}

std::string FingerprintOf(absl::string_view data) {
  uint64_t hash = 0xcbf29ce484222325u;  // FNV-1a
  for (char c : data) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
  return absl::StrFormat("%016x", hash);
}

std::string ContentOf(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

}  // namespace rectifier::prove
