// The command line of the real server: flags, flag files, addresses.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <future>
#include <iterator>
#include <string>
#include <vector>

#include "core/catalogue.h"
#include "tests/integration/http.h"
#include "tests/support/command.h"
#include "tests/support/evaluate.h"
#include "tests/support/rectifierd_process.h"
#include "tests/support/temporary_directory.h"

namespace rectifier::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

CommandResult RunServer(const std::vector<std::string>& flags) {
  std::vector<std::string> arguments = {RectifierdProcess::Path()};
  arguments.insert(arguments.end(), flags.begin(), flags.end());
  return RunCommand(arguments);
}

v1::GetServerInfoResponse InfoOf(const RectifierdProcess& server) {
  grpc::ClientContext context;
  v1::GetServerInfoResponse info;
  const grpc::Status status = v1::ActivationService::NewStub(Connect(server.unix_target()))
                                  ->GetServerInfo(&context, {}, &info);
  EXPECT_TRUE(status.ok()) << status.error_message();
  return info;
}

TEST(FlagsTest, VersionAndHelpTellAndExit) {
  const CommandResult version = RunServer({"--version"});
  EXPECT_EQ(version.exit_code, 0);
  EXPECT_THAT(version.out, HasSubstr("rectifierd 0."));
  const CommandResult help = RunServer({"--help"});
  EXPECT_EQ(help.exit_code, 0);
  EXPECT_THAT(help.out,
              AllOf(HasSubstr("--drain_timeout"), HasSubstr("--max_rank"), HasSubstr("--listen")));
  const CommandResult full =
      RunCommand({"/bin/sh", "-c", "exec \"$0\" --help > /dev/full", RectifierdProcess::Path()});
  EXPECT_EQ(full.exit_code, 1);
  EXPECT_THAT(full.err, HasSubstr("cannot write to standard output"));
}

TEST(FlagsTest, WrongFlagsEndItWithAMessage) {
  const CommandResult bad_value = RunServer({"--max_rank=0"});
  EXPECT_EQ(bad_value.exit_code, 2);
  EXPECT_THAT(bad_value.err, HasSubstr("--max_rank: \"0\" given; must be from 1 to 64"));
  EXPECT_EQ(RunServer({"--log_level=loud"}).exit_code, 2);
  EXPECT_EQ(RunServer({"--log_format=xml"}).exit_code, 2);
  EXPECT_THAT(bad_value.out, IsEmpty());
  for (const char* wrong : {"--log_level=loud",
                            "--log_format=xml",
                            "serve",
                            "--no_such_flag=1",
                            "--max_rank",
                            "--max_rank=x",
                            "--max_rank=0",
                            "--threads=-1",
                            "--drain_delay=soon",
                            "--drain_delay=-1s",
                            "--max_message_bytes=64MB",
                            "--max_message_bytes=0",
                            "--max_idle_bytes=1PiB",
                            "--keepalive_permit_without_calls=maybe",
                            "--keepalive_min_time=25h",
                            "--listen=nowhere",
                            "--listen=",
                            "--buffers_listen=tcp",
                            "--metrics_listen=9464",
                            "--cpu_target=AVX9",
                            "--cpu_target=avx2",
                            "--ports_file=/absent/ports",
                            "--ports_file=/tmp",
                            "--probe=nowhere",
                            "--probe=",
                            "--max_connections=-1",
                            "--max_http2_streams=0",
                            "--max_metadata_bytes=1",
                            "--max_receive_bytes=1",
                            "--handshake_timeout=-1s",
                            "--keepalive_time=25h",
                            "--reflection=maybe",
                            "--channelz=true",
                            "--unix_socket_mode=rw",
                            "--unix_socket_owner=no such account",
                            "--unix_socket_group=no such account",
                            "--unix_allowed_uids=0,no such account",
                            "--listen=unix:/tmp/a,unix:/tmp/a",
                            "--max_inflight_bytes=8388607TiB",
                            "--flagfile=/absent/file",
                            "--nomax_rank",
                            "--fromenv=HOME",
                            "--helpfull",
                            "-",
                            "--"}) {
    const CommandResult result = RunServer({wrong});
    EXPECT_EQ(result.exit_code, 2) << wrong;
    EXPECT_THAT(result.err, StartsWith("rectifierd: ")) << wrong;
    EXPECT_EQ(std::count(result.err.begin(), result.err.end(), '\n'), 1) << result.err;
  }
}

TEST(FlagsTest, SizesAreWrittenWithUnits) {
  const RectifierdProcess server({"--max_message_bytes=64MiB", "--max_inflight_bytes=1GiB"});
  const v1::GetServerInfoResponse info = InfoOf(server);
  EXPECT_EQ(info.limits().max_message_bytes(), 64u << 20);
  EXPECT_EQ(info.limits().max_inflight_bytes(), 1u << 30);
  EXPECT_THAT(RunServer({"--help"}).out,
              AllOf(HasSubstr("--max_message_bytes=256MiB"), HasSubstr("--max_buffer_bytes=1GiB")));
}

TEST(FlagsTest, SeveralThreadsTakeCallsOfSeveralCallers) {
  RectifierdProcess server({"--io_threads=3"});
  std::vector<std::future<bool>> callers;
  for (int i = 0; i < 6; ++i) {
    callers.push_back(std::async(std::launch::async, [&server] {
      const auto channel = Connect(server.unix_target());
      for (int call = 0; call < 50; ++call) {
        if (!Evaluate(channel, Ones("relu", 16)).status.ok()) return false;
      }
      return true;
    }));
  }
  for (std::future<bool>& caller : callers) EXPECT_TRUE(caller.get());
}

TEST(FlagsTest, FlagFileIsReadAndTheCommandLineWins) {
  const TemporaryDirectory directory;
  const std::string file =
      directory.Write("rectifierd.flags", "# limits of this host\n--max_rank=5\n--max_tensors=7\n");
  const RectifierdProcess server({"--flagfile=" + file, "--max_tensors=9"});
  const v1::GetServerInfoResponse info = InfoOf(server);
  EXPECT_EQ(info.limits().max_rank(), 5u);
  EXPECT_EQ(info.limits().max_tensors(), 9u);
}

TEST(FlagsTest, ServerInfoTellsWhatWasSet) {
  const std::string target = Catalogue::Targets().back();
  const RectifierdProcess server({"--threads=3", "--cpu_target=" + target});
  const v1::GetServerInfoResponse info = InfoOf(server);
  EXPECT_EQ(info.threads(), 3u);
  EXPECT_EQ(info.cpu_target(), target);
  EXPECT_THAT(info.transports(), ::testing::ElementsAre("tcp", "unix", "buffer"));
  EXPECT_THAT(info.version(), HasSubstr("0."));
  EXPECT_THAT(HttpGet(server.metrics_address(), "/metrics").body,
              HasSubstr("rectifier_build_info{cpu_target=\"" + target + "\""));
}

TEST(FlagsTest, PortsFileNamesEveryAddress) {
  const TemporaryDirectory directory;
  const RectifierdProcess server({"--ports_file=" + directory.File("ports")});
  std::ifstream file(directory.File("ports"));
  const std::string content((std::istreambuf_iterator<char>(file)), {});
  EXPECT_EQ(content, "grpc " + server.unix_target() + "\ngrpc " + server.tcp_target() +
                         "\nbuffers " + server.unix_target() + ".buffers\nmetrics " +
                         server.metrics_address() + "\n");
}

TEST(FlagsTest, APortsFileReplacesNothingButAFile) {
  const TemporaryDirectory directory;
  const std::string pipe = directory.File("pipe");
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  const CommandResult result = RunServer(
      {"--listen=unix:" + directory.File("s.sock"), "--metrics_listen=", "--ports_file=" + pipe});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err, HasSubstr("--ports_file: " + pipe + " is not a regular file"));
  EXPECT_TRUE(std::filesystem::is_fifo(pipe));
}

TEST(FlagsTest, ANameIsServedAtEveryAddressThatItStandsFor) {
  const RectifierdProcess v6({"--listen=[::1]:0"});
  if (v6.tcp_target().empty()) GTEST_SKIP() << "no IPv6 here: " << v6.log();
  EXPECT_TRUE(Evaluate(Connect(v6.tcp_target()), Ones("relu", 1)).status.ok());
  const RectifierdProcess both({"--listen=[::]:0"});
  const std::string port = both.tcp_target().substr(both.tcp_target().rfind(':'));
  for (const char* host : {"127.0.0.1", "[::1]"}) {
    EXPECT_TRUE(Evaluate(Connect(host + port), Ones("relu", 1)).status.ok()) << host;
  }
  const RectifierdProcess local({"--listen=localhost:0"});
  EXPECT_TRUE(Evaluate(Connect(local.tcp_target()), Ones("relu", 1)).status.ok());
}

// A sanitizer's malloc takes no settings, of which the server warns in a line of its own.
int64_t LinesOfErrors(const CommandResult& result) {
  int64_t lines = std::count(result.err.begin(), result.err.end(), '\n');
  if (result.err.find("malloc takes no settings") != std::string::npos) --lines;
  return lines;
}

TEST(FlagsTest, TakenAddressesAreErrorsAtTheStart) {
  const RectifierdProcess server;
  const TemporaryDirectory directory;
  const std::string free_socket = "--listen=unix:" + directory.File("s.sock");

  const CommandResult tcp = RunServer({"--listen=" + server.tcp_target(), "--metrics_listen="});
  EXPECT_EQ(tcp.exit_code, 1);
  EXPECT_THAT(tcp.err, HasSubstr("--listen: cannot listen on " + server.tcp_target() +
                                 ": Address already in use"));
  EXPECT_EQ(LinesOfErrors(tcp), 1) << tcp.err;

  // The address at fault is named, whichever stands first.
  const CommandResult second =
      RunServer({free_socket + ",127.0.0.1:0," + server.tcp_target(), "--metrics_listen="});
  EXPECT_THAT(second.err, HasSubstr("--listen: cannot listen on " + server.tcp_target() +
                                    ": Address already in use"));
  EXPECT_EQ(LinesOfErrors(second), 1) << second.err;

  const CommandResult socket = RunServer({"--listen=" + server.unix_target(), "--metrics_listen="});
  EXPECT_EQ(socket.exit_code, 1);
  EXPECT_THAT(socket.err, HasSubstr("--listen: " + server.unix_target() +
                                    ": another server is listening there"));

  const CommandResult metrics =
      RunServer({free_socket, "--metrics_listen=" + server.metrics_address()});
  EXPECT_EQ(metrics.exit_code, 1);
  EXPECT_THAT(metrics.err, HasSubstr("--metrics_listen: cannot listen on " +
                                     server.metrics_address() + ": Address already in use"));
  EXPECT_EQ(LinesOfErrors(metrics), 1) << metrics.err;

  EXPECT_TRUE(Evaluate(Connect(server.unix_target()), Ones("relu", 1)).status.ok())
      << "the first server still serves";
}

TEST(FlagsTest, AddressesThatOthersReachAreWarnedAboutOnce) {
  const RectifierdProcess open({"--listen=127.0.0.1:0,0.0.0.0:0", "--metrics_listen=0.0.0.0:0"});
  const std::string log = open.log();
  const size_t warning = log.find("open beyond this machine");
  ASSERT_NE(warning, std::string::npos) << log;
  EXPECT_EQ(log.find("open beyond this machine", warning + 1), std::string::npos) << log;
  EXPECT_THAT(log, AllOf(HasSubstr("\"level\":\"warning\""),
                         HasSubstr("\"listen\":[\"" + open.tcp_target() + "\",\"" +
                                   open.metrics_address() + "\"]"),
                         HasSubstr("nobody is asked who they are, and nothing is encrypted; "
                                   "whoever reaches --metrics_listen can read the metrics")));
  EXPECT_THAT(RectifierdProcess().log(), Not(HasSubstr("open beyond")));
}

TEST(FlagsTest, OpenMetricsLetNobodyCall) {
  const RectifierdProcess server({"--metrics_listen=0.0.0.0:0"});
  EXPECT_THAT(server.log(), AllOf(HasSubstr("open beyond this machine"),
                                  HasSubstr("can read the metrics"), Not(HasSubstr("can call"))));
}

TEST(FlagsTest, PeersSeeTheSocketsOwnName) {
  const RectifierdProcess server;
  grpc::ClientContext context;
  v1::GetServerInfoResponse info;
  ASSERT_TRUE(v1::ActivationService::NewStub(Connect(server.unix_target()))
                  ->GetServerInfo(&context, {}, &info)
                  .ok());
  EXPECT_EQ(context.peer(), server.unix_target());
}

TEST(FlagsTest, SocketOfAServerThatWasKilledIsTakenOver) {
  const TemporaryDirectory directory;
  const std::string listen = "--listen=unix:" + directory.File("s.sock");
  {
    RectifierdProcess killed({listen});
    killed.Signal(SIGKILL);
    EXPECT_EQ(killed.Wait(), 128 + SIGKILL);
  }
  const RectifierdProcess next({listen});
  EXPECT_TRUE(Evaluate(Connect(next.unix_target()), Ones("relu", 1)).status.ok());
}

TEST(FlagsTest, TextLogsAreLinesOfKeysAndValues) {
  const TemporaryDirectory directory;
  const CommandResult result =
      RunServer({"--listen=unix:" + directory.File("absent/s.sock"), "--metrics_listen="});
  EXPECT_THAT(result.err, AllOf(HasSubstr(" error cannot start message="), Not(HasSubstr("{"))));
}

TEST(SelfTestTest, MeetsTheKnownAnswersOfThisMachine) {
  const CommandResult result = RunCommand({RectifierdProcess::Path(), "--selftest"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, ::testing::HasSubstr(": all known answers are met\n"));
}

}  // namespace
}  // namespace rectifier::testing
