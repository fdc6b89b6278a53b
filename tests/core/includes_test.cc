// The direction of dependencies, read from the #include lines: one folder holds all of a
// distribution's headers, so that link lists alone stop nothing.
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace rectifier {
namespace {

const std::filesystem::path kSource = RECTIFIER_SOURCE_DIR;

struct Include {
  std::string file;  // relative to the source tree
  std::string header;
};

std::vector<Include> IncludesBelow(const std::string& folder) {
  std::vector<Include> includes;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(kSource / folder)) {
    const std::string extension = entry.path().extension().string();
    if (extension != ".h" && extension != ".cc") continue;
    std::ifstream file(entry.path());
    for (std::string line; std::getline(file, line);) {
      if (line.rfind("#include ", 0) != 0) continue;
      const size_t begin = line.find_first_of("\"<") + 1;
      includes.push_back({std::filesystem::relative(entry.path(), kSource).string(),
                          line.substr(begin, line.find_first_of("\">", begin) - begin)});
    }
  }
  EXPECT_FALSE(includes.empty()) << folder;
  return includes;
}

bool StartsWithAny(const std::string& text, const std::vector<std::string>& prefixes) {
  for (const std::string& prefix : prefixes) {
    if (text.rfind(prefix, 0) == 0) return true;
  }
  return false;
}

bool IsStandard(const std::string& header) { return header.find('/') == std::string::npos; }

bool IsExample(const Include& include) { return StartsWithAny(include.file, {"core/example/"}); }

TEST(IncludesTest, CoreUsesAbseilOneTbbAndHighwayAlone) {
  for (const Include& include : IncludesBelow("core")) {
    if (IsExample(include)) continue;
    EXPECT_TRUE(IsStandard(include.header) ||
                StartsWithAny(include.header, {"core/", "absl/", "oneapi/tbb/", "hwy/", "sys/"}))
        << include.file << " includes " << include.header;
  }
}

TEST(IncludesTest, TheExampleIncludesWhatIsInstalled) {
  for (const Include& include : IncludesBelow("core/example")) {
    EXPECT_TRUE(IsStandard(include.header) ||
                StartsWithAny(include.header, {"rectifier/", "absl/"}))
        << include.file << " includes " << include.header;
  }
}

TEST(IncludesTest, SpecIncludesNothingOfOurs) {
  for (const Include& include : IncludesBelow("core")) {
    if (include.file != "core/spec.h") continue;
    EXPECT_FALSE(StartsWithAny(include.header, {"core/"})) << include.header;
  }
}

TEST(IncludesTest, TheClientKnowsNeitherCoreNorServer) {
  for (const Include& include : IncludesBelow("client/cpp")) {
    // How names are taken apart is one rule, in a header that needs nothing else of core.
    if (include.header == "core/qualified_name.h") continue;
    EXPECT_FALSE(StartsWithAny(include.header, {"core/", "server/", "tests/"}))
        << include.file << " includes " << include.header;
  }
}

TEST(IncludesTest, TheServerDoesNotKnowTheClient) {
  for (const Include& include : IncludesBelow("server")) {
    EXPECT_FALSE(StartsWithAny(include.header, {"client/", "tests/"}))
        << include.file << " includes " << include.header;
  }
}

TEST(IncludesTest, WireAloneKnowsBothProtoAndCore) {
  std::map<std::string, std::set<std::string>> known;
  for (const Include& include : IncludesBelow("server")) {
    if (StartsWithAny(include.header, {"rectifier/v1/activation"}))
      known[include.file].insert("proto");
    const bool data_of_core =
        StartsWithAny(include.header, {"core/evaluation.h", "core/spec.h", "core/element_type.h"});
    if (data_of_core) known[include.file].insert("core");
  }
  for (const auto& [file, sides] : known) {
    if (sides.size() < 2) continue;
    EXPECT_TRUE(StartsWithAny(file, {"server/wire/"})) << file;
  }
}

// Rungs by prefix of a file's name, from the top; files of one rung may include each other.
using Ladder = std::vector<std::vector<std::string>>;

void ExpectNoArrowUp(const std::string& folder, const Ladder& ladder) {
  const auto rung_of = [&](const std::string& name) {
    size_t rung = ladder.size(), longest = 0;
    for (size_t i = 0; i < ladder.size(); ++i) {
      for (const std::string& prefix : ladder[i]) {
        if (name.rfind(prefix, 0) != 0 || prefix.size() <= longest) continue;
        rung = i;
        longest = prefix.size();
      }
    }
    return rung;
  };
  for (const Include& include : IncludesBelow(folder)) {
    if (IsExample(include)) continue;
    const size_t from = rung_of(include.file);
    ASSERT_LT(from, ladder.size()) << include.file << " has no rung; give it one here";
    if (include.header.rfind(folder + "/", 0) != 0) continue;
    EXPECT_GE(rung_of(include.header), from) << include.file << " includes " << include.header;
  }
}

TEST(IncludesTest, CoreIsALadder) {
  ExpectNoArrowUp("core",
                  {{"core/known_answers"},
                   {"core/engine.cc"},
                   {"core/scheduler"},
                   {"core/task"},
                   {"core/work"},
                   {"core/engine.h", "core/windowed_run.cc"},
                   {"core/turns"},
                   {"core/run/"},
                   {"core/evaluation", "core/binder", "core/argument_check", "core/api_names.cc",
                    "core/windowed_run.h", "core/tensor_view.cc"},
                   {"core/catalogue", "core/naming", "core/accuracy"},
                   {"core/activations/"},
                   {"core/loops/"},
                   {"core/functions/"},
                   {"core/numbers/"},
                   {"core/api_names.h", "core/element_type", "core/field_error", "core/kernel.h",
                    "core/number_text", "core/payload", "core/qualified_name", "core/row_layout",
                    "core/spec", "core/tensor_view.h"}});
}

TEST(IncludesTest, TheServerIsALadder) {
  ExpectNoArrowUp("server", {{"server/main"},
                             {"server/server", "server/probe", "server/health_server"},
                             {"server/channel_arguments", "server/idle_memory",
                              "server/load_metrics", "server/service"},
                             {"server/http/"},
                             {"server/inference/"},
                             {"server/evaluate/", "server/health", "server/reflection"},
                             {"server/wire/"},
                             {"server/shared_memory/"},
                             {"server/command_line"},
                             {"server/options", "server/security_options", "server/http_options",
                              "server/memory_budget", "server/flag_parser"},
                             {"server/rpc/"},
                             {"server/security/"},
                             {"server/telemetry/"},
                             {"server/posix/"},
                             {"server/byte_count", "server/deadline", "server/flag_error",
                              "server/limits", "server/service_name", "server/status"}});
}

}  // namespace
}  // namespace rectifier
