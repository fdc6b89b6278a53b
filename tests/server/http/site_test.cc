#include "server/http/site.h"

#include "gtest/gtest.h"

namespace rectifier::http {
namespace {

int StatusOf(const Site& site, const std::string& host, const std::string& origin = "") {
  Head head{.method = "POST", .target = "/", .fields = {{"host", host}}};
  if (!origin.empty()) head.fields.emplace_back("origin", origin);
  const auto refusal = site.Check(head);
  return refusal ? refusal->status : 200;
}

TEST(SiteTest, AddressesAndLocalhostAreItsHosts) {
  const Site site({}, {});
  for (const char* host : {"127.0.0.1", "127.0.0.1:80", "10.1.2.3:8080", "localhost", "LOCALHOST:1",
                           "[::1]", "[::1]:443", "localhost:"}) {
    EXPECT_EQ(StatusOf(site, host), 200) << host;
  }
  for (const char* host :
       {"evil.example", "evil.example:80", "localhost.evil.example", "127.0.0.1.evil.example", "",
        "localhost:http", "127.0.0.1:80x", "127.0.0.1:-1", ":80", "::1", "[::1", "[evil.example]",
        "127.0.0.1@evil.example", "1"}) {
    EXPECT_EQ(StatusOf(site, host), 421) << host;
  }
  EXPECT_EQ(site.Check(Head{.method = "GET", .target = "/", .fields = {}})->status, 421);
}

TEST(SiteTest, NamesAreThoseOfTheFlag) {
  const Site site({"rectifier", "api.example:8080"}, {});
  EXPECT_EQ(StatusOf(site, "rectifier:80"), 200);
  EXPECT_EQ(StatusOf(site, "Rectifier"), 200);
  EXPECT_EQ(StatusOf(site, "api.example:8080"), 200);
  EXPECT_EQ(StatusOf(site, "api.example:80"), 421);
  EXPECT_EQ(StatusOf(Site({"*"}, {}), "any.example"), 200);
}

TEST(SiteTest, PagesOfOtherOriginsAreRefused) {
  const Site site({}, {"https://lab.example"});
  EXPECT_EQ(StatusOf(site, "127.0.0.1:80", "http://127.0.0.1:80"), 200);
  EXPECT_EQ(StatusOf(site, "127.0.0.1:80", "https://lab.example"), 200);
  for (const char* origin : {"http://lab.example", "https://lab.example.evil", "null",
                             "http://127.0.0.1:81", "https://evil.example"}) {
    EXPECT_EQ(StatusOf(site, "127.0.0.1:80", origin), 403) << origin;
  }
  EXPECT_EQ(StatusOf(Site({}, {"*"}), "localhost", "https://evil.example"), 200);
}

}  // namespace
}  // namespace rectifier::http
