#include "server/posix/unix_socket.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <string>

#include "server/posix/file_descriptor.h"
#include "tests/support/temporary_directory.h"

namespace rectifier {
namespace {

using ::testing::HasSubstr;

// A listening socket of somebody else.
class Listener {
 public:
  explicit Listener(const std::string& path) : socket_(socket(AF_UNIX, SOCK_STREAM, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, path.c_str(), sizeof(address.sun_path) - 1);
    EXPECT_EQ(bind(socket_, reinterpret_cast<sockaddr*>(&address), sizeof(address)), 0);
    EXPECT_EQ(listen(socket_, 1), 0);
  }
  ~Listener() { close(socket_); }

 private:
  const int socket_;
};

class UnixSocketTest : public ::testing::Test {
 protected:
  static std::string ErrorOf(const std::string& path) {
    const auto claim = UnixSocket::Claim(path);
    EXPECT_FALSE(claim.ok());
    return std::string(claim.status().message());
  }

  testing::TemporaryDirectory directory_;
  const std::string path_ = directory_.File("s.sock");
};

TEST_F(UnixSocketTest, ListensForUserAndGroupAndRemovesAtTheEnd) {
  {
    auto claim = UnixSocket::Claim(path_);
    ASSERT_TRUE(claim.ok()) << claim.status();
    EXPECT_FALSE(std::filesystem::exists(path_));
    const auto socket = (*claim)->Listen(SOCK_STREAM);
    ASSERT_TRUE(socket.ok()) << socket.status();
    struct stat status;
    ASSERT_EQ(lstat(path_.c_str(), &status), 0);
    EXPECT_TRUE(S_ISSOCK(status.st_mode));
    EXPECT_EQ(status.st_mode & 0777, 0660u);
  }
  EXPECT_FALSE(std::filesystem::exists(path_));
}

TEST_F(UnixSocketTest, ShowsPeersThePathThatTheyConnectTo) {
  auto claim = UnixSocket::Claim(path_);
  ASSERT_TRUE(claim.ok()) << claim.status();
  const auto listening = (*claim)->Listen(SOCK_STREAM);
  ASSERT_TRUE(listening.ok()) << listening.status();
  const FileDescriptor peer(socket(AF_UNIX, SOCK_STREAM, 0));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, path_.c_str(), sizeof(address.sun_path) - 1);
  ASSERT_EQ(connect(peer.get(), reinterpret_cast<sockaddr*>(&address), sizeof(address)), 0);
  sockaddr_un name{};
  socklen_t length = sizeof(name);
  ASSERT_EQ(getpeername(peer.get(), reinterpret_cast<sockaddr*>(&name), &length), 0);
  EXPECT_EQ(name.sun_path, path_);
}

TEST_F(UnixSocketTest, RefusesAPathThatAnotherHolds) {
  const auto first = UnixSocket::Claim(path_);
  ASSERT_TRUE(first.ok());
  EXPECT_THAT(ErrorOf(path_), HasSubstr("another server is listening there"));
}

TEST_F(UnixSocketTest, ReplacesAStaleSocket) {
  { const Listener stale(path_); }
  auto claim = UnixSocket::Claim(path_);
  ASSERT_TRUE(claim.ok()) << claim.status();
  EXPECT_TRUE((*claim)->Listen(SOCK_STREAM).ok());
}

TEST_F(UnixSocketTest, LeavesAFileThatIsNoSocketAlone) {
  directory_.Write("s.sock", "precious");
  EXPECT_THAT(ErrorOf(path_), HasSubstr("something that is not a socket is in the way"));
  EXPECT_TRUE(std::filesystem::is_regular_file(path_));
}

TEST_F(UnixSocketTest, LeavesASocketThatTookItsPlaceAlone) {
  {
    auto claim = UnixSocket::Claim(path_);
    ASSERT_TRUE(claim.ok());
    const auto ours = (*claim)->Listen(SOCK_STREAM);
    ASSERT_TRUE(ours.ok());
    std::filesystem::remove(path_);
    const Listener theirs(path_);
  }
  EXPECT_TRUE(std::filesystem::exists(path_));
}

TEST_F(UnixSocketTest, GivesTheFileModeAndGroup) {
  auto claim = UnixSocket::Claim(path_);
  ASSERT_TRUE(claim.ok()) << claim.status();
  UnixAccess access;
  access.mode = 0600;
  access.owner = getuid();
  access.group = getgid();
  ASSERT_TRUE((*claim)->Listen(SOCK_STREAM, access).ok());
  struct stat status;
  ASSERT_EQ(lstat(path_.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
  EXPECT_EQ(status.st_gid, getgid());
}

TEST_F(UnixSocketTest, IsPutBackWhereSomebodyHasDeletedIt) {
  auto claim = UnixSocket::Claim(path_);
  ASSERT_TRUE(claim.ok()) << claim.status();
  EXPECT_FALSE((*claim)->IsInPlace());
  ASSERT_TRUE((*claim)->Listen(SOCK_STREAM).ok());
  EXPECT_TRUE((*claim)->IsInPlace());
  std::filesystem::remove(path_);
  EXPECT_FALSE((*claim)->IsInPlace());
  EXPECT_TRUE((*claim)->PutBack(SOCK_STREAM, {}).ok());
  EXPECT_TRUE((*claim)->IsInPlace());
}

TEST_F(UnixSocketTest, IsNotPutBackOverWhatIsThereNow) {
  auto claim = UnixSocket::Claim(path_);
  ASSERT_TRUE(claim.ok()) << claim.status();
  ASSERT_TRUE((*claim)->Listen(SOCK_STREAM).ok());
  std::filesystem::remove(path_);
  const Listener theirs(path_);
  EXPECT_THAT(std::string((*claim)->PutBack(SOCK_STREAM, {}).status().message()),
              HasSubstr("something else is in its place now"));
  EXPECT_TRUE(std::filesystem::exists(path_));
}

TEST_F(UnixSocketTest, NamesADirectoryThatIsMissingAndAPathThatIsTooLong) {
  EXPECT_THAT(ErrorOf(directory_.File("absent/s.sock")), HasSubstr("No such file or directory"));
  EXPECT_THAT(ErrorOf(directory_.File(std::string(100, 'a'))), HasSubstr("at most 107"));
}

}  // namespace
}  // namespace rectifier
