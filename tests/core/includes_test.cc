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

TEST(IncludesTest, OnlyWireAndDescribeAndTheirEnumsKnowBothProtoAndCore) {
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
    EXPECT_TRUE(StartsWithAny(file, {"server/wire", "server/describe", "server/proto_enums"}))
        << file;
  }
}

// In core: engine -> evaluation -> catalogue -> activations -> simd; never back.
TEST(IncludesTest, CoreIsLayered) {
  const std::vector<std::pair<std::string, int>> layers = {
      {"core/engine", 5},    {"core/run", 4},          {"core/evaluation", 3},
      {"core/catalogue", 2}, {"core/activations/", 1}, {"core/simd/", 0},
  };
  const auto layer = [&](const std::string& name) {
    for (const auto& [prefix, level] : layers) {
      if (name.rfind(prefix, 0) == 0) return level;
    }
    return -1;
  };
  for (const Include& include : IncludesBelow("core")) {
    const int from = layer(include.file), to = layer(include.header);
    if (from < 0 || to < 0) continue;
    const bool arrays = include.file == "core/simd/arrays.cc";  // exported beside the families
    EXPECT_TRUE(to <= from || arrays) << include.file << " includes " << include.header;
  }
}

}  // namespace
}  // namespace rectifier
