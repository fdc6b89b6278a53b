#include "server/posix/shared_memory_object.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/fsuid.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <limits>
#include <string>
#include <vector>

#include "tests/support/shared_memory_file.h"

namespace rectifier {
namespace {

using ::testing::HasSubstr;
using testing::SharedMemoryFile;

constexpr uid_t kNobody = 65534;

absl::StatusOr<SharedMemoryObject> Open(absl::string_view key) {
  return SharedMemoryObject::Open(key, {geteuid()});
}

std::string ReadText(const SharedMemoryObject& object, uint64_t offset, size_t size) {
  std::vector<std::byte> bytes(size);
  const absl::Status status = object.Read(offset, absl::MakeSpan(bytes));
  return status.ok() ? std::string(reinterpret_cast<const char*>(bytes.data()), size)
                     : std::string(status.message());
}

absl::Status WriteText(const SharedMemoryObject& object, uint64_t offset, const std::string& text) {
  return object.Write(
      offset, absl::MakeConstSpan(reinterpret_cast<const std::byte*>(text.data()), text.size()));
}

// A path below /dev/shm that the test fills with something.
class Decoy {
 public:
  explicit Decoy(const std::string& name) : path_("/dev/shm/" + name) {}
  ~Decoy() { remove(path_.c_str()); }
  const char* path() const { return path_.c_str(); }

 private:
  const std::string path_;
};

TEST(SharedMemoryObjectTest, ReadsAndWritesWithOrWithoutTheSlash) {
  const SharedMemoryFile file(100);
  file.Write(40, "abc");
  for (const std::string& key : {file.key(), file.key().substr(1)}) {
    const auto object = Open(key);
    ASSERT_TRUE(object.ok()) << object.status();
    EXPECT_EQ(object->size(), 100u);
    EXPECT_TRUE(object->is_writable());
    EXPECT_EQ(ReadText(*object, 40, 3), "abc");
    EXPECT_TRUE(WriteText(*object, 97, "xyz").ok());
    EXPECT_EQ(file.Read(97, 3), "xyz");
  }
}

TEST(SharedMemoryObjectTest, RefusesWhatIsNoNameOfSharedMemory) {
  for (const std::string& key :
       {std::string(), std::string("/"), std::string("."), std::string("/.."), std::string("//a"),
        std::string("/a/b"), std::string("../etc/passwd"), std::string("/../etc/passwd"),
        std::string("a\0b", 3), std::string(256, 'a'), std::string("/sem.lock"),
        std::string("sem.lock"), std::string("/triton_python_backend_shm_region_1")}) {
    EXPECT_EQ(Open(key).status().code(), absl::StatusCode::kInvalidArgument) << key;
  }
}

TEST(SharedMemoryObjectTest, DoesNotTellWhatOthersHave) {
  const SharedMemoryFile file(100);
  const auto of_another = SharedMemoryObject::Open(file.key(), {geteuid() + 1});
  const auto of_nobody = Open("/rectifier-test-none");
  EXPECT_EQ(of_another.status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(of_another.status(), of_nobody.status());
}

TEST(SharedMemoryObjectTest, FollowsNoLinkAndWaitsForNoPipe) {
  const SharedMemoryFile file(100);
  const Decoy link("rectifier-test-link"), pipe("rectifier-test-pipe"), folder("rectifier-test-d");
  ASSERT_EQ(symlink(file.path().c_str(), link.path()), 0);
  ASSERT_EQ(mkfifo(pipe.path(), 0600), 0);
  ASSERT_EQ(mkdir(folder.path(), 0700), 0);
  for (const char* key : {"/rectifier-test-link", "/rectifier-test-pipe", "/rectifier-test-d"}) {
    EXPECT_EQ(Open(key).status().code(), absl::StatusCode::kNotFound) << key;
  }
}

TEST(SharedMemoryObjectTest, SaysThatItHasBeenCutShort) {
  const SharedMemoryFile file(10000);
  const auto object = Open(file.key());
  ASSERT_TRUE(object.ok()) << object.status();
  file.Resize(5000);
  EXPECT_THAT(ReadText(*object, 4000, 2000), HasSubstr("cut short"));
  EXPECT_EQ(WriteText(*object, 4000, std::string(2000, 'x')).code(), absl::StatusCode::kOutOfRange);
  EXPECT_EQ(file.size(), 5000u);  // it is not made longer again
  constexpr uint64_t kMost = std::numeric_limits<uint64_t>::max();
  EXPECT_EQ(WriteText(*object, kMost - 1, "xyz").code(), absl::StatusCode::kOutOfRange);
}

TEST(SharedMemoryObjectTest, OpensForReadingWhatItMayNotWrite) {
  const SharedMemoryFile file(100);
  ASSERT_EQ(chmod(file.path().c_str(), 0444), 0);
  const int own = setfsuid(kNobody);  // root may write to all; this is for this thread's files
  const auto object = Open(file.key());
  setfsuid(static_cast<uid_t>(own));
  ASSERT_TRUE(object.ok()) << object.status();
  EXPECT_FALSE(object->is_writable());
  EXPECT_EQ(ReadText(*object, 0, 3), std::string(3, '\0'));
}

TEST(SharedMemoryObjectTest, AWritePastTheLimitOfFilesFails) {
  const SharedMemoryFile file(10000);
  const auto object = Open(file.key());
  ASSERT_TRUE(object.ok()) << object.status();
  const auto before = signal(SIGXFSZ, SIG_IGN);  // as the server does
  rlimit limit;
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &limit), 0);
  const rlimit small = {.rlim_cur = 4096, .rlim_max = limit.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &small), 0);
  const absl::Status status = WriteText(*object, 8000, "xyz");
  setrlimit(RLIMIT_FSIZE, &limit);
  signal(SIGXFSZ, before);
  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted) << status;
}

TEST(SharedMemoryObjectTest, NamesOfOneObjectHaveOneIdentity) {
  const SharedMemoryFile file(100), other(100);
  const Decoy link("rectifier-test-hard-link");
  ASSERT_EQ(::link(file.path().c_str(), link.path()), 0);
  const auto first = Open(file.key()), second = Open("rectifier-test-hard-link");
  const auto third = Open(other.key());
  ASSERT_TRUE(first.ok() && second.ok() && third.ok());
  EXPECT_EQ(first->identity(), second->identity());
  EXPECT_NE(first->identity(), third->identity());
}

}  // namespace
}  // namespace rectifier
