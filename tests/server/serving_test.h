// A fixture: a server in this process, on a unix socket of its own.
#ifndef RECTIFIER_TESTS_SERVER_SERVING_TEST_H_
#define RECTIFIER_TESTS_SERVER_SERVING_TEST_H_

#include <gtest/gtest.h>

#include <memory>
#include <utility>
#include <vector>

#include "grpcpp/channel.h"
#include "server/server.h"
#include "tests/support/evaluate.h"
#include "tests/support/temporary_directory.h"

namespace rectifier::testing {

class ServingTest : public ::testing::Test {
 protected:
  // Callers may register shared memory of `memory_owners`.
  void Start(const Limits& limits = {}, const std::vector<uid_t>& memory_owners = {}) {
    Options options;
    options.listen = {"unix:" + directory_.File("s.sock")};
    options.metrics_listen = "";
    options.threads = 2;
    options.limits = limits;
    options.system_shared_memory_owners = memory_owners;
    options.max_receive_bytes = int64_t{1} << 30;  // our own limits are tested here
    auto server = Server::Start(options);
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
    channel_ = Connect(options.listen[0]);
  }

  TemporaryDirectory directory_;
  std::unique_ptr<Server> server_;
  std::shared_ptr<grpc::Channel> channel_;
};

}  // namespace rectifier::testing

#endif  // RECTIFIER_TESTS_SERVER_SERVING_TEST_H_
