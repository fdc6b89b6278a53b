#include "server/telemetry/log_writer.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"

namespace rectifier {
namespace {

constexpr size_t kQueueBytes = 1000;

std::string DropLine(int64_t lines) { return "dropped " + std::to_string(lines) + "\n"; }

// How many lines the drop lines in `text` tell of: the thread may have been about to take lines
// when only some of the others had been dropped.
int64_t Told(absl::string_view text) {
  constexpr absl::string_view kStart = "dropped ";
  int64_t told = 0;
  for (size_t at = text.find(kStart); at != text.npos; at = text.find(kStart, at + 1)) {
    told += std::stoll(std::string(text.substr(at + kStart.size())));
  }
  return told;
}

// A pipe that holds one page.
class Pipe {
 public:
  Pipe() {
    EXPECT_EQ(pipe2(ends_, O_CLOEXEC | O_NONBLOCK), 0);
    size_ = static_cast<size_t>(fcntl(ends_[1], F_SETPIPE_SZ, 4096));
  }
  ~Pipe() {
    close(ends_[0]);
    close(ends_[1]);
  }

  int end() const { return ends_[1]; }
  void Fill() {
    const std::string bytes(size_, '.');
    EXPECT_EQ(write(ends_[1], bytes.data(), bytes.size()), static_cast<ssize_t>(size_));
  }
  std::string Read() {
    std::string bytes(1 << 16, 0);
    bytes.resize(
        static_cast<size_t>(std::max<ssize_t>(read(ends_[0], bytes.data(), bytes.size()), 0)));
    return bytes;
  }

 private:
  int ends_[2];
  size_t size_;
};

TEST(LogWriterTest, WritesLinesInOrder) {
  Pipe pipe;
  LogWriter writer(pipe.end(), kQueueBytes, DropLine);
  writer.Add("one\n");
  writer.Add("two\n");
  EXPECT_TRUE(writer.Flush(absl::Seconds(60)));
  EXPECT_EQ(pipe.Read(), "one\ntwo\n");
  EXPECT_EQ(writer.dropped(), 0);
}

TEST(LogWriterTest, DropsWhatFindsNoRoomAndTellsLater) {
  Pipe pipe;
  pipe.Fill();
  LogWriter writer(pipe.end(), kQueueBytes, DropLine);
  const std::string line = std::string(99, 'x') + "\n";
  for (int i = 0; i < 100; ++i) writer.Add(line);
  const int64_t dropped = writer.dropped();
  EXPECT_GE(dropped, 80);  // those that the thread has taken make room for as many again
  EXPECT_LE(dropped, 90);
  EXPECT_FALSE(writer.Flush(absl::ZeroDuration()));
  std::string all = pipe.Read();
  // The pipe's only page is full again where the thread had taken some lines before the others.
  while (!writer.Flush(absl::Milliseconds(1))) all += pipe.Read();
  all += pipe.Read();
  EXPECT_EQ(std::count(all.begin(), all.end(), 'x'), 99 * (100 - dropped));
  EXPECT_EQ(Told(all), dropped);
}

TEST(LogWriterTest, AFatalLineHasRoom) {
  Pipe pipe;
  pipe.Fill();
  LogWriter writer(pipe.end(), 0, DropLine);
  writer.AddFatal("fatal\n");
  EXPECT_EQ(writer.dropped(), 0);
  pipe.Read();
  EXPECT_TRUE(writer.Flush(absl::Seconds(60)));
  EXPECT_EQ(pipe.Read(), "fatal\n");
}

TEST(LogWriterTest, CountsWhatAFullDiskDoesNotTake) {
  const int full = open("/dev/full", O_WRONLY | O_CLOEXEC);
  ASSERT_GE(full, 0);
  {
    LogWriter writer(full, kQueueBytes, DropLine);
    for (int64_t i = 1; i <= 3; ++i) {
      writer.Add("a line\n");
      EXPECT_TRUE(writer.Flush(absl::Seconds(60)));
      EXPECT_EQ(writer.dropped(), i);
    }
  }
  close(full);
}

TEST(LogWriterTest, EndsThoughNobodyReads) {
  Pipe pipe;
  pipe.Fill();
  LogWriter writer(pipe.end(), kQueueBytes, DropLine);
  writer.Add("a line\n");
}

}  // namespace
}  // namespace rectifier
