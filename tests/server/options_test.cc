#include "server/options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <string>

#include "core/catalogue.h"

namespace rectifier {
namespace {

using ::testing::HasSubstr;

Options Valid() {
  Options options;
  options.listen = {"unix:/tmp/rectifierd.sock", "127.0.0.1:50051", "[::1]:0"};
  return options;
}

TEST(OptionsTest, DefaultsAreValidOnceThereIsAnAddress) { EXPECT_TRUE(Valid().Validate().ok()); }

TEST(OptionsTest, EachCpuTargetOfTheMachineIsValid) {
  for (const std::string& target : Catalogue::Targets()) {
    Options options = Valid();
    options.cpu_target = target;
    EXPECT_EQ(options.Validate(), absl::OkStatus());
  }
}

TEST(OptionsTest, FreePortsDifferAndFilesMayBeWrittenHere) {
  Options options = Valid();
  options.listen = {"localhost:0", "localhost:0"};
  options.metrics_listen = "localhost:0";
  options.probe = "localhost:1";
  for (const char* file : {"ports", "./ports", "/tmp/ports"}) {
    options.ports_file = file;
    EXPECT_EQ(options.Validate(), absl::OkStatus()) << file;
  }
}

// gRPC's documentation tells clients that pings every 10 s, also without calls, are usual.
TEST(OptionsTest, DefaultsLetClientsKeepTheirConnectionsAlive) {
  EXPECT_EQ(Options().keepalive_min_time, absl::Seconds(5));
  EXPECT_TRUE(Options().keepalive_permit_without_calls);
}

struct BadOption {
  std::function<void(Options&)> spoil;
  std::string message;
};
class BadOptionTest : public ::testing::TestWithParam<BadOption> {};

TEST_P(BadOptionTest, ValidateNamesTheFlagAndWhatIsAllowed) {
  Options options = Valid();
  GetParam().spoil(options);
  const absl::Status status = options.Validate();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(status.message()), HasSubstr(GetParam().message));
}

INSTANTIATE_TEST_SUITE_P(
    All, BadOptionTest,
    ::testing::Values(
        BadOption{[](Options& o) { o.listen = {}; }, "--listen: \"\" given; at least one"},
        BadOption{[](Options& o) { o.listen = {"localhost"}; }, "--listen: \"localhost\" given"},
        BadOption{[](Options& o) { o.listen = {"host:99999"}; }, "must be unix:/path or host:port"},
        BadOption{[](Options& o) { o.listen = {"unix:relative.sock"}; }, "unix:relative.sock"},
        BadOption{[](Options& o) { o.listen = {"::1:80"}; }, "--listen: \"::1:80\" given"},
        BadOption{[](Options& o) {
                    o.listen = {"unix:/tmp/a", "unix:///tmp/a"};
                  },
                  "--listen: \"unix:///tmp/a\" given; must differ from the other addresses"},
        BadOption{[](Options& o) {
                    o.listen = {"localhost:80", "localhost:80"};
                  },
                  "--listen: \"localhost:80\" given; must differ"},
        BadOption{[](Options& o) { o.listen = {"unix:/" + std::string(107, 'a')}; },
                  "the path must have at most 107 bytes, not 108"},
        BadOption{[](Options& o) { o.buffers_listen = "unix:/" + std::string(107, 'a'); },
                  "--buffers_listen: \"unix:/aaa"},
        BadOption{[](Options& o) { o.metrics_listen = "9464"; }, "--metrics_listen: \"9464\""},
        BadOption{[](Options& o) { o.metrics_listen = "127.0.0.1:50051"; },
                  "--metrics_listen: \"127.0.0.1:50051\" given; must differ from the addresses"},
        BadOption{[](Options& o) { o.ports_file = "/absent/ports"; },
                  "--ports_file: \"/absent/ports\" given; must be the path of a file, in a folder "
                  "that can be written to"},
        BadOption{[](Options& o) { o.ports_file = "/tmp"; }, "--ports_file: \"/tmp\" given"},
        BadOption{[](Options& o) { o.ports_file = "ports/"; }, "--ports_file: \"ports/\" given"},
        BadOption{[](Options& o) { o.cpu_target = "AVX9"; },
                  "--cpu_target: \"AVX9\" given; must be empty or one of what this machine has: " +
                      Catalogue::Targets().front()},
        BadOption{[](Options& o) { o.cpu_target = "avx2"; }, "--cpu_target: \"avx2\" given"},
        BadOption{[](Options& o) { o.probe = "nowhere"; },
                  "--probe: \"nowhere\" given; must be unix:/path or host:port"},
        BadOption{[](Options& o) { o.threads = -1; }, "--threads: \"-1\" given; must be from 0"},
        BadOption{[](Options& o) { o.io_threads = 2000; }, "--io_threads: \"2000\" given"},
        BadOption{[](Options& o) { o.limits.max_rank = 0; }, "--max_rank: \"0\" given"},
        BadOption{[](Options& o) { o.limits.max_tensors = 0; }, "--max_tensors: \"0\" given"},
        BadOption{
            [](Options& o) { o.limits.max_message_bytes = INT64_MAX; },
            "--max_message_bytes: \"9223372036854775807\" given; must be from 1 to 2147483647"},
        BadOption{[](Options& o) { o.limits.max_inflight_bytes = o.limits.max_message_bytes; },
                  "--max_inflight_bytes: \"256MiB\" given; must be from 512MiB to "
                  "1024TiB"},
        BadOption{[](Options& o) { o.buffers_listen = "127.0.0.1:1"; },
                  "--buffers_listen: \"127.0.0.1:1\" given; must be unix:/path, auto or empty"},
        BadOption{[](Options& o) { o.buffers_listen = "unix:///tmp/rectifierd.sock"; },
                  "must differ from the addresses of --listen"},
        BadOption{[](Options& o) { o.limits.max_buffer_bytes = 1; },
                  "--max_buffer_bytes: \"1\" given; must be from 64KiB"},
        BadOption{[](Options& o) { o.limits.max_buffer_bytes_per_connection = 1 << 30 | 1; },
                  "--max_buffer_bytes_per_connection: \"1073741825\" given; must be from 64KiB to "
                  "1GiB"},
        BadOption{[](Options& o) { o.limits.max_buffer_connections = 513; },
                  "--max_buffer_connections: \"513\" given; must be from 1 to 512"},
        BadOption{[](Options& o) { o.max_idle_bytes = -1; },
                  "--max_idle_bytes: \"-1\" given; must be from 0 to 1024TiB"},
        BadOption{[](Options& o) { o.security.health_listen = "nowhere"; },
                  "--health_listen: \"nowhere\" given; must be host:port or empty"},
        BadOption{[](Options& o) { o.security.health_listen = "127.0.0.1:50051"; },
                  "--health_listen: \"127.0.0.1:50051\" given; must differ from the addresses"},
        BadOption{[](Options& o) { o.security.tokens_required = "some"; },
                  "--tokens_required: \"some\" given; must be all or tcp"},
        BadOption{[](Options& o) { o.security.tokens_file = "/none"; },
                  "--tokens_file: \"/none\" given; No such file or directory"},
        BadOption{[](Options& o) { o.security.tls.key = "/none"; },
                  "--tls_key: \"/none\" given; --tls_certificate is needed, too"},
        BadOption{[](Options& o) { o.keepalive_min_time = absl::Hours(25); },
                  "--keepalive_min_time: \"25h\" given; must be from 0s to 24h"},
        BadOption{[](Options& o) { o.handshake_timeout = absl::ZeroDuration(); },
                  "--handshake_timeout: \"0\" given; must be from 10ms to 24h"},
        BadOption{[](Options& o) { o.drain_delay = absl::Seconds(-1); }, "--drain_delay: \"-1s\""},
        BadOption{[](Options& o) { o.drain_timeout = absl::InfiniteDuration(); },
                  "--drain_timeout: \"inf\" given; must be from 0s to 24h"}));

}  // namespace
}  // namespace rectifier
