#include "server/posix/unix_access.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include "server/posix/file_descriptor.h"

namespace rectifier {
namespace {

TEST(UnixAccessTest, ModesAreOctalDigits) {
  EXPECT_EQ(ParseMode("0660").value(), 0660u);
  EXPECT_EQ(ParseMode("777").value(), 0777u);
  EXPECT_EQ(ParseMode("0").value(), 0u);
  for (const char* wrong : {"", "rw", "0888", "1777", "-1", "00660"}) {
    EXPECT_FALSE(ParseMode(wrong).ok()) << wrong;
  }
}

TEST(UnixAccessTest, AccountsHaveNamesOrNumbers) {
  EXPECT_EQ(ParseUser("root").value(), 0u);
  EXPECT_EQ(ParseUser("4711").value(), 4711u);
  EXPECT_EQ(ParseGroup("root").value(), 0u);
  EXPECT_EQ(ParseGroup("4711").value(), 4711u);
  for (const char* wrong : {"", "no such account", "-1", "4294967295"}) {
    EXPECT_FALSE(ParseUser(wrong).ok()) << wrong;
    EXPECT_FALSE(ParseGroup(wrong).ok()) << wrong;
  }
}

TEST(UnixAccessTest, AdmitsThoseWhoAreAllowed) {
  int pair[2];
  ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
  const FileDescriptor ours(pair[0]);
  const FileDescriptor theirs(pair[1]);
  UnixAccess access;
  EXPECT_TRUE(access.Admits(ours.get()));
  access.allowed_uids = {getuid() + 1, getuid()};
  EXPECT_TRUE(access.Admits(ours.get()));
  access.allowed_uids = {getuid() + 1};
  EXPECT_FALSE(access.Admits(ours.get()));
}

}  // namespace
}  // namespace rectifier
